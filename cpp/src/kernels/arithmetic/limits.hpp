// Numbers held below or above a limit.
#pragma once

#include "kernels/arithmetic/vector.hpp"

#if DINORC_VECTOR_EXTENSION && defined(__SSE2__)
#include <immintrin.h>
#endif

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// a < b ? a : b and a > b ? a : b: the second number, if the two are equal or one is a NaN. x86 has an
// instruction for exactly each of these, which GCC does not make of the comparisons. (AVX-512's plain
// intrinsics make GCC 12 warn about its own header; a mask of all lanes is the same instruction.)
#if DINORC_VECTOR_EXTENSION && defined(__AVX512F__)
DINORC_INLINE Float64s smaller(Float64s a, Float64s b) { return _mm512_maskz_min_pd(0xFF, a, b); }
DINORC_INLINE Float32s smaller(Float32s a, Float32s b) { return _mm512_maskz_min_ps(0xFFFF, a, b); }
DINORC_INLINE Float64s larger(Float64s a, Float64s b) { return _mm512_maskz_max_pd(0xFF, a, b); }
DINORC_INLINE Float32s larger(Float32s a, Float32s b) { return _mm512_maskz_max_ps(0xFFFF, a, b); }
#elif DINORC_VECTOR_EXTENSION && defined(__AVX2__)
DINORC_INLINE Float64s smaller(Float64s a, Float64s b) { return _mm256_min_pd(a, b); }
DINORC_INLINE Float32s smaller(Float32s a, Float32s b) { return _mm256_min_ps(a, b); }
DINORC_INLINE Float64s larger(Float64s a, Float64s b) { return _mm256_max_pd(a, b); }
DINORC_INLINE Float32s larger(Float32s a, Float32s b) { return _mm256_max_ps(a, b); }
#elif DINORC_VECTOR_EXTENSION && defined(__SSE2__)
DINORC_INLINE Float64s smaller(Float64s a, Float64s b) { return _mm_min_pd(a, b); }
DINORC_INLINE Float32s smaller(Float32s a, Float32s b) { return _mm_min_ps(a, b); }
DINORC_INLINE Float64s larger(Float64s a, Float64s b) { return _mm_max_pd(a, b); }
DINORC_INLINE Float32s larger(Float32s a, Float32s b) { return _mm_max_ps(a, b); }
#else
DINORC_INLINE Float64s smaller(Float64s a, Float64s b) { return select(a < b, a, b); }
DINORC_INLINE Float32s smaller(Float32s a, Float32s b) { return select(a < b, a, b); }
DINORC_INLINE Float64s larger(Float64s a, Float64s b) { return select(a > b, a, b); }
DINORC_INLINE Float32s larger(Float32s a, Float32s b) { return select(a > b, a, b); }
#endif

// x held below or above a limit: a NaN stays the NaN it is, and -0 stays -0 beside a limit of 0.
template <typename Real>
DINORC_INLINE Vector<Real> at_most(Vector<Real> x, Real limit) {
  return smaller(broadcast(limit), x);
}

template <typename Real>
DINORC_INLINE Vector<Real> at_least(Vector<Real> x, Real limit) {
  return larger(broadcast(limit), x);
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
