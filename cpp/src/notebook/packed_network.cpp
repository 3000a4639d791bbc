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
      recurrent_(parameters.hidden_size(), parameters.hidden_size()),
      output_transposed_(parameters.hidden_size(), parameters.output_size()) {
  pack();
}

template <typename Real>
void PackedNetwork<Real>::pack() {
  recurrent_transposed_.pack_transposed(parameters_.recurrent());
  recurrent_.refer_to(parameters_.recurrent());
  transpose<Real>(parameters_.output(), output_transposed_.view());
}

template <typename Real>
void PackedNetwork<Real>::look_up(CharacterId character, Real* a) const {
  std::copy_n(parameters_.bias().data, padded_size(), a);
  if (character == no_character) return;
  active_kernels<Real>().add(parameters_.input().row(static_cast<std::size_t>(character)), a, padded_size());
}

template <typename Real>
void PackedNetwork<Real>::step_forward(const Real* a_prev, Real* a) const {
  multiply<Real>(row(a_prev), recurrent_transposed_, row(a), Start::from_result);
  active_kernels<Real>().tanh(a, a, padded_size());
}

template <typename Real>
void PackedNetwork<Real>::step_backward(const Real* a, const Real* da_next, Real* da, Real* dz,
                                        Real* da_prev) const {
  active_kernels<Real>().add(da_next, da, padded_size());
  active_kernels<Real>().tanh_backward(a, da, dz, padded_size());
  multiply<Real>(row<const Real>(dz), recurrent_, row(da_prev), Start::from_zero);
}

template <typename Real>
void PackedNetwork<Real>::compute_logits(MatrixView<const Real> hidden, MatrixView<Real> logits) const {
  const VectorView<Real> bias = parameters_.output_bias();
  for (std::size_t row = 0; row < logits.rows; ++row) {
    std::copy_n(bias.data, logits.row_stride, logits.row(row));
  }
  multiply<Real>(hidden, output_transposed_.view().with_padding(), logits.with_padding(), Start::from_result);
}

template class PackedNetwork<float>;
template class PackedNetwork<double>;

}  // namespace dinorc
