// The weights with which several models together predict some characters best.
#pragma once

#include <vector>

#include "dinorc/foundations/views.hpp"

namespace dinorc {

struct MixtureWeights {
  std::vector<double> weights;  // of the members; their sum is 1 but for rounding
  double loss = 0.0;            // of the mixture, in nats per character
};

// Expectation-maximisation (Dempster, Laird & Rubin 1977) from the weights `prior`, which sum to 1, until no
// weight changes by more than a millionth, or for 1,000 rounds. The prior counts as much as
// `prior_characters` characters that each member predicts in its share. `log_probabilities` are
// [members][characters], and are overwritten; where a character is impossible for all members, it has no say.
MixtureWeights find_mixture_weights(MatrixView<double> log_probabilities, const std::vector<double>& prior,
                                    double prior_characters);

}  // namespace dinorc
