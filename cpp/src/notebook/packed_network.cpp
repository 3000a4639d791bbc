#include "dinorc/notebook/packed_network.hpp"

#include <algorithm>

#include "dinorc/cells/rnn_cell.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"
#include "dinorc/matrices/transpose.hpp"

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
void PackedNetwork<Cell>::look_up(CharacterId character, Real* input) const {
  const std::size_t columns = padded<Real>(hidden_size());
  std::copy_n(parameters_.bias().data, columns, input);
  if (character == no_character) return;
  active_kernels<Real>().add(parameters_.input().row(static_cast<std::size_t>(character)), input, columns);
}

template <RecurrentCell Cell>
void PackedNetwork<Cell>::step_forward(const CellStep<Real>& step) const {
  multiply<Real>(row(step.state_before), recurrent_weights_.forth(), row(step.blocks), Start::from_result);
  Cell::forward(step);
}

template <RecurrentCell Cell>
void PackedNetwork<Cell>::step_backward(const CellStep<Real>& step, const CellLosses<Real>& losses) const {
  Cell::backward(step, losses);
  multiply<Real>(row<const Real>(losses.d_blocks), recurrent_weights_.back(), row(losses.d_state_before),
                 Start::from_result);
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
