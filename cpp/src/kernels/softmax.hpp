// The softmax of each row: its terms, their sums, and the quotients.
#pragma once

#include "dinorc/foundations/views.hpp"
#include "kernels/elementwise.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// The largest of size >= 1 numbers. Those of the last vector may be looked at twice.
template <typename Real>
DINORC_INLINE Real largest(const Real* x, std::size_t size) {
  if (size < lanes<Real>) {
    Real result = x[0];
    for (std::size_t i = 1; i < size; ++i) result = x[i] > result ? x[i] : result;
    return result;
  }
  Vector<Real> candidates = load(x + (size - lanes<Real>));
  for (std::size_t i = 0; i + lanes<Real> < size; i += lanes<Real>) {
    candidates = larger(load(x + i), candidates);
  }
  Real numbers[lanes<Real>];
  store(numbers, candidates);
  for (std::size_t half = lanes<Real> / 2; half > 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) {
      numbers[i] = numbers[i + half] > numbers[i] ? numbers[i + half] : numbers[i];
    }
  }
  return numbers[0];
}

// The largest number needs no order of its own: the terms come out the same whichever of two zeros is taken,
// and with a NaN the sum, and so every probability, is NaN whatever is taken for the largest.
template <typename Real>
void softmax_terms_kernel(MatrixView<const Real> logits, MatrixView<Real> exponentials, Real* maxima) {
  for (std::size_t row = 0; row < logits.rows; ++row) {
    maxima[row] = largest(logits.data + row * logits.row_stride, logits.columns);
  }
  for (std::size_t row = 0; row < logits.rows; ++row) {
    const Vector<Real> maximum = broadcast(maxima[row]);
    map<Real>(
        logits.columns, exponentials.data + row * exponentials.row_stride,
        [maximum](Vector<Real> logit) { return exp(logit - maximum); },
        logits.data + row * logits.row_stride);
  }
}

// A sum in ascending order is a chain of additions that each wait for the one before: eight rows are summed
// side by side.
template <typename Real>
void sum_rows_kernel(MatrixView<const Real> x, Real* sums) {
  constexpr std::size_t together = 8;
  std::size_t row = 0;
  for (; row + together <= x.rows; row += together) {
    Real totals[together] = {};
    const Real* const first = x.data + row * x.row_stride;
    for (std::size_t column = 0; column < x.columns; ++column) {
      for (std::size_t r = 0; r < together; ++r) totals[r] = totals[r] + first[r * x.row_stride + column];
    }
    for (std::size_t r = 0; r < together; ++r) sums[row + r] = totals[r];
  }
  for (; row < x.rows; ++row) {
    Real total = Real{0};
    const Real* const numbers = x.data + row * x.row_stride;
    for (std::size_t column = 0; column < x.columns; ++column) total = total + numbers[column];
    sums[row] = total;
  }
}

template <typename Real>
void divide_rows_kernel(const Real* divisors, MatrixView<Real> x) {
  for (std::size_t row = 0; row < x.rows; ++row) {
    Real* const numbers = x.data + row * x.row_stride;
    const Vector<Real> divisor = broadcast(divisors[row]);
    map<Real>(x.columns, numbers, [divisor](Vector<Real> value) { return value / divisor; }, numbers);
  }
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
