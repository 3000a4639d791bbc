// Kernels that compute each element from the elements at its own index.
#pragma once

#include "dinorc/kernels/kernel_arguments.hpp"
#include "kernels/arithmetic/limits.hpp"
#include "kernels/arithmetic/math.hpp"
#include "kernels/arithmetic/partial_vectors.hpp"
#include "kernels/arithmetic/vector.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// y[i] = function(x[i], ...), a vector at a time. The function stands in one place only, so that it is
// inlined.
template <typename Real, typename Function, typename... Inputs>
DINORC_INLINE void map(std::size_t size, Real* y, Function function, const Inputs*... x) {
  for (std::size_t i = 0; i < size; i += lanes<Real>) {
    const std::size_t count = size - i;
    store_first(y + i, function(load_first(x + i, count)...), count);
  }
}

// The same, several vectors at a time: for functions that are long chains of steps, each waiting for the one
// before, while the chains of other vectors could go on. A row of the notebook's 50 numbers is seven vectors
// of AVX-512 in binary64, or of AVX2 in binary32.
template <typename Real, typename Function>
DINORC_INLINE void map_together(std::size_t size, Real* y, Function function, const Real* x) {
  constexpr std::size_t together = 7;
  constexpr std::size_t width = lanes<Real>;
  std::size_t i = 0;
  for (; i + together * width <= size; i += together * width) {
    Vector<Real> values[together];
    DINORC_UNROLL
    for (std::size_t v = 0; v < together; ++v) values[v] = function(load(x + i + v * width));
    DINORC_UNROLL
    for (std::size_t v = 0; v < together; ++v) store(y + i + v * width, values[v]);
  }
  map<Real>(size - i, y + i, function, x + i);
}

template <typename Real>
void exp_kernel(const Real* x, Real* y, std::size_t size) {
  map_together<Real>(size, y, [](Vector<Real> value) { return exp(value); }, x);
}

template <typename Real>
DINORC_INLINE void map_tanh(const Real* x, Real* y, std::size_t size) {
  map_together<Real>(size, y, [](Vector<Real> value) { return tanh(value); }, x);
}

template <typename Real>
void tanh_kernel(const Real* x, Real* y, std::size_t size) {
  map_tanh(x, y, size);
}

template <typename Real>
void sigmoid_kernel(const Real* x, Real* y, std::size_t size) {
  map<Real>(size, y, [](Vector<Real> value) { return sigmoid(value); }, x);
}

template <typename Real>
void log_kernel(const Real* x, Real* y, std::size_t size) {
  map<Real>(size, y, [](Vector<Real> value) { return log(value); }, x);
}

template <typename Real>
void add_kernel(const Real* x, Real* y, std::size_t size) {
  map<Real>(size, y, [](Vector<Real> sum, Vector<Real> term) { return sum + term; }, y, x);
}

template <typename Real>
void sum_kernel(const Real* x, const Real* y, Real* sums, std::size_t size) {
  map<Real>(size, sums, [](Vector<Real> a, Vector<Real> b) { return a + b; }, x, y);
}

template <typename Real>
void add_weighted_exp_kernel(Real weight, const Real* x, Real* sums, std::size_t size) {
  map<Real>(
      size, sums,
      [weight](Vector<Real> sum, Vector<Real> value) { return sum + broadcast(weight) * exp(value); }, sums,
      x);
}

template <typename Real>
DINORC_INLINE Vector<Real> clipped(Vector<Real> value, Real maximum) {
  return at_least<Real>(at_most<Real>(value, maximum), -maximum);
}

template <typename Real>
void clip_kernel(Real maximum, Real* x, std::size_t size) {
  map<Real>(size, x, [maximum](Vector<Real> value) { return clipped<Real>(value, maximum); }, x);
}

template <typename Real>
void descend_kernel(Real learning_rate, const Real* gradients, Real* parameters, std::size_t size) {
  map<Real>(
      size, parameters,
      [learning_rate](Vector<Real> parameter, Vector<Real> gradient) {
        return parameter - broadcast(learning_rate) * gradient;
      },
      parameters, gradients);
}

template <typename Real>
DINORC_INLINE Vector<Real> descended(Vector<Real> parameter, Vector<Real> gradient,
                                     const ClippedDescent<Real>& descent) {
  return parameter - broadcast(descent.learning_rate) * clipped<Real>(gradient, descent.maximum);
}

template <typename Real>
void clip_and_descend_kernel(const ClippedDescent<Real>& descent, const Real* gradients, Real* parameters,
                             std::size_t size) {
  map<Real>(
      size, parameters,
      [&descent](Vector<Real> parameter, Vector<Real> gradient) {
        return descended<Real>(parameter, gradient, descent);
      },
      parameters, gradients);
}

template <typename Real>
DINORC_INLINE void map_tanh_backward(const Real* y, const Real* d_y, const Real* d_y_next, Real* d_x,
                                     std::size_t size) {
  map<Real>(
      size, d_x,
      [](Vector<Real> output, Vector<Real> d_output, Vector<Real> d_output_next) {
        return (broadcast(Real{1}) - output * output) * (d_output + d_output_next);
      },
      y, d_y, d_y_next);
}

template <typename Real>
void tanh_backward_kernel(const Real* y, const Real* d_y, const Real* d_y_next, Real* d_x, std::size_t size) {
  map_tanh_backward(y, d_y, d_y_next, d_x, size);
}

template <typename Real>
bool all_finite_kernel(const Real* x, std::size_t size) {
  // x - x is zero for a finite number and NaN for the others, and a NaN stays in the sum.
  Vector<Real> differences = broadcast(Real{0});
  for (std::size_t i = 0; i < size; i += lanes<Real>) {
    const Vector<Real> value = load_first(x + i, size - i);
    differences = differences + (value - value);
  }
  Real numbers[lanes<Real>];
  store(numbers, differences);
  for (std::size_t i = 0; i < lanes<Real>; ++i) {
    if (numbers[i] != Real{0}) return false;
  }
  return true;
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
