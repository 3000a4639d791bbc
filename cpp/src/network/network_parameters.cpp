#include "dinorc/network/network_parameters.hpp"

#include "dinorc/foundations/sizes.hpp"

namespace dinorc {
namespace {

// Throws std::bad_array_new_length where the product of the sizes overflows.
std::size_t buffer_size(const NetworkShape& shape) {
  const std::size_t cell_columns = product_of_sizes(shape.blocks, shape.hidden_size);
  const std::size_t parts[] = {
      product_of_sizes(shape.symbol_count(), shape.embedding_size),
      product_of_sizes(shape.input_size(), cell_columns),
      product_of_sizes(cell_columns, shape.hidden_size),
      product_of_sizes(shape.vocabulary_size, shape.hidden_size),
      cell_columns,
      shape.vocabulary_size,
  };
  std::size_t bound = 0;
  for (const std::size_t part : parts) bound = sum_of_sizes(bound, part);
  // The bound holds, so nothing below overflows; cells with fewer input or recurrent blocks need less.
  return bound - shape.input_size() * (cell_columns - shape.input_columns()) -
         shape.hidden_size * (cell_columns - shape.recurrent_columns());
}

template <typename Real>
MatrixView<Real> matrix(Real* data, std::size_t rows, std::size_t columns) {
  return {data, rows, columns, columns};
}

template <typename Real>
Real* end_of(MatrixView<Real> part) {
  return part.row(part.rows);
}

}  // namespace

template <typename Real>
NetworkParameters<Real>::NetworkParameters(const NetworkShape& shape)
    : shape_(shape), numbers_(buffer_size(shape)) {}

template <typename Real>
MatrixView<Real> NetworkParameters<Real>::embedding() {
  const std::size_t rows = shape_.embedding_size == 0 ? 0 : shape_.symbol_count();
  return matrix(numbers_.data(), rows, shape_.embedding_size);
}

template <typename Real>
MatrixView<Real> NetworkParameters<Real>::input_weights() {
  return matrix(end_of(embedding()), shape_.input_size(), shape_.input_columns());
}

template <typename Real>
MatrixView<Real> NetworkParameters<Real>::recurrent_weights() {
  return matrix(end_of(input_weights()), shape_.recurrent_columns(), shape_.hidden_size);
}

template <typename Real>
MatrixView<Real> NetworkParameters<Real>::output_weights() {
  return matrix(end_of(recurrent_weights()), shape_.vocabulary_size, shape_.hidden_size);
}

template <typename Real>
VectorView<Real> NetworkParameters<Real>::bias() {
  return {end_of(output_weights()), shape_.cell_columns()};
}

template <typename Real>
VectorView<Real> NetworkParameters<Real>::output_bias() {
  return {bias().data + bias().size, shape_.vocabulary_size};
}

template <typename Real>
std::size_t NetworkParameters<Real>::weight_count() {
  return static_cast<std::size_t>(bias().data - numbers_.data());
}

template class NetworkParameters<float>;
template class NetworkParameters<double>;

}  // namespace dinorc
