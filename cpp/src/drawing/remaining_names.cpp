#include "dinorc/drawing/remaining_names.hpp"

#include <algorithm>
#include <functional>

#include "dinorc/foundations/float_contract.hpp"

namespace dinorc {
namespace {

// Of a share, what the rounding of differences may take away.
constexpr double lost_in_rounding = 0x1p-52;

}  // namespace

void RemainingNames::add(std::span<const Visit> visits, std::span<const std::uint32_t> ends_taken_out) {
  nodes_of_visits_.clear();
  for (const Visit& visit : visits) {
    const bool is_root = nodes_of_visits_.empty();
    const Node node = is_root ? root : child_of(nodes_of_visits_[visit.parent], visit);
    touch(node, visit);
    nodes_of_visits_.push_back(node);
  }
  for (const std::uint32_t end : ends_taken_out) {
    NodeData& node = nodes_[nodes_of_visits_[end]];
    if (node.end_is_out) continue;
    node.end_is_out = true;
    node.end_is_newly_out = true;
  }
}

// The place of a visited prefix: known, or found among the children, where it is put if it is missing.
RemainingNames::Node RemainingNames::child_of(Node parent, const Visit& visit) {
  if (visit.node != none) return visit.node;
  Node before = none;
  Node next = nodes_[parent].first_child;
  while (next != none && nodes_[next].character < visit.character) {
    before = next;
    next = nodes_[next].next_sibling;
  }
  if (next != none && nodes_[next].character == visit.character) return next;
  const Node added = static_cast<Node>(nodes_.size());
  nodes_.push_back({});
  nodes_[added].share = visit.share;
  nodes_[added].character = visit.character;
  nodes_[added].next_sibling = next;
  (before == none ? nodes_[parent].first_child : nodes_[before].next_sibling) = added;
  return added;
}

// All visits of a round have seen the same of a prefix: the tree was the same to all.
void RemainingNames::touch(Node node, const Visit& visit) {
  NodeData& data = nodes_[node];
  data.end_share = visit.end_share;
  data.rest = visit.rest;
  if (!data.is_touched) touched_.push_back(node);
  data.is_touched = true;
}

// Children first, so that what is left of them is known. What has become a child in this round is in the rest
// still, as is an end that was taken out.
void RemainingNames::settle() {
  std::sort(touched_.begin(), touched_.end(), std::greater<>());
  for (const Node node : touched_) {
    NodeData& data = nodes_[node];
    const double rest_before = data.rest.share;
    const auto take_from_rest = [&data](double share) {
      data.rest.share -= share;
      --data.rest.ways;
    };
    if (data.end_is_newly_out) take_from_rest(data.end_share);
    double left = 0.0;
    for (Node child = data.first_child; child != none; child = nodes_[child].next_sibling) {
      if (child >= settled_nodes_) take_from_rest(nodes_[child].share);
      left += nodes_[child].share * nodes_[child].left;
    }
    // Differences of sums are not exact: without a way nothing is left, and with one something is. Should it
    // be less than was lost in rounding, the next visit shows.
    const double least = lost_in_rounding * rest_before;
    data.rest.share = data.rest.ways > 0 ? std::max(data.rest.share, least) : 0.0;
    data.left = data.rest.share + left;
    data.end_is_newly_out = false;
    data.is_touched = false;
  }
  touched_.clear();
  is_anything_known_ = true;
  settled_nodes_ = nodes_.size();
}

}  // namespace dinorc
