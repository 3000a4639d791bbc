#include "dinorc/notebook/parameter_buffer.hpp"

#include <algorithm>

#include "dinorc/foundations/sizes.hpp"
#include "dinorc/matrices/transpose.hpp"

namespace dinorc {
namespace {

template <typename Real>
void copy_rows(MatrixView<const Real> source, MatrixView<Real> target) {
  for (std::size_t r = 0; r < source.rows; ++r) std::copy_n(source.row(r), source.columns, target.row(r));
}

template <typename Real>
void copy_vector(VectorView<const Real> source, VectorView<Real> target) {
  std::copy_n(source.data, source.size, target.data);
}

// A row for each input, hidden unit and output, one for the bias, and the output bias.
template <typename Real>
std::size_t buffer_size(std::size_t hidden_size, std::size_t input_size, std::size_t output_size) {
  const std::size_t rows = sum_of_sizes(sum_of_sizes(input_size, hidden_size), sum_of_sizes(output_size, 1));
  return sum_of_sizes(product_of_sizes(rows, padded<Real>(hidden_size)), padded<Real>(output_size));
}

}  // namespace

template <typename Real>
ParameterBuffer<Real>::ParameterBuffer(std::size_t hidden_size, std::size_t input_size,
                                       std::size_t output_size)
    : hidden_size_(hidden_size),
      input_size_(input_size),
      output_size_(output_size),
      hidden_stride_(padded<Real>(hidden_size)),
      numbers_(buffer_size<Real>(hidden_size, input_size, output_size)) {}

template <typename Real>
ParameterBuffer<Real>::ParameterBuffer(const NotebookArrays<const Real>& arrays)
    : ParameterBuffer(arrays.hidden_size(), arrays.input_size(), arrays.output_size()) {
  copy_from(arrays);
}

template <typename Real>
void ParameterBuffer<Real>::copy_from(const NotebookArrays<const Real>& arrays) {
  transpose<Real>(arrays.Wax, input());
  copy_rows<Real>(arrays.Waa, recurrent());
  copy_rows<Real>(arrays.Wya, output());
  copy_vector<Real>(arrays.b, bias());
  copy_vector<Real>(arrays.by, output_bias());
}

template <typename Real>
void ParameterBuffer<Real>::copy_to(const NotebookArrays<Real>& arrays) {
  transpose<Real>(input(), arrays.Wax);
  copy_rows<Real>(recurrent(), arrays.Waa);
  copy_rows<Real>(output(), arrays.Wya);
  copy_vector<Real>(bias(), arrays.b);
  copy_vector<Real>(output_bias(), arrays.by);
}

template class ParameterBuffer<float>;
template class ParameterBuffer<double>;

}  // namespace dinorc
