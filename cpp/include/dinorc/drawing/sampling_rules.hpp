// Which characters may follow, and how likely: temperature, top-k and top-p.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "dinorc/names/characters.hpp"

namespace dinorc {

// In this order: the logits are divided by the temperature; of all characters the `top_k` likeliest stay;
// and of these the smallest set of the likeliest whose probabilities reach `top_p`. Of equally likely
// characters the one with the lower id counts as the likelier.
struct SamplingRules {
  static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

  double temperature = 1.0;  // above 0 and finite
  std::size_t top_k = all;   // 1 or more
  double top_p = 1.0;        // above 0, at most 1
};

// Turns a row of logits, by the rules, into weights to draw by.
class CharacterWeights {
 public:
  CharacterWeights(const SamplingRules& rules, std::size_t vocabulary_size);

  // Whether the terms of the predictor's softmax are the weights: at temperature 1, and with all characters.
  bool change_nothing() const { return rules_.temperature == 1.0 && keep_all(); }

  // A weight for each character. The likeliest has weight 1; one that the rules leave out has weight 0.
  void compute(const double* logits, double* weights);

 private:
  bool keep_all() const;
  void keep_likeliest(const double* logits, double* weights);

  SamplingRules rules_;
  std::vector<double> kept_weights_;  // [vocabulary_size]
  std::vector<CharacterId> heap_;     // of the characters that have no rank yet, the likeliest on top
  std::vector<CharacterId> ranked_;   // the likeliest characters, in descending order
};

// cumulative[i] = the weights of characters 0, ..., i, summed in this order.
void add_up(const double* weights, std::size_t vocabulary_size, double* cumulative);

// The character that the target falls to: the first whose cumulative weight is above it. The target is at
// least 0 and below the sum of all; should it be NaN, the last character is chosen.
CharacterId choose(const double* cumulative, std::size_t vocabulary_size, double target);

}  // namespace dinorc
