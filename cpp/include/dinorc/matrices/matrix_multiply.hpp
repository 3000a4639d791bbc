// Matrix products between views, for code that has views and no strides to think of.
#pragma once

#include <cstddef>

#include "dinorc/foundations/views.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

enum class Start { from_zero, from_result };

// result (+)= left right, each sum running upwards over the rows of `right`. GCC inlines it only where it is
// declared so, and beside a single row times a small matrix, handing the views over takes a while.
template <typename Real>
inline void multiply(MatrixView<const Real> left, MatrixView<const Real> right, MatrixView<Real> result,
                     Start start) {
  active_kernels<Real>().multiply({
      .rows = result.rows,
      .columns = result.columns,
      .depth = right.rows,
      .left = left.data,
      .left_row_stride = static_cast<std::ptrdiff_t>(left.row_stride),
      .left_depth_stride = 1,
      .right = right.data,
      .right_depth_stride = static_cast<std::ptrdiff_t>(right.row_stride),
      .result = result.data,
      .result_row_stride = static_cast<std::ptrdiff_t>(result.row_stride),
      .accumulate = start == Start::from_result,
  });
}

// result = sum over t of left<t> right<t> transposed, an outer product a row, from the last row to the first:
// the order in which backpropagation through time meets them.
template <typename Real>
void sum_outer_products_backwards(MatrixView<const Real> left, MatrixView<const Real> right,
                                  MatrixView<Real> result) {
  active_kernels<Real>().multiply({
      .rows = result.rows,
      .columns = result.columns,
      .depth = right.rows,
      .left = left.row(left.rows - 1),
      .left_row_stride = 1,
      .left_depth_stride = -static_cast<std::ptrdiff_t>(left.row_stride),
      .right = right.row(right.rows - 1),
      .right_depth_stride = -static_cast<std::ptrdiff_t>(right.row_stride),
      .result = result.data,
      .result_row_stride = static_cast<std::ptrdiff_t>(result.row_stride),
      .accumulate = false,
  });
}

// sum = the rows added up from the last to the first: 1 times each, a product like any other.
template <typename Real>
void sum_backwards(MatrixView<const Real> rows, Real* sum) {
  static constexpr Real one{1};
  active_kernels<Real>().multiply({
      .rows = 1,
      .columns = rows.columns,
      .depth = rows.rows,
      .left = &one,
      .left_row_stride = 0,
      .left_depth_stride = 0,
      .right = rows.row(rows.rows - 1),
      .right_depth_stride = -static_cast<std::ptrdiff_t>(rows.row_stride),
      .result = sum,
      .result_row_stride = 0,
      .accumulate = false,
  });
}

}  // namespace dinorc
