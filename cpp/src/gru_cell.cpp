#include "dinorc/cells/gru_cell.hpp"

#include "dinorc/kernels.hpp"
#include "dinorc/packed_matrix.hpp"

namespace dinorc {

static_assert(RecurrentCell<GruCell<float>> && RecurrentCell<GruCell<double>>);

namespace {

// The blocks (r, z, q) of rows (n, r, z, q): those with recurrent weights.
template <typename Real>
MatrixView<Real> recurrent_part(MatrixView<Real> rows) {
  const std::size_t hidden_size = rows.columns / GruCell<Real>::blocks;
  return {rows.data + hidden_size, rows.rows, GruCell<Real>::recurrent_blocks * hidden_size, rows.row_stride};
}

}  // namespace

// (z_n, z_r, z_z, z_q) = (W_n x<t> + b_n, W_r x<t> + b_r, W_z x<t> + b_z, b_q) + (0, R h<t-1>)
// r = sigmoid(z_r),  z = sigmoid(z_z),  q = z_q
// n = tanh(z_n + r q)
// h<t> = (1 - z) n + z h<t-1>
template <typename Real>
void GruCell<Real>::forward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step) {
  multiply<Real>(step.state_before, weights.forth(), recurrent_part(step.input), Start::from_result);
  active_kernels<Real>().gru_forward({
      .rows = step.input.rows,
      .hidden_size = step.input.columns / blocks,
      .blocks = step.input.data,
      .blocks_stride = step.input.row_stride,
      .state_before = step.state_before.data,
      .state_before_stride = step.state_before.row_stride,
      .state_after = step.state_after.data,
      .state_after_stride = step.state_after.row_stride,
  });
}

// dh     = (loss by h<t> through the output) + (loss by h<t> through t + 1)
// dz_n   = (dh (1 - z)) (1 - n n)
// dz_r   = (dz_n q) (r (1 - r)),  dz_z = (dh (h<t-1> - n)) (z (1 - z)),  dz_q = dz_n r
// d<t-1> = dh z + R transposed (dz_r, dz_z, dz_q)
template <typename Real>
void GruCell<Real>::backward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step,
                             MatrixView<Real> d_output, MatrixView<Real> d_state, MatrixView<Real> d_input) {
  active_kernels<Real>().gru_backward({
      .rows = step.input.rows,
      .hidden_size = step.input.columns / blocks,
      .blocks = step.input.data,
      .blocks_stride = step.input.row_stride,
      .state_before = step.state_before.data,
      .state_before_stride = step.state_before.row_stride,
      .state_after = step.state_after.data,
      .state_after_stride = step.state_after.row_stride,
      .d_output = d_output.data,
      .d_output_stride = d_output.row_stride,
      .d_state = d_state.data,
      .d_state_stride = d_state.row_stride,
      .d_blocks = d_input.data,
      .d_blocks_stride = d_input.row_stride,
  });
  multiply<Real>(recurrent_part(d_input), weights.back(), d_state.with_padding(), Start::from_result);
}

template class GruCell<float>;
template class GruCell<double>;

}  // namespace dinorc
