// What a best-first search over names has yet to visit: open prefixes and finished names, by log-probability.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "dinorc/names/characters.hpp"

namespace dinorc {

// A node is a prefix whose next characters are known. Its state is kept as long as an open prefix is to be
// read from it; the node itself stays, so that the memory of a search bounds its work.
class PrefixFrontier {
 public:
  using Node = std::uint32_t;

  // The node's prefix and one more character: an open prefix or, with end_of_name, a finished name.
  struct Entry {
    double log_probability;  // of all its characters
    Node node;
    CharacterId character;
  };

  // For the `wanted` best names, at least one. The first node has nothing before it, and is open.
  PrefixFrontier(std::size_t wanted, std::size_t state_bytes);

  static constexpr Node first_node = 0;

  // Whether something of that log-probability may still be, or become, one of the best names.
  bool is_of_use(double log_probability) const {
    return best_.size() < wanted_ || log_probability >= best_.front();
  }

  // Adds an entry made from a node, if it is of use.
  void add(const Entry& entry);

  // The order of the search: the higher log-probability first; of equal ones the one whose characters are
  // lower. The end of a name is the lowest.
  bool comes_before(const Entry& a, const Entry& b) const;

  // Whether there is a name that comes before all other names and all open prefixes.
  bool has_next_name() const;
  bool has_prefix() const { return !prefixes_.empty(); }

  // Takes out the first of its kind. A prefix is then to become a node.
  Entry take_name() { return take(names_); }
  const Entry& first_prefix() const { return prefixes_.front(); }
  Entry take_prefix() { return take(prefixes_); }

  const std::vector<std::byte>& state(Node node) const { return nodes_[node].state; }

  // Makes a node of a prefix that was taken, so that its entries can be added. After that it is to be closed,
  // with its state.
  Node open_node(const Entry& prefix);
  void close_node(Node node, const std::byte* state);

  // Where the node's characters have led an automaton.
  std::uint32_t place(Node node) const { return nodes_[node].place; }
  void set_place(Node node, std::uint32_t place) { nodes_[node].place = place; }

  // How many characters the node has beyond the first one's, and which, in order.
  std::size_t depth(Node node) const { return nodes_[node].depth; }
  std::vector<CharacterId> characters(Node node) const;

  // The memory in use, approximately.
  std::size_t bytes() const;

 private:
  struct NodeData {
    Node parent;
    CharacterId character;  // after the parent's
    std::uint32_t depth;
    std::uint32_t open_prefixes;   // how many are made from it
    std::uint32_t place;           // of an automaton
    std::vector<std::byte> state;  // empty without open prefixes
  };

  using Heap = std::deque<Entry>;  // grows and shrinks without ever being in memory twice

  auto later() const {
    return [this](const Entry& a, const Entry& b) { return comes_before(b, a); };
  }
  Entry take(Heap& heap);
  void remember(double log_probability);

  std::size_t wanted_;
  std::size_t state_bytes_;
  std::deque<NodeData> nodes_;
  std::size_t states_ = 0;
  Heap prefixes_;
  Heap names_;
  std::vector<double> best_;  // the log-probabilities of the best names so far, a heap with the least first
};

}  // namespace dinorc
