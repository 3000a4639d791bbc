// Hashes of what mini-batches compute: parameters after training, scores and draws, for every cell.
#pragma once

#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <span>
#include <vector>

#include "dinorc/drawing/name_sampling.hpp"
#include "dinorc/foundations/bit_hash.hpp"
#include "dinorc/names/name_list.hpp"
#include "dinorc/predictors/network_predictor.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "dinorc/training/batch_trainer.hpp"

namespace dinorc {

struct BatchRecipe {
  std::size_t hidden_size;
  std::size_t embedding_size;
  std::size_t workers;
  TrainingSettings settings;
};

// One recipe without options, and one with everything that can be switched on.
inline constexpr BatchRecipe batch_recipes[] = {
    {33,
     0,
     1,
     {.seed = 1,
      .batch_size = 25,
      .epochs = 2,
      .learning_rate = 0.05,
      .schedule = Schedule::constant,
      .weight_decay = 0.0,
      .dropout = 0.0,
      .clip_value = std::numeric_limits<double>::infinity(),
      .clip_norm = std::numeric_limits<double>::infinity()}},
    {20,
     7,
     2,
     {.seed = 2,
      .batch_size = 32,
      .epochs = 3,
      .learning_rate = 0.01,
      .schedule = Schedule::one_cycle,
      .weight_decay = 0.01,
      .dropout = 0.3,
      .clip_value = 0.1,
      .clip_norm = 1.0}},
};

template <typename Real>
void print_batch_hashes(const CellOperations<Real>& cell, const OptimizerOperations<Real>& optimizer,
                        const BatchRecipe& recipe, const NameList& names, std::size_t vocabulary_size) {
  const Interrupted never = [] { return false; };
  CharacterNetwork<Real> network(cell, vocabulary_size, recipe.hidden_size, recipe.embedding_size);
  network.initialize(recipe.settings.seed);
  BatchTrainer<Real> trainer(network, optimizer, names, recipe.settings);
  bool finite = true;
  while (finite && trainer.position().epoch < recipe.settings.epochs) {
    finite = trainer.run(std::numeric_limits<double>::infinity(), recipe.workers, never) !=
             TrainingOutcome::not_finite;
  }
  BitHash of_parameters;
  of_parameters.add(network.parameters().all());
  of_parameters.add(trainer.position().loss_sum);

  std::vector<double> scores(names.size());
  const NetworkPredictor<Real> predictor(network);
  score_names(predictor, names, -10.0, recipe.workers, never, std::span(scores));
  BitHash of_scores;
  for (const double score : scores) of_scores.add(score);

  BitHash of_draws;
  const NameRequest request{.seed = 3, .count = 100, .max_length = 30};
  for (const CharacterId character :
       sample_names(predictor, request, recipe.workers, never).names.characters) {
    of_draws.add(static_cast<std::uint64_t>(character), 4);
  }
  std::printf("%s %s %s hidden %zu embedding %zu: parameters %016" PRIx64 " scores %016" PRIx64
              " draws %016" PRIx64 "%s\n",
              sizeof(Real) == 8 ? "float64" : "float32", cell.name, optimizer.name, recipe.hidden_size,
              recipe.embedding_size, of_parameters.value(), of_scores.value(), of_draws.value(),
              finite ? "" : " (diverged)");
}

// A line for each cell, optimizer and recipe.
template <typename Real>
void print_all_batch_hashes(const NameList& names, std::size_t vocabulary_size) {
  for (const CellOperations<Real>& cell : cell_registry<Real>()) {
    for (const OptimizerOperations<Real>& optimizer : optimizer_registry<Real>()) {
      for (const BatchRecipe& recipe : batch_recipes) {
        print_batch_hashes(cell, optimizer, recipe, names, vocabulary_size);
      }
    }
  }
}

}  // namespace dinorc
