// Sums of outer products: the gradients of weights, from many rows of a batch at once.
#pragma once

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/views.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"

namespace dinorc {

// A workspace for such sums, of a fixed size whatever the matrices are. Each thread has one of its own and
// computes a part of the result: some rows, from the same columns of `left`, or some columns, from the same
// columns of `right`.
template <typename Real>
class OuterProducts {
 public:
  OuterProducts();

  // result (+)= sum over n = 0, 1, ... of left<n> right<n> transposed, one outer product per row, for left
  // [n][result.rows] and right [n][result.columns].
  void sum(MatrixView<const Real> left, MatrixView<const Real> right, MatrixView<Real> result,
           Start start) noexcept;

 private:
  void add_block(MatrixView<const Real> left, MatrixView<const Real> right, MatrixView<Real> result,
                 Start start) noexcept;

  AlignedBuffer<Real> left_;   // [rows at a time][panel columns]
  AlignedBuffer<Real> right_;  // [panels at a time][rows at a time][panel columns]
};

}  // namespace dinorc
