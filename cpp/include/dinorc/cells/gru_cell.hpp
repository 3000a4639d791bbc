// The gated recurrent unit (Cho et al. 2014), its reset gate applied after the recurrent product.
#pragma once

#include <cstddef>

#include "dinorc/cells/cell_step.hpp"

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
  static constexpr std::size_t kept_vectors = 0;

  // Turns step.blocks, the pre-activations z_n = W_n x<t> + b_n, z_r, z_z and z_q, into the activations n, r,
  // z and the q that belongs to them, and writes step.state_after, h<t>.
  static void forward(const CellStep<Real>& step);
  static void backward(const CellStep<Real>& step, const CellLosses<Real>& losses);
};

}  // namespace dinorc
