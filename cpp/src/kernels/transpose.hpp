// Transposition of a matrix in square blocks that fit into registers.
#pragma once

#include "kernels/arithmetic/vector.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

#if DINORC_VECTOR_EXTENSION

// Registers of 16 bytes, the same for every instruction set: their halves interleave in one instruction each.
typedef double Pair __attribute__((vector_size(16)));
typedef float Quad __attribute__((vector_size(16)));

#if defined(__clang__)
#define DINORC_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#define DINORC_SHUFFLE(a, b, ...) __builtin_shuffle(a, b, decltype(shuffle_indices(a)){__VA_ARGS__})
typedef std::int64_t PairIndices __attribute__((vector_size(16)));
typedef std::int32_t QuadIndices __attribute__((vector_size(16)));
PairIndices shuffle_indices(Pair);
QuadIndices shuffle_indices(Quad);
#endif

constexpr std::size_t block_size(double) { return 2; }
constexpr std::size_t block_size(float) { return 4; }

DINORC_INLINE void transpose_block(const double* source, std::size_t source_stride, double* target,
                                   std::size_t target_stride) {
  Pair row0, row1;
  std::memcpy(&row0, source, sizeof(Pair));
  std::memcpy(&row1, source + source_stride, sizeof(Pair));
  const Pair column0 = DINORC_SHUFFLE(row0, row1, 0, 2);
  const Pair column1 = DINORC_SHUFFLE(row0, row1, 1, 3);
  std::memcpy(target, &column0, sizeof(Pair));
  std::memcpy(target + target_stride, &column1, sizeof(Pair));
}

DINORC_INLINE void transpose_block(const float* source, std::size_t source_stride, float* target,
                                   std::size_t target_stride) {
  Quad rows[4];
  for (std::size_t r = 0; r < 4; ++r) std::memcpy(&rows[r], source + r * source_stride, sizeof(Quad));
  const Quad low02 = DINORC_SHUFFLE(rows[0], rows[2], 0, 4, 1, 5);
  const Quad low13 = DINORC_SHUFFLE(rows[1], rows[3], 0, 4, 1, 5);
  const Quad high02 = DINORC_SHUFFLE(rows[0], rows[2], 2, 6, 3, 7);
  const Quad high13 = DINORC_SHUFFLE(rows[1], rows[3], 2, 6, 3, 7);
  const Quad columns[4] = {DINORC_SHUFFLE(low02, low13, 0, 4, 1, 5), DINORC_SHUFFLE(low02, low13, 2, 6, 3, 7),
                           DINORC_SHUFFLE(high02, high13, 0, 4, 1, 5),
                           DINORC_SHUFFLE(high02, high13, 2, 6, 3, 7)};
  for (std::size_t c = 0; c < 4; ++c) std::memcpy(target + c * target_stride, &columns[c], sizeof(Quad));
}

#undef DINORC_SHUFFLE

#else

constexpr std::size_t block_size(double) { return 1; }
constexpr std::size_t block_size(float) { return 1; }

template <typename Real>
DINORC_INLINE void transpose_block(const Real* source, std::size_t, Real* target, std::size_t) {
  *target = *source;
}

#endif

template <typename Real>
void transpose_kernel(const Real* source, std::size_t rows, std::size_t columns, std::size_t source_stride,
                      Real* target, std::size_t target_stride) {
  constexpr std::size_t block = block_size(Real{});
  const std::size_t block_rows = rows - rows % block;
  const std::size_t block_columns = columns - columns % block;
  for (std::size_t row = 0; row < block_rows; row += block) {
    for (std::size_t column = 0; column < block_columns; column += block) {
      transpose_block(source + row * source_stride + column, source_stride,
                      target + column * target_stride + row, target_stride);
    }
  }
  // What is left: the columns to the right of the blocks, and the rows below them.
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t column = row < block_rows ? block_columns : 0; column < columns; ++column) {
      target[column * target_stride + row] = source[row * source_stride + column];
    }
  }
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
