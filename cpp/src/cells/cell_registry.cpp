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

template <typename Real>
std::span<const CellOperations<Real>> cell_registry() {
  static const std::vector<CellOperations<Real>> cells = listed_cells<Real>();
  return cells;
}

template std::span<const CellOperations<float>> cell_registry();
template std::span<const CellOperations<double>> cell_registry();

}  // namespace dinorc
