#include "dinorc/matrices/packed_matrix.hpp"

#include <algorithm>

#include "dinorc/foundations/sizes.hpp"
#include "dinorc/matrices/panels.hpp"
#include "dinorc/matrices/transpose.hpp"

namespace dinorc {
namespace {

// What the nearest cache holds besides the other operands.
constexpr std::size_t most_bytes_in_one_panel = 24 * 1024;

template <typename Real>
std::size_t panel_columns_for(std::size_t rows, std::size_t columns) {
  const std::size_t bytes = product_of_sizes(product_of_sizes(rows, padded<Real>(columns)), sizeof(Real));
  return bytes <= most_bytes_in_one_panel ? std::max(padded<Real>(columns), panel_columns<Real>)
                                          : panel_columns<Real>;
}

}  // namespace

template <typename Real>
PackedMatrix<Real>::PackedMatrix(std::size_t rows, std::size_t columns)
    : rows_(rows),
      columns_(columns),
      panel_columns_(panel_columns_for<Real>(rows, columns)),
      panels_(ceiling_quotient(columns, panel_columns_)),
      packed_(product_of_sizes(rows, padded<Real>(columns))),
      data_(packed_.data()) {}

template <typename Real>
MatrixView<Real> PackedMatrix<Real>::own_panel(std::size_t index) {
  const MatrixView<const Real> shape = panel(index);
  return {packed_.data() + first_column(index) * rows_, shape.rows, shape.columns, shape.row_stride};
}

template <typename Real>
void PackedMatrix<Real>::pack_panels(MatrixView<const Real> matrix, std::size_t first, std::size_t end) {
  for (std::size_t index = first; index < end; ++index) {
    const MatrixView<Real> target = own_panel(index);
    for (std::size_t row = 0; row < rows_; ++row) {
      std::copy_n(matrix.row(row) + first_column(index), target.columns, target.row(row));
    }
  }
}

template <typename Real>
void PackedMatrix<Real>::pack_transposed_panels(MatrixView<const Real> matrix, std::size_t first,
                                                std::size_t end) {
  for (std::size_t index = first; index < end; ++index) {
    const MatrixView<Real> target = own_panel(index);
    transpose<Real>(matrix.rows_from(first_column(index), target.columns), target);
  }
}

template <typename Real>
void PackedMatrix<Real>::refer_to_panels(MatrixView<const Real> matrix, std::size_t first, std::size_t end) {
  if (panels_ == 1 && matrix.row_stride == padded<Real>(columns_)) {
    if (first < end) data_ = matrix.data;
  } else {
    pack_panels(matrix, first, end);
  }
}

// Each panel is read in parts, for all rows of `left` at a time: the sums are carried from part to part in
// the result.
template <typename Real>
void multiply_by_panels(MatrixView<const Real> left, const PackedMatrix<Real>& right, MatrixView<Real> result,
                        Start start) {
  for (std::size_t index = 0; index < right.panels(); ++index) {
    const std::size_t first = right.first_column(index);
    const MatrixView<const Real> panel = right.panel(index);
    const MatrixView<Real> target{result.data + first, result.rows,
                                  std::min(panel.row_stride, result.columns - first), result.row_stride};
    std::size_t row = 0;
    do {
      const std::size_t rows = std::min(panel_rows_at_a_time, panel.rows - row);
      multiply<Real>({left.data + row, left.rows, rows, left.row_stride}, panel.rows_from(row, rows), target,
                     row == 0 ? start : Start::from_result);
      row += rows;
    } while (row < panel.rows);
  }
}

template class PackedMatrix<float>;
template class PackedMatrix<double>;
template void multiply_by_panels(MatrixView<const float>, const PackedMatrix<float>&, MatrixView<float>,
                                 Start);
template void multiply_by_panels(MatrixView<const double>, const PackedMatrix<double>&, MatrixView<double>,
                                 Start);

}  // namespace dinorc
