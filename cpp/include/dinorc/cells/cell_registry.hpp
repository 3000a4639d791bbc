// All cells, to be found at run time.
#pragma once

#include <cstddef>
#include <span>

#include "dinorc/cells/cell.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

// A cell, computed by the kernels that are in use when it is called.
template <typename Real>
struct CellOperations : CellShape {
  std::size_t number;  // its place in the registry, and in every table of kernels

  void forward(const CellStep<Real>& step) const { active_kernels<Real>().cells[number].forward(step); }
  void backward(const CellStep<Real>& step, const CellLosses<Real>& losses) const {
    active_kernels<Real>().cells[number].backward(step, losses);
  }
};

// The cells of cpp/src/cells/cell_list.hpp, in its order.
template <typename Real>
std::span<const CellOperations<Real>> cell_registry();

}  // namespace dinorc
