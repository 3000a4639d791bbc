// Every kind of predictor with made-up parameters: a new kind adds a line to `predictor_kinds`, and is
// tested.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "check.hpp"
#include "dinorc/predictors/ensemble_predictor.hpp"
#include "dinorc/predictors/label_mixture.hpp"
#include "dinorc/predictors/labelled_predictor.hpp"
#include "dinorc/predictors/network_predictor.hpp"
#include "made_up_network.hpp"
#include "made_up_ngrams.hpp"
#include "walk.hpp"

namespace dinorc::check {

// The parameters as they are now.
template <typename Real>
NetworkPredictor<Real> predictor_of(CharacterNetwork<Real>& network) {
  return NetworkPredictor<Real>(network);
}

// Calls the function with predictors of one kind, each with a name of its own, for that many characters.
using ForEachOfKind =
    void (*)(std::size_t vocabulary_size,
             const std::function<void(const std::string& name, const Predictor&)>& function);

// Networks of every cell and float type, with an embedding and without.
inline void for_each_network_predictor(
    std::size_t vocabulary_size,
    const std::function<void(const std::string& name, const Predictor&)>& function) {
  for_each_type([&]<typename Real>() {
    for_each_cell_and_embedding<Real>([&](const CellOperations<Real>& cell, std::size_t embedding_size) {
      CharacterNetwork<Real> network = made_up_network(cell, vocabulary_size, 11, embedding_size);
      function(std::string(name_of<Real>) + " " + cell.name + " " + std::to_string(embedding_size),
               predictor_of(network));
    });
  });
}

// Networks of both float types and of several sizes, whose states are not whole cache lines, and n-grams; and
// an ensemble that has an ensemble among its members.
inline void for_each_ensemble_predictor(
    std::size_t vocabulary_size,
    const std::function<void(const std::string& name, const Predictor&)>& function) {
  CharacterNetwork<float> small = made_up_network(cell_registry<float>()[0], vocabulary_size, 3, 0, 102);
  CharacterNetwork<float> large = made_up_network(cell_registry<float>()[2], vocabulary_size, 21, 4, 103);
  CharacterNetwork<double> fine = made_up_network(cell_registry<double>()[1], vocabulary_size, 11, 0, 104);
  const NetworkPredictor<float> one(small), two(large);
  const NetworkPredictor<double> three(fine);
  const NGramPredictor four = made_up_ngrams(vocabulary_size, 4, 1);
  const EnsemblePredictor mixture({&one, &two, &three, &four}, {0.25, 0.2, 0.3, 0.25});
  function("ensemble of networks and n-grams", mixture);
  function("ensemble of an ensemble", EnsemblePredictor({&two, &mixture}, {0.25, 0.75}));
}

// N-grams shorter than names, and longer ones; some or all probabilities are kept ready.
inline void for_each_ngram_predictor(
    std::size_t vocabulary_size,
    const std::function<void(const std::string& name, const Predictor&)>& function) {
  for (const std::size_t order : {2, 4, 9}) {
    for (const std::size_t kept : {std::size_t{1}, NGramPredictor::usual_kept_probabilities}) {
      function("n-grams " + std::to_string(order) + " kept " + std::to_string(kept),
               made_up_ngrams(vocabulary_size, order, kept));
    }
  }
}

// One label of a network, all labels of a network, and n-grams beside a network as if they were labels.
inline void for_each_labelled_predictor(
    std::size_t vocabulary_size,
    const std::function<void(const std::string& name, const Predictor&)>& function) {
  CharacterNetwork<float> network =
      made_up_network(cell_registry<float>()[2], vocabulary_size, 13, 4, 105, 3);
  const NetworkPredictor<float> all(network);
  const auto symbol = [&](std::size_t label) { return static_cast<CharacterId>(vocabulary_size + label); };
  const LabelledPredictor one(all, symbol(0)), two(all, symbol(1)), three(all, symbol(2));
  function("one label", two);
  function("three labels", LabelMixture({&one, &two, &three}, {-0.5, -1.5, -1.7}));
  const NGramPredictor ngrams = made_up_ngrams(vocabulary_size, 3, 1);
  function("two kinds of models", LabelMixture({&ngrams, &three}, {-3.0, -0.05}));
}

inline constexpr ForEachOfKind predictor_kinds[] = {
    for_each_network_predictor,
    for_each_ensemble_predictor,
    for_each_ngram_predictor,
    for_each_labelled_predictor,
};

// Calls function(name, predictor) for all of them.
template <typename Function>
void for_each_named_predictor(std::size_t vocabulary_size, Function&& function) {
  for (const ForEachOfKind for_each_of_kind : predictor_kinds) {
    for_each_of_kind(vocabulary_size, [&](const std::string& name, const Predictor& predictor) {
      const Context context(name);
      function(name, predictor);
    });
  }
}

// Calls function(predictor) for all of them.
template <typename Function>
void for_each_predictor(std::size_t vocabulary_size, Function&& function) {
  for_each_named_predictor(vocabulary_size,
                           [&](const std::string&, const Predictor& predictor) { function(predictor); });
}

// Checks that result_of(predictor) is the same for every instruction set and predictor.
template <typename Function>
void check_every_instruction_set(std::size_t vocabulary_size, Function&& result_of) {
  using Result = decltype(result_of(std::declval<const Predictor&>()));
  const std::string before = name_in_use();
  std::map<std::string, Result> expected;
  for (const std::string& set : usable_instruction_sets()) {  // the baseline first
    const Context context(set);
    use_instruction_set(set);
    for_each_named_predictor(vocabulary_size, [&](const std::string& name, const Predictor& predictor) {
      const Result result = result_of(predictor);
      CHECK(expected.try_emplace(name, result).first->second == result);
    });
  }
  use_instruction_set(before);
}

}  // namespace dinorc::check
