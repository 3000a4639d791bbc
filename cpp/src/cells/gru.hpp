// The gated recurrent unit (Cho et al. 2014), its reset gate applied after the recurrent product.
#pragma once

#include "dinorc/cells/cell.hpp"
#include "kernels/arithmetic/math.hpp"
#include "kernels/arithmetic/partial_vectors.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// Blocks (n, r, z, q): candidate, reset gate, update gate, and the candidate's recurrent part, which the
// reset gate scales before it is added to n. Hence n has input weights alone, and q recurrent weights alone;
// both have a bias. State: the hidden output h.
struct Gru {
  static constexpr CellShape shape = {
      .name = "gru",
      .blocks = 4,
      .input_blocks = 3,
      .recurrent_blocks = 3,
      .state_vectors = 1,
      .kept_vectors = 0,
  };

  // (z_n, z_r, z_z, z_q) = (W_n x<t> + b_n, W_r x<t> + b_r, W_z x<t> + b_z, b_q) + (0, R h<t-1>)
  // r = sigmoid(z_r),  z = sigmoid(z_z),  q = z_q
  // n = tanh(z_n + r q)
  // h<t> = (1 - z) n + z h<t-1>
  //
  // The candidate has a loop of its own: in one loop it would wait for the reset gate, and a processor
  // doesn't look far enough ahead to do the next unit's gates meanwhile.
  template <typename Real>
  static void forward(const CellStep<Real>& step) {
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

  // dh     = (loss by h<t> through the output) + (loss by h<t> through t + 1)
  // dz_n   = (dh (1 - z)) (1 - n n)
  // dz_r   = (dz_n q) (r (1 - r)),  dz_z = (dh (h<t-1> - n)) (z (1 - z)),  dz_q = dz_n r
  // d<t-1> = dh z, to which whoever unrolls the cell adds R transposed (dz_r, dz_z, dz_q)
  template <typename Real>
  static void backward(const CellStep<Real>& step, const CellLosses<Real>& losses) {
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
};

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
