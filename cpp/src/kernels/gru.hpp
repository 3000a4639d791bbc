// The gated recurrent unit's step between the products: all gates of a unit at once.
#pragma once

#include "dinorc/kernels/kernel_arguments.hpp"
#include "kernels/arithmetic/math.hpp"
#include "kernels/arithmetic/partial_vectors.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// Blocks of hidden_size numbers (n, r, z, q), pre-activations on entry; q, the bias and recurrent part of the
// candidate, stays as it is. On return
//   r = sigmoid(z_r)          reset gate
//   z = sigmoid(z_z)          update gate
//   n = tanh(z_n + r q)       candidate
// and the state is
//   h = (1 - z) n + z h_before
//
// The candidate has a loop of its own: in one loop it would wait for the reset gate, and a processor doesn't
// look far enough ahead to do the next unit's gates meanwhile.
template <typename Real>
void gru_forward_kernel(const CellStep<Real>& step) {
  const std::size_t size = step.hidden_size;
  const Vector<Real> one = broadcast(Real{1});
  Real* const n_block = step.blocks;
  Real* const r_block = n_block + size;
  Real* const z_block = r_block + size;
  const Real* const q_block = z_block + size;
  for (std::size_t j = 0; j < size; j += lanes<Real>) {
    const std::size_t count = size - j;
    const Vector<Real> r = sigmoid(load_first(r_block + j, count));
    const Vector<Real> z = sigmoid(load_first(z_block + j, count));
    store_first(r_block + j, r, count);
    store_first(z_block + j, z, count);
    store_first(n_block + j, load_first(n_block + j, count) + r * load_first(q_block + j, count), count);
  }
  for (std::size_t j = 0; j < size; j += lanes<Real>) {
    const std::size_t count = size - j;
    const Vector<Real> n = tanh(load_first(n_block + j, count));
    const Vector<Real> z = load_first(z_block + j, count);
    const Vector<Real> h_before = load_first(step.state_before + j, count);
    store_first(n_block + j, n, count);
    store_first(step.state_after + j, (one - z) * n + z * h_before, count);
  }
}

// dh   = (loss by h through the output) + (loss by h through the next step)
// dz_n = (dh (1 - z)) (1 - n n)
// dz_r = (dz_n q) (r (1 - r))
// dz_z = (dh (h_before - n)) (z (1 - z))
// dq   = dz_n r
// loss by h_before = dh z, but for its part in the product
template <typename Real>
void gru_backward_kernel(const CellStep<Real>& step, const CellLosses<Real>& losses) {
  const std::size_t size = step.hidden_size;
  const Vector<Real> one = broadcast(Real{1});
  const Real* const blocks = step.blocks;
  Real* const d_blocks = losses.d_blocks;
  Real* const dh_before = losses.d_state_before;
  for (std::size_t j = 0; j < size; j += lanes<Real>) {
    const std::size_t count = size - j;
    const Vector<Real> n = load_first(blocks + j, count);
    const Vector<Real> r = load_first(blocks + size + j, count);
    const Vector<Real> z = load_first(blocks + 2 * size + j, count);
    const Vector<Real> q = load_first(blocks + 3 * size + j, count);
    const Vector<Real> h_before = load_first(step.state_before + j, count);
    const Vector<Real> dh =
        load_first(losses.d_output + j, count) + load_first(losses.d_state_after + j, count);
    const Vector<Real> dz_n = (dh * (one - z)) * (one - n * n);
    store_first(d_blocks + j, dz_n, count);
    store_first(d_blocks + size + j, (dz_n * q) * (r * (one - r)), count);
    store_first(d_blocks + 2 * size + j, (dh * (h_before - n)) * (z * (one - z)), count);
    store_first(d_blocks + 3 * size + j, dz_n * r, count);
    store_first(dh_before + j, load_first(dh_before + j, count) + dh * z, count);
  }
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
