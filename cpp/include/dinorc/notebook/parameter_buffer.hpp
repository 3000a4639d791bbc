// All parameters of a network, or all their gradients, in one flat buffer with named parts.
#pragma once

#include <cstddef>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/views.hpp"
#include "dinorc/notebook/notebook_arrays.hpp"

namespace dinorc {

// The parts lie one after the other, rows padded to whole vectors with zeros; what acts on each number alone
// (clipping, gradient descent) walks the buffer from end to end. The input weights are transposed, so that
// the column of Wax which a character picks is a row here.
//   input       [input_size][hidden_size]    W_ax transposed
//   recurrent   [hidden_size][hidden_size]   W_aa
//   output      [output_size][hidden_size]   W_ya
//   bias        [hidden_size]                b
//   output_bias [output_size]                b_y
template <typename Real>
class ParameterBuffer {
 public:
  ParameterBuffer(std::size_t hidden_size, std::size_t input_size, std::size_t output_size);
  explicit ParameterBuffer(const NotebookArrays<const Real>& arrays);

  std::size_t hidden_size() const { return hidden_size_; }
  std::size_t input_size() const { return input_size_; }
  std::size_t output_size() const { return output_size_; }

  MatrixView<Real> input() { return {numbers_.data(), input_size_, hidden_size_, hidden_stride_}; }
  MatrixView<Real> recurrent() {
    return {input().row(input_size_), hidden_size_, hidden_size_, hidden_stride_};
  }
  MatrixView<Real> output() {
    return {recurrent().row(hidden_size_), output_size_, hidden_size_, hidden_stride_};
  }
  VectorView<Real> bias() { return {output().row(output_size_), hidden_size_}; }
  VectorView<Real> output_bias() { return {bias().data + hidden_stride_, output_size_}; }

  // Every number, padding included.
  VectorView<Real> all() { return numbers_.vector(); }

  void copy_from(const NotebookArrays<const Real>& arrays);
  void copy_to(const NotebookArrays<Real>& arrays);

 private:
  std::size_t hidden_size_;
  std::size_t input_size_;
  std::size_t output_size_;
  std::size_t hidden_stride_;
  AlignedBuffer<Real> numbers_;
};

}  // namespace dinorc
