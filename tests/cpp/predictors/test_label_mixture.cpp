// Names of one label, and of any: the probability of a name is the mean over labels by their shares.
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "check.hpp"
#include "dinorc/predictors/label_mixture.hpp"
#include "dinorc/predictors/labelled_predictor.hpp"
#include "dinorc/predictors/prefix_reader.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "dinorc/training/prefix_forward.hpp"
#include "predictor_registry.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t vocabulary_size = 6;
constexpr std::size_t labels = 3;
const std::vector<double> shares = {0.5, 0.3, 0.2};

constexpr double infinity = std::numeric_limits<double>::infinity();

CharacterId symbol(std::size_t label) { return static_cast<CharacterId>(vocabulary_size + label); }

std::vector<double> logarithms(const std::vector<double>& numbers) {
  std::vector<double> result;
  for (const double number : numbers) result.push_back(std::log(number));
  return result;
}

std::vector<double> scores(const Predictor& predictor, const NameList& names) {
  std::vector<double> result(names.size());
  CHECK(score_names(predictor, names, -7.0, 2, never_interrupted, result));
  return result;
}

TEST("the names of a label have the log-probabilities of training") {
  for_each_type([]<typename Real>() {
    for_each_cell_and_embedding<Real>([](const CellOperations<Real>& cell, std::size_t embedding_size) {
      CharacterNetwork<Real> network =
          made_up_network(cell, vocabulary_size, 13, embedding_size, 101, labels);
      const NameList names =
          list_of(with_labels(made_up_names(40, vocabulary_size, 6, 203), vocabulary_size, labels));
      PrefixTree tree;
      tree.build(names, sorted_order(names), true);
      TreeShares parts;
      parts.divide(tree, 1);
      PackedParameters<Real> packed(network.shape());
      packed.pack(network.parameters());
      PrefixForward<Real> forward(cell, network.shape());
      forward.reserve(tree.size());
      ThreadTeam team(1);
      const Interrupted interrupted = never_interrupted;
      WorkerGroup group(team, interrupted);
      Worker worker(group, 0);
      CHECK(forward.compute_states(packed, tree, parts, worker));
      forward.compute_log_probabilities(packed, tree, {}, tree.all());

      const NetworkPredictor<Real> all(network);
      for (PrefixTree::Node node = 1; node < tree.size(); ++node) {
        Name prefix;
        PrefixTree::Node n = node;
        for (; tree.parent(n) != PrefixTree::root; n = tree.parent(n)) {
          prefix.insert(prefix.begin(), tree.character(n));
        }
        const LabelledPredictor label(all, tree.character(n));
        const std::vector<double> next = next_character_log_probabilities(label, prefix);
        CHECK_SAME_BITS(next[end_of_name], static_cast<double>(forward.end_log_probabilities()[node]));
        const PrefixTree::Range children = tree.children(node);
        for (PrefixTree::Node child = children.begin; child < children.end; ++child) {
          CHECK_SAME_BITS(next[static_cast<std::size_t>(tree.character(child))],
                          static_cast<double>(forward.character_log_probabilities()[child]));
        }
      }
    });
  });
}

TEST("a name of any label has the mean of the probabilities, weighted by the shares") {
  CharacterNetwork<double> network =
      made_up_network(cell_registry<double>()[1], vocabulary_size, 13, 4, 101, labels);
  const NetworkPredictor<double> all(network);
  const LabelledPredictor one(all, symbol(0)), two(all, symbol(1)), three(all, symbol(2));
  const LabelMixture mixture({&one, &two, &three}, logarithms(shares));
  const NameList names = list_of(made_up_names(60, vocabulary_size, 9, 204));
  const std::vector<double> of_any = scores(mixture, names);
  const std::vector<std::vector<double>> of_labels = {scores(one, names), scores(two, names),
                                                      scores(three, names)};
  for (std::size_t i = 0; i < names.size(); ++i) {
    double probability = 0.0;
    for (std::size_t label = 0; label < labels; ++label) {
      probability += shares[label] * std::exp(of_labels[label][i]);
    }
    CHECK_NEAR(of_any[i], std::log(probability), 1e-12);
  }
}

TEST("an unknown character says nothing of the label") {
  CharacterNetwork<double> network =
      made_up_network(cell_registry<double>()[0], vocabulary_size, 5, 0, 101, labels);
  const NetworkPredictor<double> all(network);
  const LabelledPredictor one(all, symbol(0)), two(all, symbol(1));
  const LabelMixture mixture({&one, &two}, logarithms({0.4, 0.6}));
  const std::vector<double> p = next_character_log_probabilities(one, Name{no_character});
  const std::vector<double> q = next_character_log_probabilities(two, Name{no_character});
  const std::vector<double> mixed = next_character_log_probabilities(mixture, Name{no_character});
  for (std::size_t i = 0; i < vocabulary_size; ++i) {
    CHECK_NEAR(mixed[i], std::log(0.4 * std::exp(p[i]) + 0.6 * std::exp(q[i])), 1e-13);
  }
}

// Two networks, each sure of another first character.
TEST("what no label can begin with leaves the labels as they were, and is impossible") {
  CharacterNetwork<double> first = made_up_network(cell_registry<double>()[0], vocabulary_size, 5, 0, 13);
  CharacterNetwork<double> second = made_up_network(cell_registry<double>()[0], vocabulary_size, 5, 0, 14);
  first.parameters().output_bias()[2] = 5000.0;
  second.parameters().output_bias()[3] = 5000.0;
  for (CharacterNetwork<double>* network : {&first, &second})
    network->parameters().output_bias()[4] = -infinity;
  const NetworkPredictor<double> one(first), two(second);
  const LabelMixture mixture({&one, &two}, logarithms({0.25, 0.75}));
  const std::vector<double> at_first = next_character_log_probabilities(mixture, {});
  CHECK_NEAR(at_first[2], std::log(0.25), 1e-13);
  CHECK_NEAR(at_first[3], std::log(0.75), 1e-13);
  CHECK_SAME_BITS(at_first[4], -infinity);
  CHECK_NEAR(next_character_log_probabilities(mixture, Name{2})[2], 0.0, 1e-13);  // the label is known now
  CHECK_SAME_BITS(next_character_log_probabilities(mixture, Name{2})[3], -infinity);
  CHECK_NEAR(next_character_log_probabilities(mixture, Name{4})[3], std::log(0.75), 1e-13);
}

}  // namespace
}  // namespace dinorc::check
