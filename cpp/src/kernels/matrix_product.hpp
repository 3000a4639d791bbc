// Matrix products in register tiles: SIMD across the columns of the result, one accumulator per element.
#pragma once

#include "dinorc/kernel_table.hpp"
#include "kernels/vector.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// A tile of Rows x Vectors accumulators that stay in registers while k runs through the whole depth. A term
// of k is added before that of k + 1 to every accumulator, as in the plain triple loop, whose bits the tile
// has.
template <typename Real, std::size_t Rows, std::size_t Vectors>
DINORC_INLINE void multiply_tile(const MatrixProduct<Real>& product, std::size_t row, std::size_t column) {
  Real* const result = product.result + static_cast<std::ptrdiff_t>(row) * product.result_row_stride + column;
  Vector<Real> sums[Rows][Vectors];
  for (std::size_t r = 0; r < Rows; ++r) {
    for (std::size_t v = 0; v < Vectors; ++v) {
      const Real* start =
          result + static_cast<std::ptrdiff_t>(r) * product.result_row_stride + v * lanes<Real>;
      sums[r][v] = product.accumulate ? load(start) : broadcast(Real{0});
    }
  }

  const Real* left = product.left + static_cast<std::ptrdiff_t>(row) * product.left_row_stride;
  const Real* right = product.right + column;
  for (std::size_t k = 0; k < product.depth; ++k) {
    Vector<Real> right_row[Vectors];
    for (std::size_t v = 0; v < Vectors; ++v) right_row[v] = load(right + v * lanes<Real>);
    for (std::size_t r = 0; r < Rows; ++r) {
      const Vector<Real> factor = broadcast(left[static_cast<std::ptrdiff_t>(r) * product.left_row_stride]);
      for (std::size_t v = 0; v < Vectors; ++v) sums[r][v] = sums[r][v] + factor * right_row[v];
    }
    left += product.left_depth_stride;
    right += product.right_depth_stride;
  }

  for (std::size_t r = 0; r < Rows; ++r) {
    for (std::size_t v = 0; v < Vectors; ++v) {
      store(result + static_cast<std::ptrdiff_t>(r) * product.result_row_stride + v * lanes<Real>,
            sums[r][v]);
    }
  }
}

// The last `vectors` <= Vectors vectors of a block of rows.
template <typename Real, std::size_t Rows, std::size_t Vectors>
DINORC_INLINE void multiply_last_tile(const MatrixProduct<Real>& product, std::size_t row, std::size_t column,
                                      std::size_t vectors) {
  if constexpr (Vectors > 0) {
    if (vectors == Vectors) {
      multiply_tile<Real, Rows, Vectors>(product, row, column);
    } else {
      multiply_last_tile<Real, Rows, Vectors - 1>(product, row, column, vectors);
    }
  }
}

// The columns that do not fill a vector, one by one.
template <typename Real>
DINORC_INLINE void multiply_columns(const MatrixProduct<Real>& product, std::size_t row, std::size_t rows,
                                    std::size_t first_column) {
  for (std::size_t r = row; r < row + rows; ++r) {
    for (std::size_t column = first_column; column < product.columns; ++column) {
      Real* const result =
          product.result + static_cast<std::ptrdiff_t>(r) * product.result_row_stride + column;
      const Real* left = product.left + static_cast<std::ptrdiff_t>(r) * product.left_row_stride;
      const Real* right = product.right + column;
      Real sum = product.accumulate ? *result : Real{0};
      for (std::size_t k = 0; k < product.depth; ++k) {
        sum = sum + *left * *right;
        left += product.left_depth_stride;
        right += product.right_depth_stride;
      }
      *result = sum;
    }
  }
}

template <typename Real, std::size_t Rows, std::size_t Vectors>
DINORC_INLINE void multiply_rows(const MatrixProduct<Real>& product, std::size_t row) {
  const std::size_t whole = product.columns - product.columns % lanes<Real>;
  std::size_t column = 0;
  for (; column + Vectors * lanes<Real> <= whole; column += Vectors * lanes<Real>) {
    multiply_tile<Real, Rows, Vectors>(product, row, column);
  }
  multiply_last_tile<Real, Rows, Vectors - 1>(product, row, column, (whole - column) / lanes<Real>);
  multiply_columns(product, row, Rows, whole);
}

// Tiles as large as the registers hold beside one factor and one product: 16 registers, or 32 with AVX-512.
// With SSE2 a product overwrites one of its factors, which then is better read from memory again than kept:
// hence few rows there.
template <typename Real>
void multiply_kernel(const MatrixProduct<Real>& product) {
  constexpr std::size_t tall_rows = vector_bytes == 16 ? 2 : 4;
  constexpr std::size_t tall_vectors = vector_bytes == 32 ? 2 : 4;
  std::size_t row = 0;
  for (; row + tall_rows <= product.rows; row += tall_rows) {
    multiply_rows<Real, tall_rows, tall_vectors>(product, row);
  }
  for (; row < product.rows; ++row) multiply_rows<Real, 1, 8>(product, row);
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
