// The plain recurrent cell of the course:  a<t> = tanh(W_ax x<t> + W_aa a<t-1> + b)
#pragma once

#include <cstddef>

#include "dinorc/cells/cell_step.hpp"
#include "dinorc/cells/recurrent_weights.hpp"
#include "dinorc/views.hpp"

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

  // Turns step.input, W_ax x<t> + b on entry, into the pre-activation and writes step.state_after.
  static void forward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step);

  // d_output: loss by a<t> through the output at t alone; changed in place.
  // d_state: loss by a<t> through t + 1 on entry, loss by a<t-1> through t on return.
  // d_input: loss by the pre-activation, written.
  static void backward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step,
                       MatrixView<Real> d_output, MatrixView<Real> d_state, MatrixView<Real> d_input);
};

}  // namespace dinorc
