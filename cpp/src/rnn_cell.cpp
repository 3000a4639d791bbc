#include "dinorc/cells/rnn_cell.hpp"

#include "dinorc/kernels.hpp"
#include "dinorc/packed_matrix.hpp"

namespace dinorc {

static_assert(RecurrentCell<RnnCell<float>> && RecurrentCell<RnnCell<double>>);

// z<t> = (W_ax x<t> + b) + W_aa a<t-1>
// a<t> = tanh(z<t>)
template <typename Real>
void RnnCell<Real>::forward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step) {
  const MatrixView<Real> z = step.input.with_padding();
  multiply<Real>(step.state_before, weights.forth(), z, Start::from_result);
  for (std::size_t row = 0; row < z.rows; ++row) {
    active_kernels<Real>().tanh(z.row(row), step.state_after.row(row), z.columns);
  }
}

// da<t>   = (loss by a<t> through the output) + (loss by a<t> through a<t+1>)
// dz<t>   = (1 - a<t> a<t>) da<t>
// da<t-1> = W_aa transposed dz<t>
template <typename Real>
void RnnCell<Real>::backward(const RecurrentWeights<Real>& weights, const CellStep<Real>& step,
                             MatrixView<Real> d_output, MatrixView<Real> d_state, MatrixView<Real> d_input) {
  const MatrixView<Real> da = d_output.with_padding();
  for (std::size_t row = 0; row < da.rows; ++row) {
    active_kernels<Real>().add(d_state.row(row), da.row(row), da.columns);
    active_kernels<Real>().tanh_backward(step.state_after.row(row), da.row(row), d_input.row(row),
                                         da.columns);
  }
  multiply<Real>(d_input, weights.back(), d_state.with_padding(), Start::from_zero);
}

template class RnnCell<float>;
template class RnnCell<double>;

}  // namespace dinorc
