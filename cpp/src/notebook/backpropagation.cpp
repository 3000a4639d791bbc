#include "dinorc/notebook/backpropagation.hpp"

#include <algorithm>
#include <utility>

#include "dinorc/cells/rnn_cell.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"
#include "dinorc/notebook/cross_entropy.hpp"

namespace dinorc {
template <RecurrentCell Cell>
UnrolledNetwork<Cell>::UnrolledNetwork(const PackedNetwork<Cell>& network, std::size_t capacity)
    : network_(network),
      states_(capacity + 1, Cell::state_vectors * network.hidden_size()),
      cell_inputs_(capacity, Cell::blocks * network.hidden_size()),
      probabilities_(capacity, network.output_size()),
      loss_terms_(2, capacity),
      d_hidden_(capacity, network.hidden_size()),
      d_cell_inputs_(capacity, Cell::blocks * network.hidden_size()),
      d_states_(2, Cell::state_vectors * network.hidden_size()) {}

template <RecurrentCell Cell>
CellStep<typename Cell::Number> UnrolledNetwork<Cell>::step(std::size_t time) {
  return {
      .hidden_size = network_.hidden_size(),
      .blocks = cell_inputs_.view().row(time),
      .state_before = states_.view().row(time),
      .state_after = states_.view().row(time + 1),
  };
}

template <RecurrentCell Cell>
void UnrolledNetwork<Cell>::carry_state(std::size_t length) {
  const VectorView<Real> last = state(length);
  std::copy_n(last.data, last.size, initial_state().data);
}

template <RecurrentCell Cell>
double UnrolledNetwork<Cell>::forward(CharacterIds inputs, CharacterIds targets) {
  const std::size_t length = inputs.size();
  for (std::size_t t = 0; t < length; ++t) {
    const CellStep<Real> now = step(t);
    network_.look_up(inputs[t], now.blocks);
    network_.step_forward(now);
  }
  const MatrixView<Real> probabilities = probabilities_.view().rows_from(0, length);
  network_.compute_logits(states_.view().rows_from(1, length), probabilities);
  return cross_entropy<Real>(probabilities, targets, probabilities, loss_terms_.view());
}

// With dz_y<t> the loss by the logits and dz<t> the loss by the cell's input, both summed from the last t
// down:
//   dW_ya = sum of dz_y<t> a<t> transposed      db_y = sum of dz_y<t>
//   dW_aa = sum of dz<t> a<t-1> transposed      db   = sum of dz<t>
//   dW_ax, column of the character at t: sum of dz<t>
template <RecurrentCell Cell>
void UnrolledNetwork<Cell>::backward(CharacterIds inputs, CharacterIds targets,
                                     ParameterBuffer<Real>& gradients) {
  const std::size_t length = inputs.size();
  const MatrixView<Real> d_logits = probabilities_.view().rows_from(0, length);
  const MatrixView<Real> d_hidden = d_hidden_.view().rows_from(0, length);
  const MatrixView<Real> d_cell_inputs = d_cell_inputs_.view().rows_from(0, length);

  cross_entropy_backward<Real>(targets, d_logits);
  multiply<Real>(d_logits, network_.output_weights().with_padding(), d_hidden.with_padding(),
                 Start::from_zero);

  const MatrixView<Real> d_states = d_states_.view();
  Real* d_state_after = d_states.row(0);
  Real* d_state_before = d_states.row(1);
  std::fill_n(d_state_after, d_states.row_stride, Real{0});
  for (std::size_t t = length; t-- > 0;) {
    std::fill_n(d_state_before, d_states.row_stride, Real{0});
    network_.step_backward(step(t), {d_hidden.row(t), d_state_after, d_state_before, d_cell_inputs.row(t)});
    std::swap(d_state_after, d_state_before);
  }

  sum_outer_products_backwards<Real>(d_logits, states_.view().rows_from(1, length),
                                     gradients.output().with_padding());
  sum_backwards<Real>(d_logits.with_padding(), gradients.output_bias().data);
  sum_outer_products_backwards<Real>(d_cell_inputs, states_.view().rows_from(0, length),
                                     gradients.recurrent().with_padding());
  sum_backwards<Real>(d_cell_inputs.with_padding(), gradients.bias().data);

  const MatrixView<Real> d_input = gradients.input().with_padding();
  std::fill_n(d_input.data, d_input.rows * d_input.row_stride, Real{0});
  for (std::size_t t = length; t-- > 0;) {
    if (inputs[t] == no_character) continue;
    active_kernels<Real>().add(d_cell_inputs.row(t), d_input.row(static_cast<std::size_t>(inputs[t])),
                               d_input.columns);
  }
}

template class UnrolledNetwork<RnnCell<float>>;
template class UnrolledNetwork<RnnCell<double>>;

}  // namespace dinorc
