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
      loss_terms_(3, capacity),
      d_states_(capacity, network.hidden_size()),
      d_next_(1, network.hidden_size()),
      d_input_(network.input_size(), network.hidden_size()) {}

template <typename Real>
void UnrolledNetwork<Real>::carry_state(std::size_t length) {
  const VectorView<Real> last = state(length);
  std::copy_n(last.data, last.size, initial_state().data);
}

template <typename Real>
double UnrolledNetwork<Real>::forward(CharacterIds inputs, CharacterIds targets) {
  const std::size_t length = inputs.size();
  for (std::size_t t = 0; t < length; ++t) network_.look_up(inputs[t], states_.view().row(t + 1));
  network_.steps_forward(states_.view().rows_from(0, length + 1));
  const MatrixView<Real> probabilities = probabilities_.view().rows_from(0, length);
  network_.compute_logits(states_.view().rows_from(1, length), probabilities);
  return cross_entropy<Real>(probabilities, targets, probabilities, loss_terms_.view());
}

template <typename Real>
void UnrolledNetwork<Real>::backward_through_output(CharacterIds targets) {
  const std::size_t length = targets.size();
  cross_entropy_backward<Real>(targets, d_logits(length));
  multiply<Real>(d_logits(length), network_.output_weights(), in_whole_vectors(d_states(length)),
                 Start::from_zero);
}

template <typename Real>
void UnrolledNetwork<Real>::backward_through_time(std::size_t length) {
  Real* const da_next = d_next_.view().data;
  std::fill_n(da_next, d_next_.view().columns, Real{0});
  network_.steps_backward(states_.view(), d_states(length), da_next);
}

template <typename Real>
void UnrolledNetwork<Real>::add_input_gradients(CharacterIds inputs, MatrixView<Real> gradients) const {
  for (std::size_t t = inputs.size(); t-- > 0;) {
    if (inputs[t] == no_character) continue;
    active_kernels<Real>().add(d_states_.view().row(t), gradients.row(static_cast<std::size_t>(inputs[t])),
                               gradients.columns);
  }
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
  backward_through_output(targets);
  backward_through_time(length);
  sum_outer_products_backwards<Real>(d_logits(length), states_after(length),
                                     in_whole_vectors(gradients.output()));
  sum_backwards<Real>(in_whole_vectors(d_logits(length)), gradients.output_bias().data);
  sum_outer_products_backwards<Real>(d_states(length), states_before(length),
                                     in_whole_vectors(gradients.recurrent()));
  sum_backwards<Real>(in_whole_vectors(d_states(length)), gradients.bias().data);
  const MatrixView<Real> d_input = gradients.input().with_padding();
  std::fill_n(d_input.data, d_input.rows * d_input.row_stride, Real{0});
  add_input_gradients(inputs, in_whole_vectors(gradients.input()));
}

// Each matrix takes its step right after its last use on the way back, while it is in the nearest cache.
template <typename Real>
void UnrolledNetwork<Real>::descend(CharacterIds inputs, CharacterIds targets,
                                    const ClippedDescent<Real>& descent, PackedNetwork<Real>& network) {
  const std::size_t length = inputs.size();
  backward_through_output(targets);
  network.descend_output(d_logits(length), states_after(length), descent);
  backward_through_time(length);
  network.descend_recurrent(d_states(length), states_before(length), descent);

  // The gradients of characters that do not occur are zero; of those that occur again, at the second visit.
  const MatrixView<Real> d_input = in_whole_vectors(d_input_.view());
  add_input_gradients(inputs, d_input);
  for (const CharacterId character : inputs) {
    if (character == no_character) continue;
    Real* const gradient = d_input.row(static_cast<std::size_t>(character));
    network.descend_input(character, gradient, descent);
    std::fill_n(gradient, d_input.columns, Real{0});
  }
}

template class UnrolledNetwork<float>;
template class UnrolledNetwork<double>;

}  // namespace dinorc
