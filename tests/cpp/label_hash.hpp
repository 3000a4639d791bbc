// Hashes of a network trained on names with labels and weights, and of what it predicts without a label.
#pragma once

#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <span>
#include <vector>

#include "batch_hashes.hpp"
#include "dinorc/predictors/label_mixture.hpp"
#include "dinorc/predictors/labelled_predictor.hpp"

namespace dinorc {

// By turns the names have one of two labels, and weights of 1 to 5.
inline void print_label_hashes(const NameList& names, std::size_t vocabulary_size) {
  const Interrupted never = [] { return false; };
  NameList labelled;
  std::vector<double> weights;
  for (std::size_t i = 0; i < names.size(); ++i) {
    labelled.characters.push_back(static_cast<CharacterId>(vocabulary_size + i % 2));
    labelled.characters.insert(labelled.characters.end(), names[i].begin(), names[i].end());
    labelled.ends.push_back(labelled.characters.size());
    weights.push_back(static_cast<double>(1 + i % 5));
  }
  const BatchRecipe& recipe = batch_recipes[1];
  CharacterNetwork<float> network(cell_registry<float>().back(), vocabulary_size, recipe.hidden_size,
                                  recipe.embedding_size, 2);
  network.initialize(recipe.settings.seed);
  BatchTrainer<float> trainer(network, optimizer_registry<float>().front(), labelled, recipe.settings,
                              weights);
  while (trainer.position().epoch < recipe.settings.epochs) {
    trainer.run(std::numeric_limits<double>::infinity(), recipe.workers, never);
  }
  BitHash of_parameters;
  of_parameters.add(network.parameters().all());
  of_parameters.add(trainer.position().loss_sum);

  const NetworkPredictor<float> all(network);
  const LabelledPredictor one(all, static_cast<CharacterId>(vocabulary_size));
  const LabelledPredictor two(all, static_cast<CharacterId>(vocabulary_size + 1));
  const LabelMixture mixture({&one, &two}, {-0.5, -1.0});
  std::vector<double> scores(names.size());
  score_names(mixture, names, -10.0, recipe.workers, never, std::span(scores));
  BitHash of_scores;
  for (const double score : scores) of_scores.add(score);

  BitHash of_draws;
  const NameRequest request{.seed = 3, .count = 100, .max_length = 30};
  for (const CharacterId character : sample_names(mixture, request, recipe.workers, never).names.characters) {
    of_draws.add(static_cast<std::uint64_t>(character), 4);
  }
  std::printf("labels and weights: parameters %016" PRIx64 " scores %016" PRIx64 " draws %016" PRIx64 "\n",
              of_parameters.value(), of_scores.value(), of_draws.value());
}

}  // namespace dinorc
