// How several workers share a tree of prefixes: its first levels together, below them each its own subtrees.
#pragma once

#include <cstddef>
#include <vector>

#include "dinorc/names/prefix_tree.hpp"

namespace dinorc {

// A worker's share of a level is a range of its inner nodes; together the shares make up the level. The inner
// nodes among the children of a share are the worker's share of the next level: it can go on from level to
// level, and back, without waiting for the others. Only near the root, where a level has too few nodes for
// shares of equal weight, is every level cut by itself.
class TreeShares {
 public:
  // Replaces the previous shares and reuses their memory.
  void divide(const PrefixTree& tree, std::size_t workers);

  // How many levels are cut by themselves: to go from one of them to the next, a worker has to wait for all.
  std::size_t common_levels() const { return common_levels_; }

  // How many levels have inner nodes.
  std::size_t levels() const { return shares_.size() / workers_; }

  // By the inner nodes' own numbers.
  PrefixTree::Range share(std::size_t depth, std::size_t worker) const {
    return shares_[depth * workers_ + worker];
  }

 private:
  std::size_t workers_ = 1;
  std::size_t common_levels_ = 0;
  std::vector<PrefixTree::Range> shares_;  // [levels][workers]
};

}  // namespace dinorc
