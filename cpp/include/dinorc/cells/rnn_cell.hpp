// The plain recurrent cell of the course:  a<t> = tanh(W_ax x<t> + W_aa a<t-1> + b)
#pragma once

#include <cstddef>

#include "dinorc/cells/cell_step.hpp"

namespace dinorc {

template <typename Real>
class RnnCell {
 public:
  using Number = Real;
  static constexpr const char* name = "rnn";
  static constexpr std::size_t blocks = 1;
  static constexpr std::size_t input_blocks = 1;
  static constexpr std::size_t recurrent_blocks = 1;
  static constexpr std::size_t state_vectors = 1;
  static constexpr std::size_t kept_vectors = 0;

  // Leaves step.blocks, the pre-activation z<t>, as it is, and writes step.state_after, a<t>.
  static void forward(const CellStep<Real>& step);

  // All that the loss by a<t-1> is lies in the product: losses.d_state_before stays as it is.
  static void backward(const CellStep<Real>& step, const CellLosses<Real>& losses);
};

}  // namespace dinorc
