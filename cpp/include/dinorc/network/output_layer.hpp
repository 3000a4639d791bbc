// The output layer: from states to logits, and from logits to the terms of log-probabilities.
#pragma once

#include "dinorc/foundations/views.hpp"
#include "dinorc/network/packed_parameters.hpp"

namespace dinorc {

// logits = W_y h + b_y, one row per state, with h the hidden output: a state's first numbers. The logits
// include their padding as further columns.
template <typename Real>
void compute_logits(const PackedParameters<Real>& parameters, MatrixView<const Real> states,
                    MatrixView<Real> logits) noexcept;

// With m the largest logit of a row and s = sum over k of exp(logits_k - m), the log-probability of character
// k is (logits_k - m) - log(s). Writes log(s) of each row of the terms, exp(logits - m).
template <typename Real>
void compute_log_sums(MatrixView<const Real> terms, Real* log_sums) noexcept;

}  // namespace dinorc
