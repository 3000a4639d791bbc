#include "dinorc/names/tree_shares.hpp"

#include <span>

#include "dinorc/foundations/float_contract.hpp"

namespace dinorc {
namespace {

using Node = PrefixTree::Node;

// With this many inner nodes for each worker, the heaviest subtree is light compared with a share.
constexpr std::size_t fewest_nodes_a_share = 16;

// How many nodes there are below neighbouring inner nodes, over this many levels.
std::size_t nodes_below(const PrefixTree& tree, PrefixTree::Range inner, std::size_t levels) {
  std::size_t count = 0;
  for (; levels > 0 && inner.size() != 0; --levels) {
    count += tree.children_of(inner).size();
    inner = tree.inner_children_of(inner);
  }
  return count;
}

// Cuts a level into shares that have nearly the same number of nodes below them.
void cut(const PrefixTree& tree, PrefixTree::Range level, std::size_t levels_below,
         std::span<PrefixTree::Range> shares) {
  const auto all = static_cast<double>(nodes_below(tree, level, levels_below));
  Node begin = level.begin;
  for (std::size_t worker = 0; worker < shares.size(); ++worker) {
    // The first inner node that has enough of them before it, found by halving.
    const double enough = all * static_cast<double>(worker + 1) / static_cast<double>(shares.size());
    Node end = begin;
    for (Node last = level.end; end < last;) {
      const Node middle = end + (last - end) / 2;
      if (static_cast<double>(nodes_below(tree, {level.begin, middle}, levels_below)) < enough) {
        end = middle + 1;
      } else {
        last = middle;
      }
    }
    shares[worker] = {begin, end};
    begin = end;
  }
}

}  // namespace

void TreeShares::divide(const PrefixTree& tree, std::size_t workers) {
  workers_ = workers;
  const std::size_t levels = tree.levels() - 1;  // the last one has no inner nodes
  shares_.resize(levels * workers);
  common_levels_ = 0;
  while (common_levels_ < levels && workers > 1 &&
         tree.inner_level(common_levels_).size() < fewest_nodes_a_share * workers) {
    ++common_levels_;
  }

  for (std::size_t depth = 0; depth < levels; ++depth) {
    const std::span<PrefixTree::Range> shares(shares_.data() + depth * workers, workers);
    if (depth <= common_levels_) {
      cut(tree, tree.inner_level(depth), depth == common_levels_ ? levels - depth : 1, shares);
      continue;
    }
    for (std::size_t worker = 0; worker < workers; ++worker) {
      shares[worker] = tree.inner_children_of(share(depth - 1, worker));
    }
  }
}

}  // namespace dinorc
