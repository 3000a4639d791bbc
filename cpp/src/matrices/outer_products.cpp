#include "dinorc/matrices/outer_products.hpp"

#include <algorithm>

#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/panels.hpp"

namespace dinorc {
namespace {

// A panel of `left` is packed once for this many of `right`, which the second-level cache holds together.
constexpr std::size_t right_panels_at_a_time = 8;

template <typename Real>
constexpr std::size_t panel_size = panel_rows_at_a_time * panel_columns<Real>;

template <typename Real>
constexpr std::size_t columns_at_a_time = right_panels_at_a_time * panel_columns<Real>;

template <typename Number>
MatrixView<Number> columns_of(MatrixView<Number> matrix, std::size_t first, std::size_t most) {
  return matrix.columns_from(first, std::min(most, matrix.columns - first));
}

// Copies a matrix of at most a panel's columns.
template <typename Real>
void pack_panel(MatrixView<const Real> matrix, Real* panel) {
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    std::copy_n(matrix.row(row), matrix.columns, panel + row * panel_columns<Real>);
  }
}

}  // namespace

template <typename Real>
OuterProducts<Real>::OuterProducts()
    : left_(panel_size<Real>), right_(right_panels_at_a_time * panel_size<Real>) {}

// One block of rows after the other: the sums are carried from block to block in the result.
template <typename Real>
void OuterProducts<Real>::sum(MatrixView<const Real> left, MatrixView<const Real> right,
                              MatrixView<Real> result, Start start) noexcept {
  std::size_t row = 0;
  do {
    const std::size_t rows = std::min(panel_rows_at_a_time, left.rows - row);
    for (std::size_t column = 0; column < result.columns; column += columns_at_a_time<Real>) {
      add_block(left.rows_from(row, rows),
                columns_of(right.rows_from(row, rows), column, columns_at_a_time<Real>),
                columns_of(result, column, columns_at_a_time<Real>), row == 0 ? start : Start::from_result);
    }
    row += rows;
  } while (row < left.rows);
}

template <typename Real>
void OuterProducts<Real>::add_block(MatrixView<const Real> left, MatrixView<const Real> right,
                                    MatrixView<Real> result, Start start) noexcept {
  constexpr std::size_t width = panel_columns<Real>;
  const auto packed_right = [this](std::size_t column) {
    return right_.data() + column / width * panel_size<Real>;
  };
  for (std::size_t column = 0; column < right.columns; column += width) {
    pack_panel(columns_of(right, column, width), packed_right(column));
  }
  for (std::size_t row = 0; row < left.columns; row += width) {
    const MatrixView<const Real> left_part = columns_of(left, row, width);
    pack_panel(left_part, left_.data());
    for (std::size_t column = 0; column < result.columns; column += width) {
      active_kernels<Real>().multiply({
          .rows = left_part.columns,
          .columns = std::min(width, result.columns - column),
          .depth = left.rows,
          .left = left_.data(),
          .left_row_stride = 1,
          .left_depth_stride = static_cast<std::ptrdiff_t>(width),
          .right = packed_right(column),
          .right_depth_stride = static_cast<std::ptrdiff_t>(width),
          .result = result.row(row) + column,
          .result_row_stride = static_cast<std::ptrdiff_t>(result.row_stride),
          .accumulate = start == Start::from_result,
      });
    }
  }
}

template class OuterProducts<float>;
template class OuterProducts<double>;

}  // namespace dinorc
