#include "dinorc/cells/rnn_cell.hpp"

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

static_assert(RecurrentCell<RnnCell<float>> && RecurrentCell<RnnCell<double>>);

// a<t> = tanh(z<t>)
template <typename Real>
void RnnCell<Real>::forward(const CellStep<Real>& step) {
  active_kernels<Real>().tanh(step.blocks, step.state_after, padded<Real>(step.hidden_size));
}

// da<t> = (loss by a<t> through the output) + (loss by a<t> through a<t+1>)
// dz<t> = (1 - a<t> a<t>) da<t>
template <typename Real>
void RnnCell<Real>::backward(const CellStep<Real>& step, const CellLosses<Real>& losses) {
  const std::size_t size = padded<Real>(step.hidden_size);
  Real* const da = losses.d_output;
  active_kernels<Real>().add(losses.d_state_after, da, size);
  active_kernels<Real>().tanh_backward(step.state_after, da, losses.d_blocks, size);
}

template class RnnCell<float>;
template class RnnCell<double>;

}  // namespace dinorc
