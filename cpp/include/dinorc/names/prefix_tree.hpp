// The distinct prefixes of some names as a tree: equal prefixes have equal states, so each is computed once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dinorc/names/characters.hpp"
#include "dinorc/names/name_list.hpp"

namespace dinorc {

// A node is a prefix, the root the empty one; level d holds the prefixes of d characters, in the order of the
// names they come from. Nodes are numbered level by level, so the children of a node are neighbours, and
// parents come before children.
//
// Nodes that have children, the inner nodes, have numbers of their own as well, in the same order: what is
// computed once for all children of a node has a row for each inner node.
class PrefixTree {
 public:
  using Node = std::uint32_t;

  static constexpr Node root = 0;

  struct Range {
    Node begin;
    Node end;

    std::size_t size() const { return end - begin; }

    // Nodes number `first` to `last` of this range, `last` excluded.
    Range part(std::size_t first, std::size_t last) const {
      return {begin + static_cast<Node>(first), begin + static_cast<Node>(last)};
    }
  };

  // The tree of names[order[0]], names[order[1]], ..., which must be in ascending order of their characters.
  // Where names have labels, each begins with its label, which nothing predicts. Replaces the previous tree
  // and reuses its memory.
  void build(const NameList& names, std::span<const std::uint32_t> order, bool have_labels = false);

  std::size_t size() const { return characters_.size(); }
  Range all() const { return {root, static_cast<Node>(size())}; }
  std::size_t levels() const { return level_begins_.size() - 1; }
  Range level(std::size_t depth) const { return {level_begins_[depth], level_begins_[depth + 1]}; }

  // The character that leads to a node; no_character at the root, to which none leads.
  CharacterId character(Node node) const { return characters_[node]; }
  Node parent(Node node) const { return parents_[node]; }
  Range children(Node node) const { return {first_children_[node], first_children_[node + 1]}; }

  // Inner nodes by their own numbers: how many there are, those of a level, and the node behind a number.
  std::size_t inner_size() const { return inner_nodes_.size() - 1; }
  Range inner_level(std::size_t depth) const {
    return {inner_begins_[level_begins_[depth]], inner_begins_[level_begins_[depth + 1]]};
  }
  Node inner_node(Node inner) const { return inner_nodes_[inner]; }

  // A node's number among the inner nodes, or that of the first inner node after it.
  Node inner_number(Node node) const { return inner_begins_[node]; }

  // The children of neighbouring inner nodes, which are neighbours too; and the inner nodes among them.
  Range children_of(Range inner) const { return {first_child(inner.begin), first_child(inner.end)}; }
  Range inner_children_of(Range inner) const {
    const Range children = children_of(inner);
    return {inner_begins_[children.begin], inner_begins_[children.end]};
  }

  // How many of the names begin with the prefix, and how many are equal to it.
  std::uint32_t names_through(Node node) const { return names_through_[node]; }
  std::uint32_t names_ending(Node node) const { return names_ending_[node]; }

  // The node of the whole name names[order[i]].
  Node node_of(std::size_t i) const { return nodes_of_names_[i]; }

  // Whether what follows a node is predicted: labels, which follow the root, are not.
  bool predicts(Node node) const { return node != root || !have_labels_; }

  // How many characters all names have, ends included and labels not: the predictions that the tree stands
  // for.
  std::size_t character_count() const { return character_count_; }

 private:
  void end_path(std::size_t above, std::size_t last, std::uint32_t name);
  Node first_child(Node inner) const { return first_children_[inner_nodes_[inner]]; }

  std::vector<Node> level_begins_;
  std::vector<CharacterId> characters_;
  std::vector<Node> parents_;
  std::vector<Node> first_children_;  // with one more entry for the end, like the next two
  std::vector<Node> inner_nodes_;
  std::vector<Node> inner_begins_;  // how many inner nodes come before each node
  std::vector<std::uint32_t> names_through_;
  std::vector<std::uint32_t> names_ending_;
  std::vector<Node> nodes_of_names_;
  std::vector<std::uint32_t> shared_lengths_;
  std::vector<Node> path_;
  std::vector<Node> next_nodes_;
  std::size_t character_count_ = 0;
  bool have_labels_ = false;
};

}  // namespace dinorc
