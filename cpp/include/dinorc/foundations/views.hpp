// Views over numbers that somebody else owns: a pointer with its lengths, nothing more.
#pragma once

#include <cstddef>
#include <type_traits>

#include "dinorc/foundations/float_contract.hpp"  // views are everywhere, and so is the contract

namespace dinorc {

// `size` numbers in a row.
template <typename Number>
struct VectorView {
  Number* data = nullptr;
  std::size_t size = 0;

  Number& operator[](std::size_t index) const { return data[index]; }

  operator VectorView<const Number>() const
    requires(!std::is_const_v<Number>)
  {
    return {data, size};
  }
};

// `rows` rows of `columns` numbers; row r begins at data + r * row_stride.
template <typename Number>
struct MatrixView {
  Number* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t row_stride = 0;

  Number* row(std::size_t index) const { return data + index * row_stride; }
  Number& operator()(std::size_t row_index, std::size_t column) const { return row(row_index)[column]; }

  // Rows `first` to `first + count`, as a view of their own.
  MatrixView rows_from(std::size_t first, std::size_t count) const {
    return {row(first), count, columns, row_stride};
  }

  // Columns `first` to `first + count`, as a view of their own.
  MatrixView columns_from(std::size_t first, std::size_t count) const {
    return {data + first, rows, count, row_stride};
  }

  // The same rows with the zeros that pad them as further columns: for kernels, which like whole vectors.
  MatrixView with_padding() const { return {data, rows, row_stride, row_stride}; }

  operator MatrixView<const Number>() const
    requires(!std::is_const_v<Number>)
  {
    return {data, rows, columns, row_stride};
  }
};

}  // namespace dinorc
