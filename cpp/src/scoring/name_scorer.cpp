#include "dinorc/scoring/name_scorer.hpp"

#include <algorithm>
#include <memory>

#include "dinorc/names/prefix_tree.hpp"
#include "dinorc/network/packed_parameters.hpp"
#include "dinorc/training/prefix_forward.hpp"

namespace dinorc {
namespace {

// A worker takes so many names at a time, or as many as have so many characters: their states need memory.
constexpr std::size_t most_names = 256;
constexpr std::size_t most_characters = 8192;

// The parts of `order` that are scored at a time, each named by where it ends.
std::vector<std::size_t> ends_of_parts(const NameList& names, std::span<const std::uint32_t> order) {
  std::vector<std::size_t> ends;
  std::size_t begin = 0;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t length = names[order[i]].size();
    if (i > begin && (i - begin == most_names || characters + length > most_characters)) {
      ends.push_back(i);
      begin = i;
      characters = 0;
    }
    characters += length;
  }
  ends.push_back(order.size());
  return ends;
}

// One worker's part of the names, some at a time, alone.
template <typename Real>
class PartScorer {
 public:
  PartScorer(CharacterNetwork<Real>& network, const PackedParameters<Real>& packed,
             double unknown_log_probability)
      : packed_(packed),
        forward_(network.cell(), network.shape()),
        unknown_log_probability_(unknown_log_probability) {}

  // Computes the tree of the names; `order` is as PrefixTree::build wants it.
  void compute(const NameList& names, std::span<const std::uint32_t> order) {
    tree_.build(names, order);
    forward_.reserve(tree_.size());
    forward_.compute_states(packed_, tree_);
    forward_.compute_log_probabilities(packed_, tree_, {}, tree_.all());
  }

  // Of the character that leads to a node.
  double log_probability(PrefixTree::Node node) const {
    if (tree_.character(node) == no_character) return unknown_log_probability_;
    return static_cast<double>(forward_.character_log_probabilities()[node]);
  }

  double end_log_probability(PrefixTree::Node node) const {
    return static_cast<double>(forward_.end_log_probabilities()[node]);
  }

  // Of each prefix, then of each name.
  void sum(std::span<const std::uint32_t> order, std::span<double> log_probabilities) {
    prefixes_.assign(tree_.size(), 0.0);
    for (PrefixTree::Node node = PrefixTree::root + 1; node < tree_.size(); ++node) {
      prefixes_[node] = prefixes_[tree_.parent(node)] + log_probability(node);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      const PrefixTree::Node node = tree_.node_of(i);
      log_probabilities[order[i]] = prefixes_[node] + end_log_probability(node);
    }
  }

  const PrefixTree& tree() const { return tree_; }

 private:
  const PackedParameters<Real>& packed_;
  PrefixTree tree_;
  PrefixForward<Real> forward_;
  double unknown_log_probability_;
  std::vector<double> prefixes_;
};

}  // namespace

template <typename Real>
bool score_names(CharacterNetwork<Real>& network, const NameList& names, double unknown_log_probability,
                 std::size_t workers, const Interrupted& interrupted, std::span<double> log_probabilities) {
  const std::vector<std::uint32_t> order = sorted_order(names);
  const std::vector<std::size_t> ends = ends_of_parts(names, order);
  ThreadTeam team(std::min(workers, ends.size()));
  workers = team.size();
  WorkerGroup group(team, interrupted);
  PackedParameters<Real> packed(network.shape());
  team.run([&](std::size_t index) { packed.pack(network.parameters(), Worker(group, index)); });

  std::vector<PartScorer<Real>> scorers;
  for (std::size_t i = 0; i < workers; ++i) scorers.emplace_back(network, packed, unknown_log_probability);
  for (std::size_t first = 0; first < ends.size(); first += workers) {
    team.run([&](std::size_t index) {
      const std::size_t part = first + index;
      if (part >= ends.size()) return;
      const std::size_t begin = part == 0 ? 0 : ends[part - 1];
      const std::span<const std::uint32_t> names_of_part(order.data() + begin, ends[part] - begin);
      scorers[index].compute(names, names_of_part);
      scorers[index].sum(names_of_part, log_probabilities);
    });
    if (group.wants_end()) return false;
  }
  return true;
}

template <typename Real>
std::vector<double> score_characters(CharacterNetwork<Real>& network, CharacterIds name,
                                     double unknown_log_probability) {
  const NameList names{{name.begin(), name.end()}, {name.size()}};
  const std::uint32_t order[] = {0};
  PackedParameters<Real> packed(network.shape());
  packed.pack(network.parameters());
  PartScorer<Real> scorer(network, packed, unknown_log_probability);
  scorer.compute(names, order);

  std::vector<double> log_probabilities;
  for (PrefixTree::Node node = PrefixTree::root + 1; node < scorer.tree().size(); ++node) {
    log_probabilities.push_back(scorer.log_probability(node));
  }
  log_probabilities.push_back(scorer.end_log_probability(scorer.tree().node_of(0)));
  return log_probabilities;
}

template bool score_names(CharacterNetwork<float>&, const NameList&, double, std::size_t, const Interrupted&,
                          std::span<double>);
template bool score_names(CharacterNetwork<double>&, const NameList&, double, std::size_t, const Interrupted&,
                          std::span<double>);
template std::vector<double> score_characters(CharacterNetwork<float>&, CharacterIds, double);
template std::vector<double> score_characters(CharacterNetwork<double>&, CharacterIds, double);

}  // namespace dinorc
