#include "dinorc/notebook/backpropagation.hpp"

#include <algorithm>
#include <utility>

#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"
#include "dinorc/notebook/cross_entropy.hpp"

namespace dinorc {
template <typename Real>
UnrolledNetwork<Real>::UnrolledNetwork(const PackedNetwork<Real>& network, std::size_t capacity)
    : network_(network),
      states_(capacity + 1, network.hidden_size()),
      probabilities_(capacity, network.output_size()),
      loss_terms_(2, capacity),
      d_states_(capacity, network.hidden_size()),
      d_inputs_(capacity, network.hidden_size()),
      d_neighbours_(2, network.hidden_size()) {}

template <typename Real>
void UnrolledNetwork<Real>::carry_state(std::size_t length) {
  const VectorView<Real> last = state(length);
  std::copy_n(last.data, last.size, initial_state().data);
}

template <typename Real>
double UnrolledNetwork<Real>::forward(CharacterIds inputs, CharacterIds targets) {
  const std::size_t length = inputs.size();
  for (std::size_t t = 0; t < length; ++t) {
    network_.look_up(inputs[t], states_.view().row(t + 1));
    network_.step_forward(states_.view().row(t), states_.view().row(t + 1));
  }
  const MatrixView<Real> probabilities = probabilities_.view().rows_from(0, length);
  network_.compute_logits(states_.view().rows_from(1, length), probabilities);
  return cross_entropy<Real>(probabilities, targets, probabilities, loss_terms_.view());
}

// With dz_y<t> the loss by the logits and dz<t> the loss by the argument of tanh, all sums running from the
// last t down:
//   dW_ya = sum of dz_y<t> a<t> transposed      db_y = sum of dz_y<t>
//   dW_aa = sum of dz<t> a<t-1> transposed      db   = sum of dz<t>
//   dW_ax, column of the character at t: sum of dz<t>
template <typename Real>
void UnrolledNetwork<Real>::backward(CharacterIds inputs, CharacterIds targets,
                                     ParameterBuffer<Real>& gradients) {
  const std::size_t length = inputs.size();
  const MatrixView<Real> d_logits = probabilities_.view().rows_from(0, length);
  const MatrixView<Real> d_states = d_states_.view().rows_from(0, length);
  const MatrixView<Real> d_inputs = d_inputs_.view().rows_from(0, length);

  cross_entropy_backward<Real>(targets, d_logits);
  multiply<Real>(d_logits, network_.output_weights().with_padding(), d_states.with_padding(),
                 Start::from_zero);

  const MatrixView<Real> d_neighbours = d_neighbours_.view();
  Real* da_next = d_neighbours.row(0);
  Real* da_prev = d_neighbours.row(1);
  std::fill_n(da_next, d_neighbours.row_stride, Real{0});
  for (std::size_t t = length; t-- > 0;) {
    network_.step_backward(states_.view().row(t + 1), da_next, d_states.row(t), d_inputs.row(t), da_prev);
    std::swap(da_next, da_prev);
  }

  sum_outer_products_backwards<Real>(d_logits, states_.view().rows_from(1, length),
                                     gradients.output().with_padding());
  sum_backwards<Real>(d_logits.with_padding(), gradients.output_bias().data);
  sum_outer_products_backwards<Real>(d_inputs, states_.view().rows_from(0, length),
                                     gradients.recurrent().with_padding());
  sum_backwards<Real>(d_inputs.with_padding(), gradients.bias().data);

  const MatrixView<Real> d_input = gradients.input().with_padding();
  std::fill_n(d_input.data, d_input.rows * d_input.row_stride, Real{0});
  for (std::size_t t = length; t-- > 0;) {
    if (inputs[t] == no_character) continue;
    active_kernels<Real>().add(d_inputs.row(t), d_input.row(static_cast<std::size_t>(inputs[t])),
                               d_input.columns);
  }
}

template class UnrolledNetwork<float>;
template class UnrolledNetwork<double>;

}  // namespace dinorc
