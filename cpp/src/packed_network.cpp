#include "dinorc/packed_network.hpp"

#include <algorithm>

#include "dinorc/cells/rnn_cell.hpp"
#include "dinorc/kernels.hpp"
#include "dinorc/matrix_multiply.hpp"
#include "dinorc/transpose.hpp"

namespace dinorc {

template <RecurrentCell Cell>
PackedNetwork<Cell>::PackedNetwork(ParameterBuffer<Real>& parameters)
    : parameters_(parameters),
      recurrent_weights_(parameters.hidden_size(), Cell::recurrent_blocks),
      output_transposed_(parameters.hidden_size(), parameters.output_size()) {
  pack();
}

template <RecurrentCell Cell>
void PackedNetwork<Cell>::pack() {
  recurrent_weights_.pack(parameters_.recurrent());
  transpose<Real>(parameters_.output(), output_transposed_.view());
}

template <RecurrentCell Cell>
void PackedNetwork<Cell>::look_up(CharacterId character, MatrixView<Real> input) const {
  const VectorView<Real> bias = parameters_.bias();
  std::copy_n(bias.data, input.row_stride, input.data);
  if (character == no_character) return;
  active_kernels<Real>().add(parameters_.input().row(static_cast<std::size_t>(character)), input.data,
                             input.row_stride);
}

template <RecurrentCell Cell>
void PackedNetwork<Cell>::compute_logits(MatrixView<const Real> hidden, MatrixView<Real> logits) const {
  const VectorView<Real> bias = parameters_.output_bias();
  for (std::size_t row = 0; row < logits.rows; ++row) {
    std::copy_n(bias.data, logits.row_stride, logits.row(row));
  }
  multiply<Real>(hidden, output_transposed_.view().with_padding(), logits.with_padding(), Start::from_result);
}

template class PackedNetwork<RnnCell<float>>;
template class PackedNetwork<RnnCell<double>>;

}  // namespace dinorc
