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

// Makes of a row of logits what choose() draws from, by the rules.
template <typename Real>
class CharacterWeights {
 public:
  CharacterWeights(const SamplingRules& rules, std::size_t vocabulary_size);

  // cumulative[i] = the weights of characters 0, ..., i, summed in this order in double. The likeliest
  // character has weight 1, one that the rules leave out 0.
  void compute(const Real* logits, bool may_end, double* cumulative);

 private:
  void keep_likeliest();

  SamplingRules rules_;
  std::vector<Real> logits_;          // [vocabulary_size], without an end that may not come; then their terms
  std::vector<double> weights_;       // [vocabulary_size]
  std::vector<double> kept_weights_;  // [vocabulary_size]
  std::vector<CharacterId> heap_;     // of the characters that have no rank yet, the likeliest on top
  std::vector<CharacterId> ranked_;   // the likeliest characters, in descending order
};

// The character into whose share of the weights a number that is uniform in [0, 1) falls.
CharacterId choose(const double* cumulative, std::size_t vocabulary_size, double uniform);

}  // namespace dinorc
