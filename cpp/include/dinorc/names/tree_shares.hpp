// How several workers share a tree of prefixes: its first levels together, below them each its own subtrees.
#pragma once

#include <cstddef>
#include <vector>

#include "dinorc/names/prefix_tree.hpp"

namespace dinorc {

// A worker's share of a level is some of its inner nodes, neighbours; together the shares are the level. Of
// the children of its nodes, those that are inner nodes are its share of the next level: a worker can go on
// from level to level, and back, without waiting for the others. Only near the root, where a level has too
// few nodes for shares of equal weight, is every level cut by itself.
class TreeShares {
 public:
  // Replaces the shares before them and reuses their memory.
  void divide(const PrefixTree& tree, std::size_t workers);

  // So many levels are cut by themselves: whoever goes from one of them to the next has to wait for all.
  std::size_t common_levels() const { return common_levels_; }

  // Levels that have inner nodes.
  std::size_t levels() const { return shares_.size() / workers_; }

  // In the inner nodes' own numbers.
  PrefixTree::Range share(std::size_t depth, std::size_t worker) const {
    return shares_[depth * workers_ + worker];
  }

 private:
  std::size_t workers_ = 1;
  std::size_t common_levels_ = 0;
  std::vector<PrefixTree::Range> shares_;  // [levels][workers]
};

}  // namespace dinorc
