#include "dinorc/cells/lstm_cell.hpp"

#include "dinorc/kernels.hpp"
#include "dinorc/packed_matrix.hpp"

namespace dinorc {

static_assert(RecurrentCell<LstmCell<float>> && RecurrentCell<LstmCell<double>>);

// z<t> = (W x<t> + b) + R h<t-1>, in the blocks (z_i, z_f, z_g, z_o)
// i = sigmoid(z_i),  f = sigmoid(z_f),  g = tanh(z_g),  o = sigmoid(z_o)
// c<t> = f c<t-1> + i g
// h<t> = o tanh(c<t>)
template <typename Real>
void LstmCell<Real>::forward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step) {
  const MatrixView<Real> z = step.input;
  multiply<Real>(step.state_before, weights.forth(), z.with_padding(), Start::from_result);
  active_kernels<Real>().lstm_forward({
      .rows = z.rows,
      .hidden_size = z.columns / blocks,
      .blocks = z.data,
      .blocks_stride = z.row_stride,
      .state_before = step.state_before.data,
      .state_before_stride = step.state_before.row_stride,
      .state_after = step.state_after.data,
      .state_after_stride = step.state_after.row_stride,
  });
}

// dh     = (loss by h<t> through the output) + (loss by h<t> through t + 1)
// dz_o   = (dh tanh(c<t>)) (o (1 - o))
// dc     = (loss by c<t> through t + 1) + (dh o) (1 - tanh(c<t>) tanh(c<t>))
// dz_i   = (dc g) (i (1 - i)),  dz_f = (dc c<t-1>) (f (1 - f)),  dz_g = (dc i) (1 - g g)
// d<t-1> = (R transposed dz, dc f)
template <typename Real>
void LstmCell<Real>::backward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step,
                              MatrixView<Real> d_output, MatrixView<Real> d_state, MatrixView<Real> d_input) {
  const std::size_t hidden_size = step.input.columns / blocks;
  active_kernels<Real>().lstm_backward({
      .rows = step.input.rows,
      .hidden_size = hidden_size,
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
  const MatrixView<Real> d_h = {d_state.data, d_state.rows, hidden_size, d_state.row_stride};
  multiply<Real>(d_input, weights.back(), d_h, Start::from_zero);
}

template class LstmCell<float>;
template class LstmCell<double>;

}  // namespace dinorc
