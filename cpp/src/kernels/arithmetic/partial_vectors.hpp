// The first numbers of a vector, for the ends of arrays that do not fill a whole number of vectors.
#pragma once

#include "kernels/arithmetic/vector.hpp"

#if DINORC_VECTOR_EXTENSION && defined(__AVX2__)
#include <immintrin.h>
#endif

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// load_some() and store_some() move the first `count` numbers of a vector, count being below the number of
// lanes; no other number is read or written, and the other lanes of what is loaded are zero.
#if DINORC_VECTOR_EXTENSION && defined(__AVX512F__)

// Which lanes the first `count` numbers take.
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

#elif DINORC_VECTOR_EXTENSION && defined(__AVX2__)

// All bits set in the lanes that the first `count` numbers take.
DINORC_INLINE __m256i first_lanes(double, std::size_t count) {
  return (__m256i)(Int64s{0, 1, 2, 3} < (Int64s{} + static_cast<std::int64_t>(count)));
}

DINORC_INLINE __m256i first_lanes(float, std::size_t count) {
  return (__m256i)(Int32s{0, 1, 2, 3, 4, 5, 6, 7} < (Int32s{} + static_cast<std::int32_t>(count)));
}

DINORC_INLINE Float64s load_some(const double* source, std::size_t count) {
  return (Float64s)_mm256_maskload_pd(source, first_lanes(double{}, count));
}

DINORC_INLINE Float32s load_some(const float* source, std::size_t count) {
  return (Float32s)_mm256_maskload_ps(source, first_lanes(float{}, count));
}

DINORC_INLINE void store_some(double* target, Float64s value, std::size_t count) {
  _mm256_maskstore_pd(target, first_lanes(double{}, count), (__m256d)value);
}

DINORC_INLINE void store_some(float* target, Float32s value, std::size_t count) {
  _mm256_maskstore_ps(target, first_lanes(float{}, count), (__m256)value);
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

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
