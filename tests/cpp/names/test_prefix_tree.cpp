// The tree of prefixes against a plain set of them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>
#include <span>
#include <vector>

#include "check.hpp"
#include "dinorc/names/prefix_tree.hpp"
#include "made_up_network.hpp"

namespace dinorc::check {
namespace {

using Node = PrefixTree::Node;

Name without_end(const Name& name) { return {name.begin(), name.end() - 1}; }

Name prefix_of(const PrefixTree& tree, Node node) {
  Name prefix;
  for (; node != PrefixTree::root; node = tree.parent(node)) prefix.push_back(tree.character(node));
  std::reverse(prefix.begin(), prefix.end());
  return prefix;
}

bool begins_with(const Name& name, const Name& prefix) {
  return name.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), name.begin());
}

std::vector<Node> nodes_of(PrefixTree::Range range) {
  std::vector<Node> nodes(range.size());
  std::iota(nodes.begin(), nodes.end(), range.begin);
  return nodes;
}

// The inner nodes' own numbers, from what the tree says of children and levels.
void check_inner_nodes(const PrefixTree& tree) {
  std::vector<Node> inner;
  for (std::size_t depth = 0; depth < tree.levels(); ++depth) {
    const Context context("level ", depth);
    const PrefixTree::Range level = tree.level(depth);
    CHECK_EQUAL(tree.inner_level(depth).begin, inner.size());
    for (Node node = level.begin; node < level.end; ++node) {
      CHECK_EQUAL(tree.inner_number(node), inner.size());
      if (tree.children(node).size() != 0) inner.push_back(node);
    }
    CHECK_EQUAL(tree.inner_level(depth).end, inner.size());
  }
  CHECK_EQUAL(tree.inner_size(), inner.size());
  for (Node i = 0; i < inner.size(); ++i) CHECK_EQUAL(tree.inner_node(i), inner[i]);

  for (std::size_t depth = 0; depth < tree.levels(); ++depth) {
    const PrefixTree::Range level = tree.inner_level(depth);
    for (Node begin = level.begin; begin <= level.end; ++begin) {
      std::vector<Node> children, inner_children;
      for (Node end = begin; end <= level.end; ++end) {
        const Context context("inner nodes ", begin, " to ", end);
        CHECK_EQUAL(nodes_of(tree.children_of({begin, end})), children);
        CHECK_EQUAL(nodes_of(tree.inner_children_of({begin, end})), inner_children);
        if (end == level.end) break;
        for (const Node child : nodes_of(tree.children(inner[end]))) {
          children.push_back(child);
          if (tree.children(child).size() != 0) inner_children.push_back(tree.inner_number(child));
        }
      }
    }
  }
}

// The names of the tree, in any order.
void check_tree(PrefixTree& tree, const std::vector<Name>& names) {
  const NameList list = list_of(names);
  const std::vector<std::uint32_t> order = sorted_order(list);
  tree.build(list, order);

  std::set<Name> expected = {{}};
  std::size_t longest = 0, characters = 0;
  for (const Name& name : names) {
    for (std::size_t length = 1; length < name.size(); ++length) {
      expected.insert({name.begin(), name.begin() + static_cast<std::ptrdiff_t>(length)});
    }
    longest = std::max(longest, name.size() - 1);
    characters += name.size();
  }
  CHECK_EQUAL(tree.character_count(), characters);
  CHECK_EQUAL(tree.levels(), longest + 1);
  CHECK_EQUAL(tree.size(), expected.size());
  CHECK_EQUAL(tree.all().begin, PrefixTree::root);
  CHECK_EQUAL(tree.all().size(), tree.size());

  // Level by level, without gaps, each in ascending order of the prefixes.
  std::vector<Name> prefixes;
  for (std::size_t depth = 0; depth < tree.levels(); ++depth) {
    const PrefixTree::Range level = tree.level(depth);
    CHECK_EQUAL(level.begin, prefixes.size());
    for (Node node = level.begin; node < level.end; ++node) {
      prefixes.push_back(prefix_of(tree, node));
      CHECK_EQUAL(prefixes.back().size(), depth);
    }
    CHECK(std::is_sorted(prefixes.begin() + level.begin, prefixes.end()));
  }
  CHECK_EQUAL(std::set<Name>(prefixes.begin(), prefixes.end()), expected);
  CHECK_EQUAL(prefixes.size(), expected.size());  // none twice

  CHECK_EQUAL(tree.character(PrefixTree::root), no_character);
  for (Node node = 0; node < tree.size(); ++node) {
    const Context context("node ", node);
    std::uint32_t through = 0, ending = 0;
    for (const Name& name : names) {
      through += begins_with(without_end(name), prefixes[node]) ? 1 : 0;
      ending += without_end(name) == prefixes[node] ? 1 : 0;
    }
    CHECK_EQUAL(tree.names_through(node), through);
    CHECK_EQUAL(tree.names_ending(node), ending);

    const PrefixTree::Range children = tree.children(node);
    std::vector<Node> expected_children, found_children;
    for (Node other = 1; other < tree.size(); ++other) {
      if (tree.parent(other) == node) expected_children.push_back(other);
    }
    for (Node child = children.begin; child < children.end; ++child) found_children.push_back(child);
    CHECK_EQUAL(found_children, expected_children);
    if (node != PrefixTree::root) CHECK(tree.parent(node) < node);
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    CHECK_EQUAL(prefixes[tree.node_of(i)], without_end(names[order[i]]));
  }
  check_inner_nodes(tree);
}

TEST("a tree has every prefix once, with its parent, its children and its counts") {
  PrefixTree tree;  // one for all: what was in it before makes no difference
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const Context context("seed ", seed);
    MadeUpNumbers numbers(seed);
    const std::size_t count = 1 + numbers.below(40), letters = 1 + numbers.below(4);
    check_tree(tree, made_up_names(count, 1 + letters, numbers.below(8), seed));
  }
}

TEST("equal names, names that are prefixes of others, and empty ones") {
  PrefixTree tree;
  const std::vector<std::vector<Name>> lists = {
      {{1, 2, 3, 0}},                                  // one name
      {{0}},                                           // nothing but its end
      {{0}, {0}, {0}},                                 //
      {{1, 2, 0}, {1, 2, 0}, {1, 2, 0}},               // equal ones
      {{1, 0}, {1, 2, 0}, {1, 2, 3, 0}},               // each the beginning of the next
      {{1, 2, 3, 0}, {1, 2, 0}, {1, 0}},               //
      {{3, 0}, {2, 0}, {1, 0}},                        // nothing in common
      {{1, 1, 2, 0}, {2, 1, 2, 0}},                    // the same end, which is no prefix
      {{1, 0}, {1, 0, 2, 0}, {1, 0, 0}, {0, 0}, {0}},  // ends inside of names
      {{1, 0}, {1, no_character, 0}, {1, 1, 0}, {no_character, 1, 0}, {no_character, 2, 0}},
  };
  for (const std::vector<Name>& names : lists) {
    const Context context("names ", shown(names));
    check_tree(tree, names);
  }
}

TEST("a tree can be made of some of the names") {
  const std::vector<Name> names = made_up_names(30, 4, 6, 7);
  const NameList list = list_of(names);
  std::vector<std::uint32_t> some;
  std::vector<Name> names_of_some;
  for (const std::uint32_t index : sorted_order(list)) {
    if (index % 3 != 0) continue;
    some.push_back(index);
    names_of_some.push_back(names[index]);
  }
  PrefixTree part, expected;
  part.build(list, some);
  check_tree(expected, names_of_some);
  CHECK_EQUAL(part.size(), expected.size());
  CHECK_EQUAL(part.character_count(), expected.character_count());
  for (Node node = 0; node < part.size(); ++node) {
    CHECK_EQUAL(prefix_of(part, node), prefix_of(expected, node));
    CHECK_EQUAL(part.names_through(node), expected.names_through(node));
  }
  for (std::size_t i = 0; i < some.size(); ++i)
    CHECK_EQUAL(prefix_of(part, part.node_of(i)), without_end(names[some[i]]));
}

TEST("a part of a range is some of its nodes") {
  constexpr PrefixTree::Range range{10, 17};
  CHECK_EQUAL(range.size(), 7);
  CHECK_EQUAL(range.part(2, 5).begin, 12);
  CHECK_EQUAL(range.part(2, 5).end, 15);
  CHECK_EQUAL(range.part(0, 7).size(), 7);
  CHECK_EQUAL(range.part(4, 4).size(), 0);
}

}  // namespace
}  // namespace dinorc::check
