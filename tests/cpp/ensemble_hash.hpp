// Hashes of what an ensemble predicts, and of the weights that suit its members.
#pragma once

#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <vector>

#include "dinorc/cells/cell_registry.hpp"
#include "dinorc/drawing/name_sampling.hpp"
#include "dinorc/foundations/bit_hash.hpp"
#include "dinorc/names/name_list.hpp"
#include "dinorc/predictors/ensemble_predictor.hpp"
#include "dinorc/predictors/network_predictor.hpp"
#include "dinorc/scoring/mixture_weights.hpp"
#include "dinorc/scoring/name_scorer.hpp"

namespace dinorc {

template <typename Real>
NetworkPredictor<Real> initial_network(std::size_t cell, std::size_t vocabulary_size, std::size_t hidden_size,
                                       std::size_t embedding_size) {
  CharacterNetwork<Real> network(cell_registry<Real>()[cell], vocabulary_size, hidden_size, embedding_size);
  network.initialize(cell);
  return NetworkPredictor<Real>(network);
}

// Of networks of different sizes, cells and float types, with their initial parameters.
inline void print_ensemble_hashes(const NameList& names, std::size_t vocabulary_size) {
  const Interrupted never = [] { return false; };
  const NetworkPredictor<float> one = initial_network<float>(0, vocabulary_size, 33, 0);
  const NetworkPredictor<double> two = initial_network<double>(1, vocabulary_size, 20, 7);
  const NetworkPredictor<float> three = initial_network<float>(2, vocabulary_size, 12, 3);

  const std::size_t characters = names.characters.size();
  std::vector<double> log_probabilities;
  for (const Predictor* member : std::initializer_list<const Predictor*>{&one, &two, &three}) {
    std::vector<double> nats(characters);
    score_each_character(*member, names, 2, never, nats);
    log_probabilities.insert(log_probabilities.end(), nats.begin(), nats.end());
  }
  const MixtureWeights found =
      find_mixture_weights({log_probabilities.data(), 3, characters, characters}, {0.5, 0.25, 0.25}, 10.0);
  BitHash of_weights;
  for (const double weight : found.weights) of_weights.add(weight);
  of_weights.add(found.loss);

  const EnsemblePredictor mixture({&one, &two, &three}, found.weights);
  std::vector<double> scores(names.size());
  score_names(mixture, names, -10.0, 2, never, std::span(scores));
  BitHash of_scores;
  for (const double score : scores) of_scores.add(score);

  BitHash of_draws;
  const NameRequest request{.seed = 3, .count = 100, .max_length = 30};
  for (const CharacterId character : sample_names(mixture, request, 2, never).names.characters) {
    of_draws.add(static_cast<std::uint64_t>(character), 4);
  }
  std::printf("ensemble: weights %016" PRIx64 " scores %016" PRIx64 " draws %016" PRIx64 "\n",
              of_weights.value(), of_scores.value(), of_draws.value());
}

}  // namespace dinorc
