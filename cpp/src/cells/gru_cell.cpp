#include "dinorc/cells/gru_cell.hpp"

#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

static_assert(RecurrentCell<GruCell<float>> && RecurrentCell<GruCell<double>>);

// (z_n, z_r, z_z, z_q) = (W_n x<t> + b_n, W_r x<t> + b_r, W_z x<t> + b_z, b_q) + (0, R h<t-1>)
// r = sigmoid(z_r),  z = sigmoid(z_z),  q = z_q
// n = tanh(z_n + r q)
// h<t> = (1 - z) n + z h<t-1>
template <typename Real>
void GruCell<Real>::forward(const CellStep<Real>& step) {
  active_kernels<Real>().gru_forward(step);
}

// dh     = (loss by h<t> through the output) + (loss by h<t> through t + 1)
// dz_n   = (dh (1 - z)) (1 - n n)
// dz_r   = (dz_n q) (r (1 - r)),  dz_z = (dh (h<t-1> - n)) (z (1 - z)),  dz_q = dz_n r
// d<t-1> = dh z, to which those who unroll the cell add R transposed (dz_r, dz_z, dz_q)
template <typename Real>
void GruCell<Real>::backward(const CellStep<Real>& step, const CellLosses<Real>& losses) {
  active_kernels<Real>().gru_backward(step, losses);
}

template class GruCell<float>;
template class GruCell<double>;

}  // namespace dinorc
