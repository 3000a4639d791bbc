// Matrix products in register tiles: SIMD across the columns of the result, one accumulator per element.
#pragma once

#include "dinorc/kernels/kernel_table.hpp"
#include "kernels/elementwise.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// A vector that several rows use. One that came from memory GCC tends to load again at each use, and with
// AVX-512 the loads become the bottleneck. (With half the registers, loading again is as good or better.)
template <typename Real>
DINORC_INLINE void keep_in_register([[maybe_unused]] Vector<Real>& vector) {
#if DINORC_VECTOR_EXTENSION && defined(__AVX512F__)
  __asm__("" : "+v"(vector));
#endif
}

// A vector times a number in memory. With AVX-512 the multiplication itself reads the number into every lane.
// GCC would rather do that once for a row of a tile, by an instruction that takes the time of an arithmetic
// one: on Zen 4 a tile then reaches 78 % of the peak, and 100 % like this.
#if DINORC_VECTOR_EXTENSION && defined(__AVX512F__)

DINORC_INLINE Float64s times_number_at(Float64s vector, const double* number) {
  Float64s product;
  __asm__("vmulpd %2%{1to8%}, %1, %0" : "=v"(product) : "v"(vector), "m"(*number));
  return product;
}

DINORC_INLINE Float32s times_number_at(Float32s vector, const float* number) {
  Float32s product;
  __asm__("vmulps %2%{1to16%}, %1, %0" : "=v"(product) : "v"(vector), "m"(*number));
  return product;
}

#else

template <typename Real>
DINORC_INLINE Vector<Real> times_number_at(Vector<Real> vector, const Real* number) {
  return vector * broadcast(*number);
}

#endif

// A row of a tile: all its vectors are whole, or the last one has `last_count` numbers only.
template <typename Real, std::size_t Vectors, bool LastIsPartial>
DINORC_INLINE void load_row(const Real* source, std::size_t last_count, Vector<Real> (&row)[Vectors]) {
  constexpr std::size_t whole = LastIsPartial ? Vectors - 1 : Vectors;
  DINORC_UNROLL
  for (std::size_t v = 0; v < whole; ++v) row[v] = load(source + v * lanes<Real>);
  if constexpr (LastIsPartial) row[whole] = load_some(source + whole * lanes<Real>, last_count);
}

template <typename Real, std::size_t Vectors, bool LastIsPartial>
DINORC_INLINE void store_row(Real* target, std::size_t last_count, const Vector<Real> (&row)[Vectors]) {
  constexpr std::size_t whole = LastIsPartial ? Vectors - 1 : Vectors;
  DINORC_UNROLL
  for (std::size_t v = 0; v < whole; ++v) store(target + v * lanes<Real>, row[v]);
  if constexpr (LastIsPartial) store_some(target + whole * lanes<Real>, row[whole], last_count);
}

// A tile of Rows x Vectors accumulators that stay in registers while k runs through the whole depth. The term
// of k is added to every accumulator before that of k + 1, as in the plain triple loop, so the bits are those
// of that loop.
template <typename Real, std::size_t Rows, std::size_t Vectors, bool LastIsPartial>
DINORC_INLINE void multiply_tile(const MatrixProduct<Real>& product, std::size_t row, std::size_t column,
                                 std::size_t last_count) {
  Real* const result = product.result + static_cast<std::ptrdiff_t>(row) * product.result_row_stride + column;
  Vector<Real> sums[Rows][Vectors];
  DINORC_UNROLL
  for (std::size_t r = 0; r < Rows; ++r) {
    const Real* const start = result + static_cast<std::ptrdiff_t>(r) * product.result_row_stride;
    if (product.accumulate) {
      load_row<Real, Vectors, LastIsPartial>(start, last_count, sums[r]);
    } else {
      DINORC_UNROLL
      for (std::size_t v = 0; v < Vectors; ++v) sums[r][v] = broadcast(Real{0});
    }
  }

  const Real* left = product.left + static_cast<std::ptrdiff_t>(row) * product.left_row_stride;
  const Real* right = product.right + column;
  for (std::size_t k = 0; k < product.depth; ++k) {
    Vector<Real> right_row[Vectors];
    load_row<Real, Vectors, LastIsPartial>(right, last_count, right_row);
    if constexpr (Rows == 1) {
      const Vector<Real> factor = broadcast(*left);
      DINORC_UNROLL
      for (std::size_t v = 0; v < Vectors; ++v) sums[0][v] = sums[0][v] + factor * right_row[v];
    } else {
      DINORC_UNROLL
      for (std::size_t v = 0; v < Vectors; ++v) keep_in_register<Real>(right_row[v]);
      DINORC_UNROLL
      for (std::size_t r = 0; r < Rows; ++r) {
        const Real* const factor = left + static_cast<std::ptrdiff_t>(r) * product.left_row_stride;
        DINORC_UNROLL
        for (std::size_t v = 0; v < Vectors; ++v) {
          sums[r][v] = sums[r][v] + times_number_at(right_row[v], factor);
        }
      }
    }
    left += product.left_depth_stride;
    right += product.right_depth_stride;
  }

  DINORC_UNROLL
  for (std::size_t r = 0; r < Rows; ++r) {
    Real* const target = result + static_cast<std::ptrdiff_t>(r) * product.result_row_stride;
    if (product.descent != nullptr) {
      const ClippedDescent<Real> descent = *product.descent;  // a copy, which no result can change
      Vector<Real> parameters[Vectors];
      load_row<Real, Vectors, LastIsPartial>(target, last_count, parameters);
      DINORC_UNROLL
      for (std::size_t v = 0; v < Vectors; ++v) {
        sums[r][v] = descended<Real>(parameters[v], sums[r][v], descent);
      }
    }
    store_row<Real, Vectors, LastIsPartial>(target, last_count, sums[r]);
  }
}

// A tile of `columns` <= Vectors * lanes columns.
template <typename Real, std::size_t Rows, std::size_t Vectors>
DINORC_INLINE void multiply_tile_of(const MatrixProduct<Real>& product, std::size_t row, std::size_t column,
                                    std::size_t columns) {
  if constexpr (Vectors > 0) {
    constexpr std::size_t before_last = (Vectors - 1) * lanes<Real>;
    if (columns == Vectors * lanes<Real>) {
      multiply_tile<Real, Rows, Vectors, false>(product, row, column, lanes<Real>);
    } else if (columns > before_last) {
      multiply_tile<Real, Rows, Vectors, true>(product, row, column, columns - before_last);
    } else {
      multiply_tile_of<Real, Rows, Vectors - 1>(product, row, column, columns);
    }
  }
}

// In as few tiles as there can be, of about the same width: a narrow one would have too few sums to hide how
// long each addition takes.
template <typename Real, std::size_t Rows, std::size_t Vectors>
DINORC_INLINE void multiply_rows(const MatrixProduct<Real>& product, std::size_t row) {
  const std::size_t vectors = (product.columns + lanes<Real> - 1) / lanes<Real>;
  const std::size_t tiles = (vectors + Vectors - 1) / Vectors;
  const std::size_t tile_columns = tiles == 0 ? 0 : (vectors + tiles - 1) / tiles * lanes<Real>;
  for (std::size_t column = 0; column < product.columns; column += tile_columns) {
    const std::size_t columns = product.columns - column;
    multiply_tile_of<Real, Rows, Vectors>(product, row, column,
                                          columns < tile_columns ? columns : tile_columns);
  }
}

// A single row needs each vector of `right` only once, and keeps none in a register.
template <typename Real>
static void multiply_single_row(const MatrixProduct<Real>& product, std::size_t row = 0) {
  multiply_rows<Real, 1, vector_bytes == 64 ? 8 : 13>(product, row);
}

// Tiles as large as the registers hold beside one factor and one product: 16 registers, or 32 with AVX-512.
// With SSE2 a product overwrites one of its factors, which is then better read from memory again than kept:
// hence few rows there.
template <typename Real>
void multiply_kernel(const MatrixProduct<Real>& product) {
  constexpr std::size_t tall_rows = vector_bytes == 16 ? 2 : 4;
  constexpr std::size_t tall_vectors = vector_bytes == 32 ? 2 : 4;
  std::size_t row = 0;
  for (; row + tall_rows <= product.rows; row += tall_rows) {
    multiply_rows<Real, tall_rows, tall_vectors>(product, row);
  }
  const std::size_t rows = product.rows - row;
  if (rows == 3) multiply_rows<Real, 3, tall_vectors>(product, row);
  if (rows == 2) multiply_rows<Real, 2, 4>(product, row);
  if (rows == 1) multiply_single_row(product, row);
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
