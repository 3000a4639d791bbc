// One table of kernels. Compiled once per instruction set, each time with its own DINORC_KERNEL_NAMESPACE.
#include "cells/cell_list.hpp"
#include "dinorc/kernels/kernel_table.hpp"
#include "kernels/dropout.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/matrix_product.hpp"
#include "kernels/optimizer_kernels.hpp"
#include "kernels/recurrent_steps.hpp"
#include "kernels/softmax.hpp"
#include "kernels/sum_of_squares.hpp"
#include "kernels/transpose.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

template <typename Real>
static constexpr KernelTable<Real> make_table() {
  return {
      .lanes = lanes<Real>,
      .multiply = multiply_kernel<Real>,
      .exp = exp_kernel<Real>,
      .tanh = tanh_kernel<Real>,
      .sigmoid = sigmoid_kernel<Real>,
      .log = log_kernel<Real>,
      .add = add_kernel<Real>,
      .sum = sum_kernel<Real>,
      .add_weighted_exp = add_weighted_exp_kernel<Real>,
      .clip = clip_kernel<Real>,
      .descend = descend_kernel<Real>,
      .clip_and_descend = clip_and_descend_kernel<Real>,
      .tanh_backward = tanh_backward_kernel<Real>,
      .steps_forward = steps_forward_kernel<Real>,
      .steps_backward = steps_backward_kernel<Real>,
      .cells = cells<Real>,
      .cell_count = sizeof(cells<Real>) / sizeof(cells<Real>[0]),
      .dropout = dropout_kernel<Real>,
      .adam = adam_kernel<Real>,
      .sgd = sgd_kernel<Real>,
      .sum_of_squares = sum_of_squares_kernel<Real>,
      .softmax_terms = softmax_terms_kernel<Real>,
      .sum_rows = sum_rows_kernel<Real>,
      .divide_rows = divide_rows_kernel<Real>,
      .transpose = transpose_kernel<Real>,
      .all_finite = all_finite_kernel<Real>,
  };
}

// As declared in tables.hpp; without `extern` a constant would be this file's own.
extern const KernelTable<float> float32_table;
extern const KernelTable<double> float64_table;

constinit const KernelTable<float> float32_table = make_table<float>();
constinit const KernelTable<double> float64_table = make_table<double>();

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
