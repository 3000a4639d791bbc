// The terms of a softmax over one row, and their sums over many rows.
#pragma once

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
void softmax_terms_kernel(const Real* logits, Real* exponentials, std::size_t size, Real* maximum) {
  const Real largest_logit = largest(logits, size);
  map<Real>(
      size, exponentials,
      [largest_logit](Vector<Real> logit) { return exp(logit - broadcast(largest_logit)); }, logits);
  *maximum = largest_logit;
}

// A sum in ascending order is a chain of additions that each wait for the one before: eight rows are summed
// side by side.
template <typename Real>
void sum_rows_kernel(const Real* x, std::size_t rows, std::size_t columns, std::size_t row_stride,
                     Real* sums) {
  constexpr std::size_t together = 8;
  std::size_t row = 0;
  for (; row + together <= rows; row += together) {
    Real totals[together] = {};
    const Real* const first = x + row * row_stride;
    for (std::size_t column = 0; column < columns; ++column) {
      for (std::size_t r = 0; r < together; ++r) totals[r] = totals[r] + first[r * row_stride + column];
    }
    for (std::size_t r = 0; r < together; ++r) sums[row + r] = totals[r];
  }
  for (; row < rows; ++row) {
    Real total = Real{0};
    for (std::size_t column = 0; column < columns; ++column) total = total + x[row * row_stride + column];
    sums[row] = total;
  }
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
