#include "dinorc/names/prefix_tree.hpp"

#include <algorithm>

namespace dinorc {
namespace {

// How many characters two names share from the beginning, their ends not counted.
std::size_t shared_length(CharacterIds a, CharacterIds b) {
  const std::size_t shorter = std::min(a.size(), b.size()) - 1;
  std::size_t length = 0;
  while (length < shorter && a[length] == b[length]) ++length;
  return length;
}

}  // namespace

// A name adds a node for each of its prefixes that the name before it in the order lacks; the names through
// that node are this one and those after it, up to the first that lacks the prefix.
void PrefixTree::build(const NameList& names, std::span<const std::uint32_t> order, bool have_labels) {
  have_labels_ = have_labels;
  shared_lengths_.resize(order.size());
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
    character_count_ += name.size() - (have_labels ? 1 : 0);
  }
  for (std::size_t depth = 1; depth < level_begins_.size(); ++depth) {
    level_begins_[depth] += level_begins_[depth - 1];
  }

  const std::size_t nodes = level_begins_.back();
  characters_.resize(nodes);
  parents_.resize(nodes);
  names_through_.resize(nodes);
  names_ending_.assign(nodes, 0);
  nodes_of_names_.resize(order.size());
  first_children_.resize(nodes + 1);
  inner_begins_.resize(nodes + 1);
  path_.resize(levels());
  next_nodes_.assign(level_begins_.begin(), level_begins_.end() - 1);

  characters_[root] = no_character;
  parents_[root] = root;
  names_through_[root] = static_cast<std::uint32_t>(order.size());
  path_[0] = root;
  std::size_t depth_of_path = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const CharacterIds name = names[order[i]];
    const auto number = static_cast<std::uint32_t>(i);
    const std::size_t length = name.size() - 1;
    const std::size_t shared = shared_lengths_[i];
    end_path(shared, depth_of_path, number);
    for (std::size_t depth = shared + 1; depth <= length; ++depth) {
      const Node node = next_nodes_[depth]++;
      path_[depth] = node;
      characters_[node] = name[depth - 1];
      parents_[node] = path_[depth - 1];
      names_through_[node] = number;  // the first of them, until the path leaves the node
    }
    depth_of_path = length;
    ++names_ending_[path_[length]];
    nodes_of_names_[i] = path_[length];
  }
  end_path(0, depth_of_path, static_cast<std::uint32_t>(order.size()));

  // Parents ascend from node to node, and a parent without children begins where the next one's begin.
  Node child = 1;
  inner_nodes_.clear();
  for (Node node = 0; node < nodes; ++node) {
    first_children_[node] = child;
    inner_begins_[node] = static_cast<Node>(inner_nodes_.size());
    while (child < nodes && parents_[child] == node) ++child;
    if (child != first_children_[node]) inner_nodes_.push_back(node);
  }
  const Node end = static_cast<Node>(nodes);
  first_children_[end] = end;
  inner_begins_[end] = static_cast<Node>(inner_nodes_.size());
  inner_nodes_.push_back(end);
}

// At name number `name`, the path leaves its nodes below depth `above`, down to depth `last`.
void PrefixTree::end_path(std::size_t above, std::size_t last, std::uint32_t name) {
  for (std::size_t depth = above + 1; depth <= last; ++depth) {
    const Node node = path_[depth];
    names_through_[node] = name - names_through_[node];
  }
}

}  // namespace dinorc
