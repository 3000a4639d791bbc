// The right operand of matrix products, in the order in which the kernels read it.
#pragma once

#include <algorithm>
#include <cstddef>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/views.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"

namespace dinorc {

// A matrix in panels: some columns each, in which the rows lie one after the other; see panels.hpp. A matrix
// that fits into the nearest cache is a single panel, and so has the plain layout.
template <typename Real>
class PackedMatrix {
 public:
  PackedMatrix(std::size_t rows, std::size_t columns);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }

  // What threads can share: different panels may be packed at the same time.
  std::size_t panels() const { return panels_; }

  // Packs panels [first, end) of a matrix [rows][columns].
  void pack_panels(MatrixView<const Real> matrix, std::size_t first, std::size_t end);

  // Packs panels [first, end) of the transpose of a matrix [columns][rows].
  void pack_transposed_panels(MatrixView<const Real> matrix, std::size_t first, std::size_t end);

  void pack(MatrixView<const Real> matrix) { pack_panels(matrix, 0, panels_); }
  void pack_transposed(MatrixView<const Real> matrix) { pack_transposed_panels(matrix, 0, panels_); }

  // Like pack_panels(), but does not copy a matrix that is already laid out as a single panel, its rows
  // padded with zeros to whole vectors. It must then outlive this object, and changes to it are seen at once.
  void refer_to_panels(MatrixView<const Real> matrix, std::size_t first, std::size_t end);
  void refer_to(MatrixView<const Real> matrix) { refer_to_panels(matrix, 0, panels_); }

  // The index of a panel's first column.
  std::size_t first_column(std::size_t panel) const { return panel * panel_columns_; }

  // [rows][columns of the panel], padded with zeros to whole vectors.
  MatrixView<const Real> panel(std::size_t index) const {
    const std::size_t first = first_column(index);
    const std::size_t columns = std::min(panel_columns_, columns_ - first);
    return {data_ + first * rows_, rows_, columns, padded<Real>(columns)};
  }

 private:
  MatrixView<Real> own_panel(std::size_t index);

  std::size_t rows_;
  std::size_t columns_;
  std::size_t panel_columns_;  // of every panel but the last, which may be narrower
  std::size_t panels_;
  AlignedBuffer<Real> packed_;  // [panels][rows][panel_columns]
  const Real* data_;            // packed_, or the matrix that refer_to() was given
};

// What multiply() below does where there are several panels.
template <typename Real>
void multiply_by_panels(MatrixView<const Real> left, const PackedMatrix<Real>& right, MatrixView<Real> result,
                        Start start);

// result (+)= left right for left [n][right.rows()] and result [n][right.columns()], each sum running upwards
// over the rows of `right`. The result may include the columns that pad `right`: zeros are added to them.
// Threads may compute different rows at the same time.
template <typename Real>
inline void multiply(MatrixView<const Real> left, const PackedMatrix<Real>& right, MatrixView<Real> result,
                     Start start) {
  if (right.panels() == 1) {
    multiply<Real>(left, right.panel(0), result, start);  // no detour for small matrices and single rows
  } else {
    multiply_by_panels(left, right, result, start);
  }
}

}  // namespace dinorc
