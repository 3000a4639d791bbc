// The long short-term memory (Hochreiter & Schmidhuber 1997) with a forget gate (Gers et al. 2000).
#pragma once

#include <cstddef>

#include "dinorc/cells/cell_step.hpp"

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
  static constexpr std::size_t kept_vectors = 1;

  // Turns step.blocks, the pre-activations z<t>, into the activations (i, f, g, o), and writes
  // step.state_after, (h<t>, c<t>), and step.kept, tanh(c<t>).
  static void forward(const CellStep<Real>& step);

  // Only c<t-1> is met outside of the product: the half of losses.d_state_before for h<t-1> stays as it is.
  static void backward(const CellStep<Real>& step, const CellLosses<Real>& losses);
};

}  // namespace dinorc
