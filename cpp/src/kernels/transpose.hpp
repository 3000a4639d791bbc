// Transposition of a matrix in square blocks that fit into registers.
#pragma once

#include <utility>

#include "kernels/arithmetic/vector.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

#if DINORC_VECTOR_EXTENSION

// Rows of at most 32 bytes: of wider ones a matrix that is not large would fill too little.
constexpr std::size_t block_bytes = vector_bytes < 32 ? vector_bytes : 32;

template <typename Real>
struct BlockRow;
template <>
struct BlockRow<double> {
  typedef double Numbers __attribute__((vector_size(block_bytes)));
  typedef std::int64_t Indices __attribute__((vector_size(block_bytes)));
};
template <>
struct BlockRow<float> {
  typedef float Numbers __attribute__((vector_size(block_bytes)));
  typedef std::int32_t Indices __attribute__((vector_size(block_bytes)));
};

template <typename Real>
constexpr std::size_t block_size = block_bytes / sizeof(Real);

// Two rows that are `Half` apart swap blocks of Half x Half: the upper right one with the lower left one.
template <std::size_t Half, typename Real, std::size_t... I>
DINORC_INLINE void swap_blocks(typename BlockRow<Real>::Numbers& upper,
                               typename BlockRow<Real>::Numbers& lower, std::index_sequence<I...>) {
  const auto a = upper, b = lower;
#if defined(__clang__)
  upper = __builtin_shufflevector(a, b, (I & Half ? sizeof...(I) + I - Half : I)...);
  lower = __builtin_shufflevector(a, b, (I & Half ? sizeof...(I) + I : I + Half)...);
#else
  using Indices = typename BlockRow<Real>::Indices;
  upper = __builtin_shuffle(a, b, Indices{(I & Half ? sizeof...(I) + I - Half : I)...});
  lower = __builtin_shuffle(a, b, Indices{(I & Half ? sizeof...(I) + I : I + Half)...});
#endif
}

// Off-diagonal blocks of half the size are swapped, then those of half that size inside each of the four, and
// so on down to single numbers.
template <std::size_t Half, typename Real>
DINORC_INLINE void transpose_rows(typename BlockRow<Real>::Numbers (&rows)[block_size<Real>]) {
  if constexpr (Half > 0) {
    DINORC_UNROLL
    for (std::size_t r = 0; r < block_size<Real>; ++r) {
      if ((r & Half) == 0) {
        swap_blocks<Half, Real>(rows[r], rows[r + Half], std::make_index_sequence<block_size<Real>>());
      }
    }
    transpose_rows<Half / 2, Real>(rows);
  }
}

template <typename Real>
DINORC_INLINE void transpose_block(const Real* source, std::size_t source_stride, Real* target,
                                   std::size_t target_stride) {
  typename BlockRow<Real>::Numbers rows[block_size<Real>];
  DINORC_UNROLL
  for (std::size_t r = 0; r < block_size<Real>; ++r) {
    std::memcpy(&rows[r], source + r * source_stride, block_bytes);
  }
  transpose_rows<block_size<Real> / 2, Real>(rows);
  DINORC_UNROLL
  for (std::size_t c = 0; c < block_size<Real>; ++c) {
    std::memcpy(target + c * target_stride, &rows[c], block_bytes);
  }
}

#else

template <typename Real>
constexpr std::size_t block_size = 1;

template <typename Real>
DINORC_INLINE void transpose_block(const Real* source, std::size_t, Real* target, std::size_t) {
  *target = *source;
}

#endif

template <typename Real>
void transpose_kernel(const Real* source, std::size_t rows, std::size_t columns, std::size_t source_stride,
                      Real* target, std::size_t target_stride) {
  constexpr std::size_t block = block_size<Real>;
  if (rows < block || columns < block) {
    for (std::size_t row = 0; row < rows; ++row) {
      for (std::size_t column = 0; column < columns; ++column) {
        target[column * target_stride + row] = source[row * source_stride + column];
      }
    }
    return;
  }
  const auto transpose_block_at = [=](std::size_t row, std::size_t column) {
    transpose_block(source + row * source_stride + column, source_stride,
                    target + column * target_stride + row, target_stride);
  };
  // The last blocks end where the matrix ends, and may share numbers with those before them.
  for (std::size_t i = 0; i < rows; i += block) {
    const std::size_t row = i + block <= rows ? i : rows - block;
    for (std::size_t column = 0; column + block <= columns; column += block) transpose_block_at(row, column);
    if (columns % block != 0) transpose_block_at(row, columns - block);
  }
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
