// The long short-term memory (Hochreiter & Schmidhuber 1997) with a forget gate (Gers et al. 2000).
#pragma once

#include <cstddef>

#include "dinorc/cells/cell_step.hpp"
#include "dinorc/cells/recurrent_weights.hpp"
#include "dinorc/views.hpp"

namespace dinorc {

// Blocks (i, f, g, o): input gate, forget gate, candidate, output gate. State (h, c): hidden output, memory.
template <typename Real>
class LstmCell {
 public:
  using Number = Real;
  static constexpr const char* name = "lstm";
  static constexpr std::size_t blocks = 4;
  static constexpr std::size_t input_blocks = 4;
  static constexpr std::size_t recurrent_blocks = 4;
  static constexpr std::size_t state_vectors = 2;

  // Turns step.input, W x<t> + b on entry, into the activations (i, f, g, o) and writes step.state_after.
  static void forward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step);

  // d_output: loss by h<t> through the output at t alone.
  // d_state: loss by (h<t>, c<t>) through t + 1 on entry, loss by (h<t-1>, c<t-1>) through t on return.
  // d_input: loss by the pre-activations, written.
  static void backward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step,
                       MatrixView<Real> d_output, MatrixView<Real> d_state, MatrixView<Real> d_input);
};

}  // namespace dinorc
