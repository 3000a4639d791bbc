// The workers' shares of a tree: everything once, and below the common levels each one's own subtrees.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "check.hpp"
#include "dinorc/names/tree_shares.hpp"
#include "made_up_network.hpp"

namespace dinorc::check {
namespace {

PrefixTree tree_of(const std::vector<Name>& names) {
  const NameList list = list_of(names);
  PrefixTree tree;
  tree.build(list, sorted_order(list));
  return tree;
}

void check_shares(const PrefixTree& tree, const TreeShares& shares, std::size_t workers) {
  CHECK_EQUAL(shares.levels(), tree.levels() - 1);
  for (std::size_t depth = 0; depth < shares.levels(); ++depth) {
    const Context context("level ", depth);
    PrefixTree::Node reached = tree.inner_level(depth).begin;
    for (std::size_t worker = 0; worker < workers; ++worker) {
      const PrefixTree::Range share = shares.share(depth, worker);
      CHECK_EQUAL(share.begin, reached);
      CHECK(share.begin <= share.end);
      reached = share.end;
      if (depth + 1 < shares.levels() && depth >= shares.common_levels()) {
        const PrefixTree::Range below = tree.inner_children_of(share);
        CHECK_EQUAL(shares.share(depth + 1, worker).begin, below.begin);
        CHECK_EQUAL(shares.share(depth + 1, worker).end, below.end);
      }
    }
    CHECK_EQUAL(reached, tree.inner_level(depth).end);
  }
  if (shares.levels() != 0) CHECK_EQUAL(shares.share(0, 0).size(), 1);  // the root is the first worker's
}

TEST("shares cover every level once, in order, and follow the subtrees") {
  TreeShares shares;  // one for all: what was in it before makes no difference
  for (const std::size_t count : {1, 2, 10, 100, 1000}) {
    for (const std::size_t letters : {1, 2, 5, 25}) {
      for (const std::size_t longest : {0, 1, 8, 30}) {
        const Context context(count, " names of ", letters, " letters, up to ", longest);
        const PrefixTree tree = tree_of(made_up_names(count, 1 + letters, longest, 130 + count));
        for (const std::size_t workers : team_sizes) {
          const Context context_of_team(workers, " workers");
          shares.divide(tree, workers);
          check_shares(tree, shares, workers);
        }
      }
    }
  }
}

TEST("shares of a tree that is large enough are of nearly the same size") {
  const PrefixTree tree = tree_of(made_up_names(2000, 27, 12, 131));
  for (const std::size_t workers : team_sizes) {
    const Context context(workers, " workers");
    TreeShares shares;
    shares.divide(tree, workers);
    CHECK(shares.common_levels() <= 3);
    CHECK_EQUAL(shares.common_levels() == 0, workers == 1);
    std::vector<double> sizes(workers);
    double all = 0.0;
    for (std::size_t depth = shares.common_levels(); depth < shares.levels(); ++depth) {
      for (std::size_t worker = 0; worker < workers; ++worker) {
        const auto size = static_cast<double>(tree.children_of(shares.share(depth, worker)).size());
        sizes[worker] += size;
        all += size;
      }
    }
    for (const double size : sizes) CHECK_NEAR(size * static_cast<double>(workers) / all, 1.0, 0.1);
  }
}

TEST("a tree without a wide level is shared level by level") {
  TreeShares shares;
  shares.divide(tree_of(made_up_names(20, 4, 10, 132)), 2);
  CHECK_EQUAL(shares.common_levels(), shares.levels());
  shares.divide(tree_of({{end_of_name}}), 2);
  CHECK_EQUAL(shares.levels(), 0);
}

}  // namespace
}  // namespace dinorc::check
