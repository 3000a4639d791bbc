// The terms and the sum of a softmax over one row.
#pragma once

#include "kernels/elementwise.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

template <typename Real>
DINORC_INLINE Real largest(const Real* x, std::size_t size) {
  Real result = x[0];
  std::size_t i = 0;
  if (size >= lanes<Real>) {
    Vector<Real> candidates = load(x);
    for (i = lanes<Real>; i + lanes<Real> <= size; i += lanes<Real>) {
      const Vector<Real> value = load(x + i);
      candidates = select(value > candidates, value, candidates);
    }
    Real numbers[lanes<Real>];
    store(numbers, candidates);
    for (std::size_t lane = 0; lane < lanes<Real>; ++lane) {
      if (numbers[lane] > result) result = numbers[lane];
    }
  }
  for (; i < size; ++i) {
    if (x[i] > result) result = x[i];
  }
  return result;
}

// The largest number needs no order of its own: whichever zero or NaN the comparisons leave, the terms below
// come out the same. The sum does, and has the plainest: ascending.
template <typename Real>
void softmax_terms_kernel(const Real* logits, Real* exponentials, std::size_t size, Real* maximum,
                          Real* sum) {
  const Real largest_logit = largest(logits, size);
  map<Real>(
      size, exponentials,
      [largest_logit](Vector<Real> logit) { return exp(logit - broadcast(largest_logit)); }, logits);
  Real total = Real{0};
  for (std::size_t i = 0; i < size; ++i) total += exponentials[i];
  *maximum = largest_logit;
  *sum = total;
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
