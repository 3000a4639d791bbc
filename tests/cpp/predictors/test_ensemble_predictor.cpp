// An ensemble predicts the weighted mean of its members' probabilities.
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "check.hpp"
#include "dinorc/predictors/ensemble_predictor.hpp"
#include "dinorc/predictors/prefix_reader.hpp"
#include "predictor_registry.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t vocabulary_size = 6;

std::vector<Name> prefixes() {
  std::vector<Name> result = made_up_names(40, vocabulary_size, 9, 202);
  for (Name& prefix : result) prefix.pop_back();
  return result;
}

TEST("a character has the weighted mean of its members' probabilities") {
  CharacterNetwork<float> single = made_up_network(cell_registry<float>()[0], vocabulary_size, 5, 0, 11);
  CharacterNetwork<double> other = made_up_network(cell_registry<double>()[1], vocabulary_size, 19, 3, 12);
  const NetworkPredictor<float> one(single);
  const NetworkPredictor<double> two(other);
  for (const double weight : {0.0, 0.125, 0.7, 1.0}) {
    const Context context("weight ", weight);
    const EnsemblePredictor mixture({&one, &two, &one}, {weight, 1.0 - weight, 0.0});
    CHECK_EQUAL(mixture.vocabulary_size(), vocabulary_size);
    for (const Name& prefix : prefixes()) {
      const std::vector<double> p = next_character_log_probabilities(one, prefix);
      const std::vector<double> q = next_character_log_probabilities(two, prefix);
      const std::vector<double> actual = next_character_log_probabilities(mixture, prefix);
      double whole = 0.0;  // float32 makes it other than 1
      for (std::size_t i = 0; i < vocabulary_size; ++i) {
        whole += weight * std::exp(p[i]) + (1.0 - weight) * std::exp(q[i]);
      }
      CHECK_NEAR(whole, 1.0, 1e-6);
      for (std::size_t i = 0; i < vocabulary_size; ++i) {
        const double mean = weight * std::exp(p[i]) + (1.0 - weight) * std::exp(q[i]);
        CHECK_NEAR(actual[i], std::log(mean / whole), 1e-13);
      }
    }
  }
}

// A network that is sure of one character: the others have probability zero for it.
TEST("what one member holds for impossible is as likely as the others make it") {
  CharacterNetwork<double> sure = made_up_network(cell_registry<double>()[0], vocabulary_size, 5, 0, 13);
  sure.parameters().output_bias()[2] = 5000.0;
  CharacterNetwork<double> open = made_up_network(cell_registry<double>()[0], vocabulary_size, 5, 0, 14);
  const NetworkPredictor<double> one(sure), two(open);
  const std::vector<double> q = next_character_log_probabilities(two, {});
  const std::vector<double> mixed =
      next_character_log_probabilities(EnsemblePredictor({&one, &two}, {0.5, 0.5}), {});
  CHECK_NEAR(mixed[1], q[1] - std::log(2.0), 1e-13);
  const std::vector<double> alone =
      next_character_log_probabilities(EnsemblePredictor({&one, &one, &one}, {0.1, 0.2, 0.7}), {});
  CHECK_SAME_BITS(alone[2], 0.0);
  CHECK_SAME_BITS(alone[1], -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace dinorc::check
