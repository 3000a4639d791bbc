// Softmax and the cross-entropy of its probabilities with the characters that followed.
#pragma once

#include "dinorc/foundations/views.hpp"
#include "dinorc/names/characters.hpp"

namespace dinorc {

// probabilities = softmax of the logits: exp(logit - maximum) / sum of these. The two may be the same memory.
template <typename Real>
void softmax(VectorView<const Real> logits, VectorView<Real> probabilities);

// The loss in nats: minus the log-probability of targets[t] under the softmax of row t of the logits, summed
// over t upwards, in double. Writes the probabilities, which may take the place of the logits. The
// log-probability is taken as (logit - maximum) - log(sum), which stays finite where the probability itself
// would round to zero. `workspace` is three rows of targets.size() numbers.
template <typename Real>
double cross_entropy(MatrixView<const Real> logits, CharacterIds targets, MatrixView<Real> probabilities,
                     MatrixView<Real> workspace);

// Loss by the logits, in place of the probabilities: probability - 1 at the target, the probability
// elsewhere.
template <typename Real>
void cross_entropy_backward(CharacterIds targets, MatrixView<Real> probabilities);

}  // namespace dinorc
