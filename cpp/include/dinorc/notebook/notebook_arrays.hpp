// The notebook's separate arrays, in its own shapes and names, as views.
#pragma once

#include "dinorc/foundations/views.hpp"

namespace dinorc {

// Parameters, or with `d` in front of each name their gradients:
//   Wax [hidden_size][input_size]    input to hidden
//   Waa [hidden_size][hidden_size]   hidden to hidden
//   Wya [output_size][hidden_size]   hidden to output
//   b   [hidden_size]                by [output_size]
// In a model of names input_size and output_size are both the size of the vocabulary.
// Rows are contiguous: row_stride equals columns.
template <typename Number>
struct NotebookArrays {
  MatrixView<Number> Wax;
  MatrixView<Number> Waa;
  MatrixView<Number> Wya;
  VectorView<Number> b;
  VectorView<Number> by;

  std::size_t hidden_size() const { return b.size; }
  std::size_t input_size() const { return Wax.columns; }
  std::size_t output_size() const { return by.size; }

  operator NotebookArrays<const Number>() const
    requires(!std::is_const_v<Number>)
  {
    return {Wax, Waa, Wya, b, by};
  }
};

}  // namespace dinorc
