// Matrix transposition: copies, no arithmetic.
#pragma once

#include <algorithm>
#include <cstddef>

#include "dinorc/views.hpp"

namespace dinorc {

// target(c, r) = source(r, c). In square blocks, so that both sides stay within the cache lines in use.
template <typename Real>
void transpose(MatrixView<const Real> source, MatrixView<Real> target) {
  constexpr std::size_t block = 8;
  for (std::size_t first_row = 0; first_row < source.rows; first_row += block) {
    const std::size_t last_row = std::min(first_row + block, source.rows);
    for (std::size_t column = 0; column < source.columns; ++column) {
      for (std::size_t row = first_row; row < last_row; ++row) target(column, row) = source(row, column);
    }
  }
}

}  // namespace dinorc
