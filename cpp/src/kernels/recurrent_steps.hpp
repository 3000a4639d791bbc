// The steps of a plain RNN, each of which waits for the one before.
//
// A step's product, of a single row, and its tanh take so little time that the calls of one kernel after the
// other, and the constants of tanh loaded at each of them, would add a tenth to it.
#pragma once

#include <cstddef>

#include "dinorc/kernels/kernel_table.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/matrix_product.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// A row times the weights, in whole vectors; the row and the result are still to be named.
template <typename Real>
DINORC_INLINE MatrixProduct<Real> row_times_weights(const RecurrentSteps<Real>& steps, bool accumulate) {
  return {
      .rows = 1,
      .columns = (steps.hidden_size + lanes<Real> - 1) / lanes<Real> * lanes<Real>,
      .depth = steps.hidden_size,
      .left = nullptr,
      .left_row_stride = 0,
      .left_depth_stride = 1,
      .right = steps.weights,
      .right_depth_stride = static_cast<std::ptrdiff_t>(steps.row_stride),
      .result = nullptr,
      .result_row_stride = 0,
      .accumulate = accumulate,
  };
}

template <typename Real>
void steps_forward_kernel(const RecurrentSteps<Real>& steps, Real* states) {
  MatrixProduct<Real> product = row_times_weights(steps, true);
  for (std::size_t t = 0; t < steps.length; ++t) {
    product.left = states + t * steps.row_stride;
    product.result = states + (t + 1) * steps.row_stride;
    multiply_single_row(product);
    map_tanh(product.result, product.result, product.columns);
  }
}

template <typename Real>
void steps_backward_kernel(const RecurrentSteps<Real>& steps, const Real* states, Real* d_states,
                           Real* da_next) {
  MatrixProduct<Real> product = row_times_weights(steps, false);
  product.result = da_next;
  for (std::size_t t = steps.length; t-- > 0;) {
    Real* const dz = d_states + t * steps.row_stride;
    map_tanh_backward(states + (t + 1) * steps.row_stride, dz, da_next, dz, product.columns);
    product.left = dz;
    if (t > 0) multiply_single_row(product);
  }
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
