// Vectors of the widest register that this translation unit is compiled for, and their few operations.
//
// A kernel is written once, against these types; the operators + - * / act lane by lane, so a lane never sees
// its neighbours and the vector width cannot change a result. GCC and Clang have the types built in;
// elsewhere, or with DINORC_SCALAR_KERNELS, a "vector" is one number and the same kernels compile unchanged.
//
// Everything here has internal linkage: this code is compiled once per instruction set, and a function shared
// by two of those copies could be merged by the linker into the wrong one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "dinorc/foundations/float_contract.hpp"

#if defined(__GNUC__)
#define DINORC_INLINE [[gnu::always_inline]] static inline
#else
#define DINORC_INLINE static inline
#endif

// For the loops over vectors that are to stay in registers, which they do only if all of these loops are
// unrolled. GCC does not always do that by itself.
#if defined(__GNUC__) && !defined(__clang__)
#define DINORC_UNROLL _Pragma("GCC unroll 16")
#else
#define DINORC_UNROLL
#endif

#if defined(__GNUC__) && !defined(DINORC_SCALAR_KERNELS)
#define DINORC_VECTOR_EXTENSION 1
#else
#define DINORC_VECTOR_EXTENSION 0
#endif

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

#if DINORC_VECTOR_EXTENSION

#if defined(__AVX512F__)
constexpr std::size_t vector_bytes = 64;
#elif defined(__AVX2__)
constexpr std::size_t vector_bytes = 32;
#else
constexpr std::size_t vector_bytes = 16;
#endif

typedef double Float64s __attribute__((vector_size(vector_bytes)));
typedef float Float32s __attribute__((vector_size(vector_bytes)));
typedef std::int64_t Int64s __attribute__((vector_size(vector_bytes)));
typedef std::int32_t Int32s __attribute__((vector_size(vector_bytes)));

#else

constexpr std::size_t vector_bytes = sizeof(double);

using Float64s = double;
using Float32s = float;
using Int64s = std::int64_t;
using Int32s = std::int32_t;

#endif

// The vector that holds numbers of type Real.
template <typename Real>
struct VectorOf;
template <>
struct VectorOf<double> {
  using Type = Float64s;
};
template <>
struct VectorOf<float> {
  using Type = Float32s;
};

template <typename Real>
using Vector = typename VectorOf<Real>::Type;

template <typename Real>
constexpr std::size_t lanes = sizeof(Vector<Real>) / sizeof(Real);

// Memory is read and written through memcpy: any alignment is right, and the compiler makes one move of it.
template <typename Real>
DINORC_INLINE Vector<Real> load(const Real* source) {
  Vector<Real> result;
  std::memcpy(&result, source, sizeof(result));
  return result;
}

template <typename Real>
DINORC_INLINE void store(Real* target, Vector<Real> value) {
  std::memcpy(target, &value, sizeof(value));
}

template <typename Real>
DINORC_INLINE Vector<Real> broadcast(Real value) {
#if DINORC_VECTOR_EXTENSION
  return value - Vector<Real>{};  // value - 0 is value itself, its sign of zero and a NaN included
#else
  return value;
#endif
}

// Where the mask is set `yes`, elsewhere `no`. A mask is what a comparison of two vectors gives.
template <typename Mask, typename Value>
DINORC_INLINE Value select(Mask mask, Value yes, Value no) {
  return mask ? yes : no;
}

// The same bits, read as another type of the same size.
template <typename To, typename From>
DINORC_INLINE To bits_as(From value) {
  static_assert(sizeof(To) == sizeof(From));
  To result;
  std::memcpy(&result, &value, sizeof(result));
  return result;
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
