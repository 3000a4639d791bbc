// The matrix product of every instruction set against a naive triple loop, to the bit.
#include <cstddef>
#include <limits>
#include <vector>

#include "check.hpp"
#include "dinorc/kernels/kernel_table.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"
#include "made_up_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

template <typename Real>
void multiply_naively(const MatrixProduct<Real>& p) {
  for (std::size_t m = 0; m < p.rows; ++m) {
    for (std::size_t n = 0; n < p.columns; ++n) {
      const auto row = static_cast<std::ptrdiff_t>(m);
      Real* const result = p.result + row * p.result_row_stride + n;
      Real sum = p.accumulate ? *result : Real{0};
      for (std::size_t k = 0; k < p.depth; ++k) {
        const auto step = static_cast<std::ptrdiff_t>(k);
        const Real left = p.left[row * p.left_row_stride + step * p.left_depth_stride];
        const Real right = p.right[step * p.right_depth_stride + static_cast<std::ptrdiff_t>(n)];
        sum = sum + left * right;
      }
      if (p.descent != nullptr) {
        const Real maximum = p.descent->maximum;
        if (sum > maximum) sum = maximum;
        if (sum < -maximum) sum = -maximum;
        const Real step = p.descent->learning_rate * sum;
        sum = *result - step;
      }
      *result = sum;
    }
  }
}

struct Shape {
  std::size_t rows, columns, depth;
};

// How the operands lie in memory.
struct Layout {
  const char* name;
  std::size_t gap;         // numbers between the rows of each operand
  bool left_transposed;    // left(m, k) at k * stride + m
  bool depth_is_reversed;  // k runs from the last stored row (or column) to the first
  bool accumulate;
  bool descend = false;
};

constexpr Layout layouts[] = {
    {"rows side by side", 0, false, false, false},
    {"rows side by side, added to the result", 0, false, false, true},
    {"gaps between rows", 5, false, false, false},
    {"left transposed and time reversed, as in backpropagation", 3, true, true, false},
    {"left transposed, added to the result", 2, true, false, true},
    {"time reversed, added to the result", 1, false, true, true},
    {"as in backpropagation, with a step down the gradient", 3, true, true, false, true},
};

// No operand has a number more than its shape asks for, so that the address sanitizer sees what is read
// beyond; the result has guards between its rows and behind.
template <typename Real>
class Operands {
 public:
  Operands(const Shape& shape, const Layout& layout, MadeUpNumbers& numbers)
      : shape_(shape),
        layout_(layout),
        left_rows_(layout.left_transposed ? shape.depth : shape.rows),
        left_columns_(layout.left_transposed ? shape.rows : shape.depth),
        left_(numbers.numbers_of_many_sizes<Real>(size_of(left_rows_, left_columns_))),
        right_(numbers.numbers_of_many_sizes<Real>(size_of(shape.depth, shape.columns))),
        start_(numbers.numbers_of_many_sizes<Real>(shape.rows * (shape.columns + layout.gap) + 1)) {}

  // The whole memory of the result, guards included, after a product by `multiply`.
  template <typename Multiply>
  std::vector<Real> result_of(Multiply&& multiply) const {
    std::vector<Real> result = start_;
    const auto left_stride = static_cast<std::ptrdiff_t>(left_columns_ + layout_.gap);
    const auto right_stride = static_cast<std::ptrdiff_t>(shape_.columns + layout_.gap);
    const ClippedDescent<Real> descent{.maximum = Real{1}, .learning_rate = static_cast<Real>(0.3)};
    MatrixProduct<Real> product{
        .rows = shape_.rows,
        .columns = shape_.columns,
        .depth = shape_.depth,
        .left = left_.data(),
        .left_row_stride = layout_.left_transposed ? 1 : left_stride,
        .left_depth_stride = layout_.left_transposed ? left_stride : 1,
        .right = right_.data(),
        .right_depth_stride = right_stride,
        .result = result.data(),
        .result_row_stride = right_stride,
        .accumulate = layout_.accumulate,
        .descent = layout_.descend ? &descent : nullptr,
    };
    if (layout_.depth_is_reversed && shape_.depth > 0 && shape_.rows > 0) {
      const auto last = static_cast<std::ptrdiff_t>(shape_.depth - 1);
      product.left += last * product.left_depth_stride;
      product.left_depth_stride = -product.left_depth_stride;
      product.right += last * product.right_depth_stride;
      product.right_depth_stride = -product.right_depth_stride;
    }
    multiply(product);
    return result;
  }

 private:
  std::size_t size_of(std::size_t rows, std::size_t columns) const {
    // At depth 0 nothing is read, but a pointer may still be moved along a row or down a column.
    if (shape_.depth == 0) return shape_.rows * (1 + layout_.gap) + shape_.columns;
    return rows == 0 ? 0 : (rows - 1) * (columns + layout_.gap) + columns;
  }

  Shape shape_;
  Layout layout_;
  std::size_t left_rows_, left_columns_;
  std::vector<Real> left_, right_, start_;
};

template <typename Real>
void check_against_naive_loops(const Shape& shape, const Layout& layout, MadeUpNumbers& numbers) {
  const Context context("rows ", shape.rows, ", columns ", shape.columns, ", depth ", shape.depth, ", ",
                        layout.name);
  const Operands<Real> operands(shape, layout, numbers);
  const std::vector<Real> expected = operands.result_of(multiply_naively<Real>);
  for_each_table<Real>(
      [&](const KernelTable<Real>& table) { CHECK_SAME_BITS(operands.result_of(table.multiply), expected); });
}

TEST("a product of any shape has the bits of the triple loop and leaves the gaps alone") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(1);
    std::size_t shapes = 0;
    for (std::size_t rows = 0; rows <= 9; ++rows) {
      for (std::size_t columns = 1; columns <= 70; ++columns) {
        for (std::size_t depth = 0; depth <= 40; ++depth) {
          check_against_naive_loops<Real>({rows, columns, depth}, layouts[shapes++ % std::size(layouts)],
                                          numbers);
        }
      }
    }
  });
}

TEST("every layout, at the sizes where tiles begin and end") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(2);
    for (const Layout& layout : layouts) {
      for (const std::size_t rows : {1, 2, 3, 4, 5, 8}) {
        for (const std::size_t columns :
             {1, 2, 4, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200}) {
          for (const std::size_t depth : {0, 1, 2, 27, 64}) {
            check_against_naive_loops<Real>({rows, columns, depth}, layout, numbers);
          }
        }
      }
    }
  });
}

TEST("no columns, no result") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(3);
    check_against_naive_loops<Real>({5, 0, 7}, layouts[0], numbers);
  });
}

TEST("terms are rounded before they are added, never fused") {
  for_each_type([]<typename Real>() {
    // (1 + e)^2 - (1 + 2e) is e^2 in one operation with one rounding, and 0 in two.
    const Real e = std::numeric_limits<Real>::epsilon();
    const Real left = 1 + e;
    const std::vector<Real> right(40, 1 + e);
    for_each_table<Real>([&](const KernelTable<Real>& table) {
      std::vector<Real> result(40, -(1 + 2 * e));
      table.multiply({.rows = 1,
                      .columns = 40,
                      .depth = 1,
                      .left = &left,
                      .left_row_stride = 1,
                      .left_depth_stride = 1,
                      .right = right.data(),
                      .right_depth_stride = 40,
                      .result = result.data(),
                      .result_row_stride = 40,
                      .accumulate = true});
      CHECK_SAME_BITS(result, std::vector<Real>(40, 0));
    });
  });
}

TEST("subnormal numbers, infinities and NaN go through as in the triple loop") {
  for_each_type([]<typename Real>() {
    using Limits = std::numeric_limits<Real>;
    const Real values[] = {Limits::denorm_min(), -Limits::denorm_min(),
                           Limits::min() / 4,    Real{0.5},
                           Real{-0.0},           Real{0},
                           Limits::max(),        Real{2},
                           Limits::infinity(),   -Limits::infinity(),
                           Limits::quiet_NaN()};
    MadeUpNumbers numbers(4);
    constexpr std::size_t rows = 5, columns = 37, depth = 3;
    for (int round = 0; round < 50; ++round) {
      std::vector<Real> left(rows * depth), right(depth * columns);
      for (Real& each : left) each = values[numbers.below(std::size(values))];
      for (Real& each : right) each = values[numbers.below(std::size(values))];
      const auto product = [&](std::vector<Real>& result) -> MatrixProduct<Real> {
        return {.rows = rows,
                .columns = columns,
                .depth = depth,
                .left = left.data(),
                .left_row_stride = depth,
                .left_depth_stride = 1,
                .right = right.data(),
                .right_depth_stride = columns,
                .result = result.data(),
                .result_row_stride = columns,
                .accumulate = false};
      };
      std::vector<Real> expected(rows * columns);
      multiply_naively(product(expected));
      for_each_table<Real>([&](const KernelTable<Real>& table) {
        std::vector<Real> result(rows * columns);
        table.multiply(product(result));
        CHECK_SAME_BITS(result, expected);
      });
    }
  });
}

TEST("multiply() of views is left times right, to the result or from zero") {
  for_each_set_and_type([]<typename Real>() {
    MadeUpNumbers numbers(5);
    const std::vector<Real> left = numbers.numbers<Real>(3 * 6), right = numbers.numbers<Real>(4 * 9);
    const std::vector<Real> start = numbers.numbers<Real>(3 * 7);
    for (const Start from : {Start::from_zero, Start::from_result}) {
      std::vector<Real> result = start;
      multiply<Real>({left.data(), 3, 4, 6}, {right.data(), 4, 5, 9}, {result.data(), 3, 5, 7}, from);
      std::vector<Real> expected = start;
      for (std::size_t m = 0; m < 3; ++m) {
        for (std::size_t n = 0; n < 5; ++n) {
          Real& sum = expected[m * 7 + n];
          if (from == Start::from_zero) sum = 0;
          for (std::size_t k = 0; k < 4; ++k) sum = sum + left[m * 6 + k] * right[k * 9 + n];
        }
      }
      CHECK_SAME_BITS(result, expected);
    }
  });
}

TEST("outer products are summed from the last row to the first") {
  for_each_set_and_type([]<typename Real>() {
    MadeUpNumbers numbers(6);
    for (const std::size_t length : {1, 2, 7}) {
      const auto left = numbers.numbers_of_many_sizes<Real>(length * 6);
      const auto right = numbers.numbers_of_many_sizes<Real>(length * 9);
      std::vector<Real> result = numbers.numbers<Real>(3 * 7);
      std::vector<Real> expected = result;
      sum_outer_products_backwards<Real>({left.data(), length, 3, 6}, {right.data(), length, 5, 9},
                                         {result.data(), 3, 5, 7});
      for (std::size_t m = 0; m < 3; ++m) {
        for (std::size_t n = 0; n < 5; ++n) {
          Real& sum = expected[m * 7 + n] = 0;
          for (std::size_t t = length; t-- > 0;) sum = sum + left[t * 6 + m] * right[t * 9 + n];
        }
      }
      CHECK_SAME_BITS(result, expected);
    }
  });
}

TEST("a descent is a step down the clipped sums of outer products, or of rows") {
  for_each_set_and_type([]<typename Real>() {
    MadeUpNumbers numbers(64);
    const auto left = numbers.numbers<Real>(7 * 3), right = numbers.numbers<Real>(7 * 5);
    const auto start = numbers.numbers<Real>(3 * 5), bias = numbers.numbers<Real>(3);
    const ClippedDescent<Real> descent{.maximum = static_cast<Real>(0.5), .learning_rate = Real{2}};
    const MatrixView<const Real> left_rows{left.data(), 7, 3, 3};
    std::vector<Real> gradient(3 * 5), bias_gradient(3);
    sum_outer_products_backwards<Real>(left_rows, {right.data(), 7, 5, 5}, {gradient.data(), 3, 5, 5});
    sum_backwards<Real>(left_rows, bias_gradient.data());
    std::vector<Real> expected = start, expected_bias = bias, result = start, result_bias = bias;
    active_kernels<Real>().clip_and_descend(descent, gradient.data(), expected.data(), expected.size());
    active_kernels<Real>().clip_and_descend(descent, bias_gradient.data(), expected_bias.data(), 3);
    sum_outer_products_backwards<Real>(left_rows, {right.data(), 7, 5, 5}, {result.data(), 3, 5, 5},
                                       &descent);
    sum_backwards<Real>(left_rows, result_bias.data(), &descent);
    CHECK_SAME_BITS(result, expected);
    CHECK_SAME_BITS(result_bias, expected_bias);
  });
}

TEST("rows are summed from the last to the first") {
  for_each_set_and_type([]<typename Real>() {
    MadeUpNumbers numbers(63);
    for (const std::size_t length : {1, 2, 13}) {
      for (const std::size_t columns : {1, 5, 27, 64, 100}) {
        const std::size_t stride = columns + 3;
        const auto rows = numbers.numbers_of_many_sizes<Real>((length - 1) * stride + columns);
        std::vector<Real> sum = numbers.numbers<Real>(columns + 1);
        std::vector<Real> expected = sum;
        for (std::size_t n = 0; n < columns; ++n) {
          expected[n] = 0;
          for (std::size_t t = length; t-- > 0;) expected[n] = expected[n] + rows[t * stride + n];
        }
        sum_backwards<Real>({rows.data(), length, columns, stride}, sum.data());
        CHECK_SAME_BITS(sum, expected);
      }
    }
  });
}

}  // namespace
}  // namespace dinorc::check
