#include "dinorc/network/packed_parameters.hpp"

#include <algorithm>

#include "dinorc/foundations/sizes.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"
#include "dinorc/threads/worker.hpp"

namespace dinorc {

template <typename Real>
PackedParameters<Real>::PackedParameters(const NetworkShape& shape)
    : shape_(shape),
      inputs_(sum_of_sizes(shape.symbol_count(), 1), shape.cell_columns()),
      recurrent_(shape.hidden_size, shape.recurrent_columns()),
      output_(shape.hidden_size, shape.vocabulary_size),
      output_bias_(padded<Real>(shape.vocabulary_size)) {}

// Row c of the inputs:  e_c W_x + bias for the embedding e_c of symbol c, the products summed before the
// bias is added. Without an embedding e_c is the one-hot vector of c:  row c of W_x + bias.
template <typename Real>
void PackedParameters<Real>::pack(NetworkParameters<Real>& parameters, std::size_t worker,
                                  std::size_t workers) noexcept {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  const MatrixView<Real> inputs = inputs_.view();
  const VectorView<Real> bias = parameters.bias();
  const MatrixView<Real> weights = parameters.input_weights();
  const Part columns = part_of(shape_.cell_columns(), worker, workers, column_unit<Real>);
  const std::size_t input_end = std::min(columns.end, shape_.input_columns());
  const std::size_t input_count = input_end > columns.begin ? input_end - columns.begin : 0;
  if (shape_.embedding_size != 0 && input_count != 0) {
    multiply<Real>(parameters.embedding(),
                   {weights.data + columns.begin, weights.rows, input_count, weights.row_stride},
                   {inputs.data + columns.begin, shape_.symbol_count(), input_count, inputs.row_stride},
                   Start::from_zero);
  }
  for (std::size_t c = 0; c <= shape_.symbol_count(); ++c) {
    Real* const row = inputs.row(c);
    const bool has_input = c < shape_.symbol_count();
    if (has_input && shape_.embedding_size == 0) {
      std::copy_n(weights.row(c) + columns.begin, input_count, row + columns.begin);
    }
    const std::size_t added = has_input ? input_count : 0;
    kernels.add(bias.data + columns.begin, row + columns.begin, added);
    std::copy(bias.data + columns.begin + added, bias.data + columns.end, row + columns.begin + added);
  }

  const Part recurrent = part_of(recurrent_.panels(), worker, workers);
  recurrent_.pack_transposed_panels(parameters.recurrent_weights(), recurrent.begin, recurrent.end);
  const Part output = part_of(output_.panels(), worker, workers);
  output_.pack_transposed_panels(parameters.output_weights(), output.begin, output.end);
  if (worker == 0) std::copy_n(parameters.output_bias().data, shape_.vocabulary_size, output_bias_.data());
}

template <typename Real>
void PackedParameters<Real>::compute_pre_activations(const Real* product, CharacterId symbol, Real* z) const {
  const MatrixView<const Real> inputs = inputs_.view();
  const Real* const input =
      inputs.row(symbol == no_character ? shape_.symbol_count() : static_cast<std::size_t>(symbol));
  const std::size_t first = shape_.first_recurrent_column();
  std::copy_n(input, first, z);
  active_kernels<Real>().sum(product, input + first, z + first, shape_.recurrent_columns());
}

template class PackedParameters<float>;
template class PackedParameters<double>;

}  // namespace dinorc
