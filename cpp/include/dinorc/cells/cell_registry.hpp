// All cells, to be found at run time.
#pragma once

#include <cstddef>
#include <span>

#include "dinorc/cells/cell_step.hpp"
#include "dinorc/cells/recurrent_weights.hpp"
#include "dinorc/views.hpp"

namespace dinorc {

// What a cell is to code that has no cell as a template argument; see RecurrentCell.
template <typename Real>
struct CellOperations {
  const char* name;
  std::size_t blocks;
  std::size_t input_blocks;
  std::size_t recurrent_blocks;
  std::size_t state_vectors;
  void (*forward)(const RecurrentWeights<Real>& weights, const CellStep<Real>& step);
  void (*backward)(const RecurrentWeights<Real>& weights, const CellStep<Real>& step,
                   MatrixView<Real> d_output, MatrixView<Real> d_state, MatrixView<Real> d_input);
};

template <typename Real>
std::span<const CellOperations<Real>> cell_registry();

}  // namespace dinorc
