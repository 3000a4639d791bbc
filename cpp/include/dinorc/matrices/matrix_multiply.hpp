// Matrix products between views, for code that does not want to think of strides.
#pragma once

#include <cstddef>
#include <type_traits>

#include "dinorc/foundations/views.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

enum class Start { from_zero, from_result };

// result (+)= left right, each sum running upwards over the rows of `right`. GCC inlines it only if it is
// declared inline, and for a single row and a small matrix passing the views takes noticeable time.
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

// The same rows, with as many of the zeros that pad them as fill their last vector.
template <typename Number>
MatrixView<Number> in_whole_vectors(MatrixView<Number> matrix) {
  const std::size_t lanes = active_kernels<std::remove_const_t<Number>>().lanes;
  return {matrix.data, matrix.rows, (matrix.columns + lanes - 1) / lanes * lanes, matrix.row_stride};
}

// result = sum over t of left<t> right<t> transposed, one outer product per row, from the last row to the
// first: the order in which backpropagation through time meets them. Or, with a descent, the result takes a
// step down this gradient.
template <typename Real>
void sum_outer_products_backwards(MatrixView<const Real> left, MatrixView<const Real> right,
                                  MatrixView<Real> result, const ClippedDescent<Real>* descent = nullptr) {
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
      .descent = descent,
  });
}

// sum = the rows added up from the last to the first: as a product, of a row of ones and the rows. Or, with a
// descent, `sum` takes a step down this gradient.
template <typename Real>
void sum_backwards(MatrixView<const Real> rows, Real* sum, const ClippedDescent<Real>* descent = nullptr) {
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
      .descent = descent,
  });
}

}  // namespace dinorc
