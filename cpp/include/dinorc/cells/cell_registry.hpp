// All cells, to be found at run time.
#pragma once

#include <cstddef>
#include <span>

#include "dinorc/cells/cell_step.hpp"

namespace dinorc {

// What a cell is to code that has no cell as a template argument; see RecurrentCell.
template <typename Real>
struct CellOperations {
  const char* name;
  std::size_t blocks;
  std::size_t input_blocks;
  std::size_t recurrent_blocks;
  std::size_t state_vectors;
  std::size_t kept_vectors;
  void (*forward)(const CellStep<Real>& step);
  void (*backward)(const CellStep<Real>& step, const CellLosses<Real>& losses);
};

template <typename Real>
std::span<const CellOperations<Real>> cell_registry();

}  // namespace dinorc
