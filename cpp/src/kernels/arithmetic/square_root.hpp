// The square root, rounded to nearest: one of the operations that IEEE 754 defines to the bit.
#pragma once

#include "kernels/arithmetic/vector.hpp"

#if DINORC_VECTOR_EXTENSION && defined(__SSE2__)
#include <immintrin.h>
#elif DINORC_VECTOR_EXTENSION && defined(__aarch64__)
#include <arm_neon.h>
#else
#include <math.h>
#endif

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

#if DINORC_VECTOR_EXTENSION && defined(__AVX512F__)
DINORC_INLINE Float64s square_root(Float64s x) { return _mm512_maskz_sqrt_pd(0xFF, x); }
DINORC_INLINE Float32s square_root(Float32s x) { return _mm512_maskz_sqrt_ps(0xFFFF, x); }
#elif DINORC_VECTOR_EXTENSION && defined(__AVX2__)
DINORC_INLINE Float64s square_root(Float64s x) { return _mm256_sqrt_pd(x); }
DINORC_INLINE Float32s square_root(Float32s x) { return _mm256_sqrt_ps(x); }
#elif DINORC_VECTOR_EXTENSION && defined(__SSE2__)
DINORC_INLINE Float64s square_root(Float64s x) { return _mm_sqrt_pd(x); }
DINORC_INLINE Float32s square_root(Float32s x) { return _mm_sqrt_ps(x); }
#elif DINORC_VECTOR_EXTENSION && defined(__aarch64__)
DINORC_INLINE Float64s square_root(Float64s x) { return (Float64s)vsqrtq_f64((float64x2_t)x); }
DINORC_INLINE Float32s square_root(Float32s x) { return (Float32s)vsqrtq_f32((float32x4_t)x); }
#else
// The C library's functions, of which these two are exact by the standard.
DINORC_INLINE double square_root(double x) { return ::sqrt(x); }
DINORC_INLINE float square_root(float x) { return ::sqrtf(x); }
#if DINORC_VECTOR_EXTENSION
DINORC_INLINE Float64s square_root(Float64s x) {
  for (std::size_t i = 0; i < lanes<double>; ++i) x[i] = square_root(static_cast<double>(x[i]));
  return x;
}
DINORC_INLINE Float32s square_root(Float32s x) {
  for (std::size_t i = 0; i < lanes<float>; ++i) x[i] = square_root(static_cast<float>(x[i]));
  return x;
}
#endif
#endif

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
