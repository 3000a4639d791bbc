#include "dinorc/notebook/packed_network.hpp"

#include <algorithm>

#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"
#include "dinorc/matrices/transpose.hpp"

namespace dinorc {

template <typename Real>
PackedNetwork<Real>::PackedNetwork(ParameterBuffer<Real>& parameters)
    : parameters_(parameters),
      recurrent_transposed_(parameters.hidden_size(), parameters.hidden_size()),
      output_transposed_(parameters.hidden_size(), parameters.output_size()) {
  pack();
}

template <typename Real>
void PackedNetwork<Real>::pack() {
  transpose<Real>(parameters_.recurrent(), recurrent_transposed_.view());
  transpose<Real>(parameters_.output(), output_transposed_.view());
}

template <typename Real>
void PackedNetwork<Real>::look_up(CharacterId character, Real* a) const {
  const Real* const bias = parameters_.bias().data;
  const std::size_t size = padded_hidden_size();
  if (character == no_character) {
    std::copy_n(bias, size, a);
  } else {
    active_kernels<Real>().sum(bias, parameters_.input().row(static_cast<std::size_t>(character)), a, size);
  }
}

template <typename Real>
void PackedNetwork<Real>::steps_forward(MatrixView<Real> states) const {
  const MatrixView<const Real> weights = recurrent_transposed_.view();
  active_kernels<Real>().steps_forward({states.rows - 1, weights.rows, weights.row_stride, weights.data},
                                       states.data);
}

template <typename Real>
void PackedNetwork<Real>::steps_backward(MatrixView<const Real> states, MatrixView<Real> d_states,
                                         Real* da_next) const {
  const MatrixView<const Real> weights = parameters_.recurrent();
  active_kernels<Real>().steps_backward({d_states.rows, weights.rows, weights.row_stride, weights.data},
                                        states.data, d_states.data, da_next);
}

// Some rows of the weights, as many as fill cache lines of the transposed copy, are copied there as soon as
// they have changed: while the next ones are computed, the copies find their way into the cache.
template <typename Real>
void PackedNetwork<Real>::descend(MatrixView<const Real> left, MatrixView<const Real> right,
                                  const ClippedDescent<Real>& descent, MatrixView<Real> weights,
                                  MatrixView<Real> transposed, VectorView<Real> bias) {
  constexpr std::size_t rows_at_a_time = alignment_bytes / sizeof(Real);
  for (std::size_t row = 0; row < weights.rows; row += rows_at_a_time) {
    const std::size_t count = std::min(rows_at_a_time, weights.rows - row);
    const MatrixView<Real> rows = weights.rows_from(row, count);
    sum_outer_products_backwards<Real>(left.columns_from(row, count), right, in_whole_vectors(rows),
                                       &descent);
    transpose<Real>(rows, transposed.columns_from(row, count));
  }
  sum_backwards<Real>(in_whole_vectors(left), bias.data, &descent);
}

template <typename Real>
void PackedNetwork<Real>::descend_output(MatrixView<const Real> d_logits, MatrixView<const Real> states,
                                         const ClippedDescent<Real>& descent) {
  descend(d_logits, states, descent, parameters_.output(), output_transposed_.view(),
          parameters_.output_bias());
}

template <typename Real>
void PackedNetwork<Real>::descend_recurrent(MatrixView<const Real> d_inputs,
                                            MatrixView<const Real> states_before,
                                            const ClippedDescent<Real>& descent) {
  descend(d_inputs, states_before, descent, parameters_.recurrent(), recurrent_transposed_.view(),
          parameters_.bias());
}

template <typename Real>
void PackedNetwork<Real>::descend_input(CharacterId character, const Real* gradient,
                                        const ClippedDescent<Real>& descent) {
  Real* const weights = parameters_.input().row(static_cast<std::size_t>(character));
  active_kernels<Real>().clip_and_descend(descent, gradient, weights, padded_hidden_size());
}

template <typename Real>
void PackedNetwork<Real>::compute_logits(MatrixView<const Real> hidden, MatrixView<Real> logits) const {
  const VectorView<Real> bias = parameters_.output_bias();
  for (std::size_t row = 0; row < logits.rows; ++row) {
    std::copy_n(bias.data, logits.row_stride, logits.row(row));
  }
  multiply<Real>(hidden, output_transposed_.view(), in_whole_vectors(logits), Start::from_result);
}

template class PackedNetwork<float>;
template class PackedNetwork<double>;

}  // namespace dinorc
