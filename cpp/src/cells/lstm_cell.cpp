#include "dinorc/cells/lstm_cell.hpp"

#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

static_assert(RecurrentCell<LstmCell<float>> && RecurrentCell<LstmCell<double>>);

// (z_i, z_f, z_g, z_o) = z<t> = (W x<t> + b) + R h<t-1>
// i = sigmoid(z_i),  f = sigmoid(z_f),  g = tanh(z_g),  o = sigmoid(z_o)
// c<t> = f c<t-1> + i g
// h<t> = o tanh(c<t>)
template <typename Real>
void LstmCell<Real>::forward(const CellStep<Real>& step) {
  active_kernels<Real>().lstm_forward(step);
}

// dh     = (loss by h<t> through the output) + (loss by h<t> through t + 1)
// dz_o   = (dh tanh(c<t>)) (o (1 - o))
// dc     = (loss by c<t> through t + 1) + (dh o) (1 - tanh(c<t>) tanh(c<t>))
// dz_i   = (dc g) (i (1 - i)),  dz_f = (dc c<t-1>) (f (1 - f)),  dz_g = (dc i) (1 - g g)
// d<t-1> = (0, dc f), to which those who unroll the cell add (R transposed dz, 0)
template <typename Real>
void LstmCell<Real>::backward(const CellStep<Real>& step, const CellLosses<Real>& losses) {
  active_kernels<Real>().lstm_backward(step, losses);
}

template class LstmCell<float>;
template class LstmCell<double>;

}  // namespace dinorc
