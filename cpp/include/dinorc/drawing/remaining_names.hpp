// Which part of a model's names is left to be drawn, by the characters that they begin with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "dinorc/names/characters.hpp"

namespace dinorc {

// A tree of prefixes. A prefix that is not in it has all that is possible after it still before it.
class RemainingNames {
 public:
  using Node = std::uint32_t;
  static constexpr Node none = std::numeric_limits<Node>::max();
  static constexpr Node root = 0;

  // Of a prefix: what can follow it, and is not among its children in the tree.
  struct Rest {
    double share = 1.0;      // of the names that begin so, by the model's probabilities
    std::uint32_t ways = 1;  // how many characters; none: nothing, whatever rounding says of the share
  };

  // A prefix that some candidates of a round have, and what was seen of it. Parents come before children.
  struct Visit {
    std::uint32_t parent;   // a place in the list of visits; the root is its own
    CharacterId character;  // the last of the prefix
    Node node;              // its place in the tree, or none
    double share;           // of the names that begin as the parent does
    double end_share;       // of the names that begin so: the one that ends there
    Rest rest;
  };

  struct Child {
    CharacterId character;
    double left;  // the share of the names that begin so that is left, from 0 to 1
    Node node;
  };

  RemainingNames() : nodes_(1) {}

  // The root, or none as long as nothing is known.
  Node known_root() const { return is_anything_known_ ? root : none; }

  // Whether no name is left.
  bool is_empty() const { return nodes_[root].left == 0.0; }

  // The share of all names that is left.
  double left() const { return nodes_[root].left; }

  // Whether the name that ends at the node was taken out.
  bool end_is_out(Node node) const { return nodes_[node].end_is_out; }

  // Calls function(child) for each child of a node, in the order of their characters.
  template <typename Function>
  void for_each_child(Node node, Function&& function) const {
    for (Node child = nodes_[node].first_child; child != none; child = nodes_[child].next_sibling) {
      function(Child{nodes_[child].character, nodes_[child].left, child});
    }
  }

  // Adds prefixes that were visited, and takes out the names that end at some of them. The order of calls
  // between two calls of settle() makes no difference.
  void add(std::span<const Visit> visits, std::span<const std::uint32_t> ends_taken_out);

  // Works out what is left now.
  void settle();

  std::size_t bytes() const { return nodes_.size() * sizeof(NodeData); }

 private:
  // left = rest.share + the sum of share * left over the children
  struct NodeData {
    double left = 1.0;
    double share = 1.0;      // of the names that begin as the parent does
    double end_share = 0.0;  // of those that begin so: the one that ends there
    Rest rest;
    CharacterId character = no_character;
    Node first_child = none;
    Node next_sibling = none;
    bool end_is_out = false;
    bool end_is_newly_out = false;
    bool is_touched = false;
  };

  Node child_of(Node parent, const Visit& visit);
  void touch(Node node, const Visit& visit);

  std::vector<NodeData> nodes_;  // parents before children
  bool is_anything_known_ = false;
  std::vector<Node> touched_;
  std::size_t settled_nodes_ = 1;
  std::vector<Node> nodes_of_visits_;
};

}  // namespace dinorc
