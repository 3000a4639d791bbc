// The gated recurrent unit (Cho et al. 2014), its reset gate applied after the recurrent product.
#pragma once

#include <cstddef>

#include "dinorc/cells/cell_step.hpp"
#include "dinorc/cells/recurrent_weights.hpp"
#include "dinorc/views.hpp"

namespace dinorc {

// Blocks (n, r, z, q): candidate, reset gate, update gate, and the candidate's recurrent part, which the
// reset gate scales before it comes to n. Hence n has input weights alone, and q recurrent weights alone;
// both have a bias. State: the hidden output h.
template <typename Real>
class GruCell {
 public:
  using Number = Real;
  static constexpr const char* name = "gru";
  static constexpr std::size_t blocks = 4;
  static constexpr std::size_t input_blocks = 3;
  static constexpr std::size_t recurrent_blocks = 3;
  static constexpr std::size_t state_vectors = 1;

  // Turns step.input, the biases and W x<t> onto (n, r, z) on entry, into the activations n, r, z and the
  // q that belongs to them, and writes step.state_after.
  static void forward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step);

  // d_output: loss by h<t> through the output at t alone.
  // d_state: loss by h<t> through t + 1 on entry, loss by h<t-1> through t on return.
  // d_input: loss by the pre-activations, written.
  static void backward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step,
                       MatrixView<Real> d_output, MatrixView<Real> d_state, MatrixView<Real> d_input);
};

}  // namespace dinorc
