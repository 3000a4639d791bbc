// Kernels that compute each element from the elements at its own index.
#pragma once

#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#include "kernels/limits.hpp"
#include "kernels/math.hpp"
#include "kernels/vector.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

#if DINORC_VECTOR_EXTENSION && defined(__AVX512F__)

// Which lanes the first `count` numbers take, count being below the number of lanes.
DINORC_INLINE std::uint32_t first_lanes(std::size_t count) { return (std::uint32_t{1} << count) - 1; }

DINORC_INLINE Float64s load_some(const double* source, std::size_t count) {
  return (Float64s)_mm512_maskz_loadu_pd(static_cast<__mmask8>(first_lanes(count)), source);
}

DINORC_INLINE Float32s load_some(const float* source, std::size_t count) {
  return (Float32s)_mm512_maskz_loadu_ps(static_cast<__mmask16>(first_lanes(count)), source);
}

DINORC_INLINE void store_some(double* target, Float64s value, std::size_t count) {
  _mm512_mask_storeu_pd(target, static_cast<__mmask8>(first_lanes(count)), (__m512d)value);
}

DINORC_INLINE void store_some(float* target, Float32s value, std::size_t count) {
  _mm512_mask_storeu_ps(target, static_cast<__mmask16>(first_lanes(count)), (__m512)value);
}

#else

template <typename Real>
DINORC_INLINE Vector<Real> load_some(const Real* source, std::size_t count) {
  Real numbers[lanes<Real>] = {};
  for (std::size_t i = 0; i < count; ++i) numbers[i] = source[i];
  return load(numbers);
}

template <typename Real>
DINORC_INLINE void store_some(Real* target, Vector<Real> value, std::size_t count) {
  Real numbers[lanes<Real>];
  store(numbers, value);
  for (std::size_t i = 0; i < count; ++i) target[i] = numbers[i];
}

#endif

// The first `count` numbers at `source`, at most a vector; the lanes after them are zero.
template <typename Real>
DINORC_INLINE Vector<Real> load_first(const Real* source, std::size_t count) {
  return count >= lanes<Real> ? load(source) : load_some(source, count);
}

template <typename Real>
DINORC_INLINE void store_first(Real* target, Vector<Real> value, std::size_t count) {
  if (count >= lanes<Real>) {
    store(target, value);
  } else {
    store_some(target, value, count);
  }
}

// y[i] = function(x[i], ...), a vector at a time. The function stands in one place only, so that it is
// inlined.
template <typename Real, typename Function, typename... Inputs>
DINORC_INLINE void map(std::size_t size, Real* y, Function function, const Inputs*... x) {
  for (std::size_t i = 0; i < size; i += lanes<Real>) {
    const std::size_t count = size - i;
    store_first(y + i, function(load_first(x + i, count)...), count);
  }
}

template <typename Real>
void exp_kernel(const Real* x, Real* y, std::size_t size) {
  map<Real>(size, y, [](Vector<Real> value) { return exp(value); }, x);
}

template <typename Real>
void tanh_kernel(const Real* x, Real* y, std::size_t size) {
  map<Real>(size, y, [](Vector<Real> value) { return tanh(value); }, x);
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
void divide_kernel(Real divisor, Real* x, std::size_t size) {
  map<Real>(size, x, [divisor](Vector<Real> value) { return value / broadcast(divisor); }, x);
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
void clip_and_descend_kernel(Real maximum, Real learning_rate, const Real* gradients, Real* parameters,
                             std::size_t size) {
  map<Real>(
      size, parameters,
      [maximum, learning_rate](Vector<Real> parameter, Vector<Real> gradient) {
        return parameter - broadcast(learning_rate) * clipped<Real>(gradient, maximum);
      },
      parameters, gradients);
}

template <typename Real>
void tanh_backward_kernel(const Real* y, const Real* d_y, Real* d_x, std::size_t size) {
  map<Real>(
      size, d_x,
      [](Vector<Real> output, Vector<Real> d_output) {
        return (broadcast(Real{1}) - output * output) * d_output;
      },
      y, d_y);
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
