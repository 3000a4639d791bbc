#include "dinorc/drawing/prefix_frontier.hpp"

#include <algorithm>
#include <functional>

#include "dinorc/foundations/float_contract.hpp"

namespace dinorc {

PrefixFrontier::PrefixFrontier(std::size_t wanted, std::size_t state_bytes)
    : wanted_(wanted), state_bytes_(state_bytes) {
  nodes_.push_back({first_node, no_character, 0, 0, 0, {}});
}

void PrefixFrontier::add(const Entry& entry) {
  if (!is_of_use(entry.log_probability)) return;
  const bool is_name = entry.character == end_of_name;
  if (is_name) {
    remember(entry.log_probability);
  } else {
    ++nodes_[entry.node].open_prefixes;
  }
  Heap& heap = is_name ? names_ : prefixes_;
  heap.push_back(entry);
  std::push_heap(heap.begin(), heap.end(), later());
}

void PrefixFrontier::remember(double log_probability) {
  best_.push_back(log_probability);
  std::push_heap(best_.begin(), best_.end(), std::greater<>());
  if (best_.size() <= wanted_) return;
  std::pop_heap(best_.begin(), best_.end(), std::greater<>());
  best_.pop_back();
}

// If log-probabilities are equal, follows both entries back to the node that they have in common: the
// characters after it decide. They differ, since no entry continues another one: what is continued is a node.
bool PrefixFrontier::comes_before(const Entry& a, const Entry& b) const {
  if (a.log_probability != b.log_probability) return a.log_probability > b.log_probability;
  Entry left = a;
  Entry right = b;
  const auto shorten = [this](Entry& entry) {
    const NodeData& node = nodes_[entry.node];
    entry.character = node.character;
    entry.node = node.parent;
  };
  while (depth(left.node) > depth(right.node)) shorten(left);
  while (depth(right.node) > depth(left.node)) shorten(right);
  while (left.node != right.node) {
    shorten(left);
    shorten(right);
  }
  return left.character < right.character;
}

bool PrefixFrontier::has_next_name() const {
  return !names_.empty() && (prefixes_.empty() || comes_before(names_.front(), prefixes_.front()));
}

auto PrefixFrontier::take(Heap& heap) -> Entry {
  std::pop_heap(heap.begin(), heap.end(), later());
  const Entry entry = heap.back();
  heap.pop_back();
  return entry;
}

auto PrefixFrontier::open_node(const Entry& prefix) -> Node {
  NodeData& parent = nodes_[prefix.node];
  if (--parent.open_prefixes == 0) {
    parent.state = std::vector<std::byte>();  // gives its memory back, as clear() would not
    --states_;
  }
  nodes_.push_back({prefix.node, prefix.character, parent.depth + 1, 0, 0, {}});
  return static_cast<Node>(nodes_.size() - 1);
}

void PrefixFrontier::close_node(Node node, const std::byte* state) {
  if (nodes_[node].open_prefixes == 0) return;
  nodes_[node].state.assign(state, state + state_bytes_);
  ++states_;
}

std::vector<CharacterId> PrefixFrontier::characters(Node node) const {
  std::vector<CharacterId> characters(depth(node));
  for (; node != first_node; node = nodes_[node].parent) characters[depth(node) - 1] = nodes_[node].character;
  return characters;
}

std::size_t PrefixFrontier::bytes() const {
  constexpr std::size_t allocation = 16;  // what the system keeps with each
  return nodes_.size() * sizeof(NodeData) + states_ * (state_bytes_ + allocation) +
         (prefixes_.size() + names_.size()) * sizeof(Entry) + best_.size() * sizeof(double);
}

}  // namespace dinorc
