#include "dinorc/prefix_tree.hpp"

#include <algorithm>

namespace dinorc {
namespace {

// How many characters two names have in common from the beginning, their ends apart.
std::size_t shared_length(CharacterIds a, CharacterIds b) {
  const std::size_t shorter = std::min(a.size(), b.size()) - 1;
  std::size_t length = 0;
  while (length < shorter && a[length] == b[length]) ++length;
  return length;
}

}  // namespace

// A name brings a node for each of its prefixes that the name before it in the order lacks.
void PrefixTree::build(const NameList& names, std::span<const std::uint32_t> order) {
  shared_lengths_.assign(order.size(), 0);
  level_begins_.assign(2, 0);  // the levels' sizes at first: level_begins_[d + 1] counts level d
  level_begins_[1] = 1;
  character_count_ = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const CharacterIds name = names[order[i]];
    const std::size_t length = name.size() - 1;
    const std::size_t shared = i == 0 ? 0 : shared_length(names[order[i - 1]], name);
    if (level_begins_.size() < length + 2) level_begins_.resize(length + 2, 0);
    for (std::size_t depth = shared + 1; depth <= length; ++depth) ++level_begins_[depth + 1];
    shared_lengths_[i] = static_cast<std::uint32_t>(shared);
    character_count_ += name.size();
  }
  for (std::size_t depth = 1; depth < level_begins_.size(); ++depth) {
    level_begins_[depth] += level_begins_[depth - 1];
  }

  const std::size_t nodes = level_begins_.back();
  characters_.assign(nodes, no_character);
  parents_.assign(nodes, 0);
  names_through_.assign(nodes, 0);
  names_ending_.assign(nodes, 0);
  nodes_of_names_.resize(order.size());
  first_children_.assign(nodes + 1, 0);
  path_.assign(levels(), 0);
  next_nodes_.assign(level_begins_.begin(), level_begins_.end() - 1);

  for (std::size_t i = 0; i < order.size(); ++i) {
    const CharacterIds name = names[order[i]];
    const std::size_t length = name.size() - 1;
    for (std::size_t depth = shared_lengths_[i] + 1; depth <= length; ++depth) {
      const Node node = next_nodes_[depth]++;
      path_[depth] = node;
      characters_[node] = name[depth - 1];
      parents_[node] = path_[depth - 1];
    }
    for (std::size_t depth = 0; depth <= length; ++depth) ++names_through_[path_[depth]];
    ++names_ending_[path_[length]];
    nodes_of_names_[i] = path_[length];
  }

  // Parents ascend from node to node, and a parent without children begins where the next one's begin.
  Node child = 1;
  for (Node node = 0; node < nodes; ++node) {
    first_children_[node] = child;
    while (child < nodes && parents_[child] == node) ++child;
  }
  first_children_[nodes] = static_cast<Node>(nodes);
}

}  // namespace dinorc
