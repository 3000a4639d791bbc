#include "dinorc/cells/cell_registry.hpp"

#include <vector>

namespace dinorc {
namespace {

template <typename Real>
std::vector<CellOperations<Real>> listed_cells() {
  const KernelTable<Real>& kernels = active_kernels<Real>();  // any table would do: all have the same cells
  std::vector<CellOperations<Real>> cells;
  for (std::size_t i = 0; i < kernels.cell_count; ++i) cells.push_back({kernels.cells[i].shape, i});
  return cells;
}

}  // namespace

template <>
std::span<const CellOperations<float>> cell_registry() {
  static const std::vector<CellOperations<float>> cells = listed_cells<float>();
  return cells;
}

template <>
std::span<const CellOperations<double>> cell_registry() {
  static const std::vector<CellOperations<double>> cells = listed_cells<double>();
  return cells;
}

}  // namespace dinorc
