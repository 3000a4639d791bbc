// The arithmetic loops of the core, as a table of functions: the only place where results are computed.
//
// The table hides which instruction set the loops were compiled for. Every copy gives the same bits: each
// output element has one accumulator that runs over the reduction index in ascending order, vectors run
// across outputs only, and each exp, tanh and log is the same sequence of IEEE operations.
#pragma once

#include <cstddef>

#include "dinorc/foundations/views.hpp"
#include "dinorc/kernels/kernel_arguments.hpp"

namespace dinorc {

// result(m, n) = start(m, n) + sum over k = 0, 1, ..., depth - 1 of left(m, k) * right(k, n)
//
// `start` is zero, or what `result` held before where `accumulate` is set. Elements of one row of `right` and
// of `result` lie side by side; `left` may have any strides, so that a transposed or a time-reversed matrix
// needs no copy. Where there is a `descent`, the result takes a step down the gradient instead, which the sum
// from zero is: result(m, n) = result(m, n) - learning_rate * (the sum clipped as by clip).
template <typename Real>
struct MatrixProduct {
  std::size_t rows;
  std::size_t columns;
  std::size_t depth;
  const Real* left;
  std::ptrdiff_t left_row_stride;
  std::ptrdiff_t left_depth_stride;
  const Real* right;
  std::ptrdiff_t right_depth_stride;
  Real* result;
  std::ptrdiff_t result_row_stride;
  bool accumulate;
  const ClippedDescent<Real>* descent = nullptr;
};

template <typename Real>
struct CellKernels;  // in cells/cell.hpp

template <typename Real>
struct KernelTable {
  // The numbers in a vector: rows padded to a multiple of it have no slow end.
  std::size_t lanes;

  void (*multiply)(const MatrixProduct<Real>& product);

  // y[i] = f(x[i]); x and y may be the same array.
  void (*exp)(const Real* x, Real* y, std::size_t size);
  void (*tanh)(const Real* x, Real* y, std::size_t size);
  void (*sigmoid)(const Real* x, Real* y, std::size_t size);
  void (*log)(const Real* x, Real* y, std::size_t size);

  // y[i] = y[i] + x[i]
  void (*add)(const Real* x, Real* y, std::size_t size);

  // sums[i] = x[i] + y[i]; any of the three may be the same array.
  void (*sum)(const Real* x, const Real* y, Real* sums, std::size_t size);

  // sums[i] = sums[i] + weight * exp(x[i])
  void (*add_weighted_exp)(Real weight, const Real* x, Real* sums, std::size_t size);

  // x[i] into [-maximum, maximum]; a NaN stays a NaN.
  void (*clip)(Real maximum, Real* x, std::size_t size);

  // parameters[i] = parameters[i] - learning_rate * gradients[i]
  void (*descend)(Real learning_rate, const Real* gradients, Real* parameters, std::size_t size);

  // parameters[i] = parameters[i] - learning_rate * (gradients[i] clipped as by clip)
  void (*clip_and_descend)(const ClippedDescent<Real>& descent, const Real* gradients, Real* parameters,
                           std::size_t size);

  // d_x[i] = (1 - y[i] * y[i]) * (d_y[i] + d_y_next[i]), the derivative of y = tanh(x), where the loss
  // depends on y in two ways
  void (*tanh_backward)(const Real* y, const Real* d_y, const Real* d_y_next, Real* d_x, std::size_t size);

  // Steps of a plain RNN, one after the other. Forward, row t + 1 of the states, which holds W_ax x + b of
  // that step, becomes
  //   a(t + 1) = tanh(W_ax x + b + a(t) weights)
  // and backward, from the last step down, row t of d_states, the loss by a(t + 1) through the output,
  // becomes
  //   dz(t) = (1 - a(t + 1) a(t + 1)) (d_states(t) + da_next),   da_next = dz(t) weights,
  // where da_next holds at first what it is for the last step.
  void (*steps_forward)(const RecurrentSteps<Real>& steps, Real* states);
  void (*steps_backward)(const RecurrentSteps<Real>& steps, const Real* states, Real* d_states,
                         Real* da_next);

  // The steps of the cells between the products; the equations stand in cpp/src/cells/.
  const CellKernels<Real>* cells;
  std::size_t cell_count;

  // y[i] = scale * x[i], or 0 where number i is dropped; x and y may be the same array.
  void (*dropout)(const Dropout<Real>& dropout, const Real* x, Real* y, std::size_t size);

  // One step each of the optimizers; the equations stand in kernels/optimizer_kernels.hpp.
  void (*adam)(const AdamStep<Real>& step, const Real* gradients, Real* means, Real* squares,
               Real* parameters, std::size_t size);
  void (*sgd)(const DescentStep<Real>& step, const Real* gradients, Real* parameters, std::size_t size);

  // x[0] x[0] + x[1] x[1] + ..., in binary64 and in a fixed order.
  double (*sum_of_squares)(const Real* x, std::size_t size);

  // exponentials(r, i) = exp(logits(r, i) - maxima[r]), with the maximum of each row, which is also written.
  // The two matrices may be the same.
  void (*softmax_terms)(MatrixView<const Real> logits, MatrixView<Real> exponentials, Real* maxima);

  // sums[r] = x(r, 0) + x(r, 1) + ..., in this order
  void (*sum_rows)(MatrixView<const Real> x, Real* sums);

  // x(r, i) = x(r, i) / divisors[r]
  void (*divide_rows)(const Real* divisors, MatrixView<Real> x);

  // target(c, r) = source(r, c); a copy, no arithmetic. The strides are those from row to row.
  void (*transpose)(const Real* source, std::size_t rows, std::size_t columns, std::size_t source_stride,
                    Real* target, std::size_t target_stride);

  // Whether no x[i] is an infinity or a NaN.
  bool (*all_finite)(const Real* x, std::size_t size);
};

}  // namespace dinorc
