// The long short-term memory (Hochreiter & Schmidhuber 1997) with a forget gate (Gers et al. 2000).
#pragma once

#include "dinorc/cells/cell.hpp"
#include "kernels/arithmetic/math.hpp"
#include "kernels/arithmetic/partial_vectors.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// Blocks (i, f, g, o): input gate, forget gate, candidate, output gate. State (h, c): hidden output, memory.
// Kept: tanh(c).
struct Lstm {
  static constexpr CellShape shape = {
      .name = "lstm",
      .blocks = 4,
      .input_blocks = 4,
      .recurrent_blocks = 4,
      .state_vectors = 2,
      .kept_vectors = 1,
  };

  // (z_i, z_f, z_g, z_o) = z<t> = (W x<t> + b) + R h<t-1>
  // i = sigmoid(z_i),  f = sigmoid(z_f),  g = tanh(z_g),  o = sigmoid(z_o)
  // c<t> = f c<t-1> + i g
  // h<t> = o tanh(c<t>)
  //
  // The tanh of c has a loop of its own: in one loop it would wait for the gates, and a processor doesn't
  // look far enough ahead to do the next unit's gates meanwhile.
  template <typename Real>
  static void forward(const CellStep<Real>& step) {
    const std::size_t n = step.hidden_size;
    Real* const blocks = step.blocks;
    const Real* const c_before = step.state_before + n;
    Real* const h = step.state_after;
    Real* const c = h + n;
    for (std::size_t j = 0; j < n; j += lanes<Real>) {
      const std::size_t count = n - j;
      const Vector<Real> i = sigmoid(load_first(blocks + j, count));
      const Vector<Real> f = sigmoid(load_first(blocks + n + j, count));
      const Vector<Real> g = tanh(load_first(blocks + 2 * n + j, count));
      const Vector<Real> o = sigmoid(load_first(blocks + 3 * n + j, count));
      const Vector<Real> memory = f * load_first(c_before + j, count) + i * g;
      store_first(blocks + j, i, count);
      store_first(blocks + n + j, f, count);
      store_first(blocks + 2 * n + j, g, count);
      store_first(blocks + 3 * n + j, o, count);
      store_first(c + j, memory, count);
    }
    for (std::size_t j = 0; j < n; j += lanes<Real>) {
      const std::size_t count = n - j;
      const Vector<Real> tanh_c = tanh(load_first(c + j, count));
      if (step.kept != nullptr) store_first(step.kept + j, tanh_c, count);
      store_first(h + j, load_first(blocks + 3 * n + j, count) * tanh_c, count);
    }
  }

  // dh     = (loss by h<t> through the output) + (loss by h<t> through t + 1)
  // dz_o   = (dh tanh(c<t>)) (o (1 - o))
  // dc     = (loss by c<t> through t + 1) + (dh o) (1 - tanh(c<t>) tanh(c<t>))
  // dz_i   = (dc g) (i (1 - i)),  dz_f = (dc c<t-1>) (f (1 - f)),  dz_g = (dc i) (1 - g g)
  // d<t-1> = (0, dc f), to which whoever unrolls the cell adds (R transposed dz, 0)
  template <typename Real>
  static void backward(const CellStep<Real>& step, const CellLosses<Real>& losses) {
    const std::size_t n = step.hidden_size;
    const Vector<Real> one = broadcast(Real{1});
    const Real* const blocks = step.blocks;
    const Real* const c_before = step.state_before + n;
    const Real* const dh_after = losses.d_state_after;
    const Real* const dc_after = losses.d_state_after + n;
    Real* const dc_before = losses.d_state_before + n;
    Real* const dz = losses.d_blocks;
    for (std::size_t j = 0; j < n; j += lanes<Real>) {
      const std::size_t count = n - j;
      const Vector<Real> i = load_first(blocks + j, count);
      const Vector<Real> f = load_first(blocks + n + j, count);
      const Vector<Real> g = load_first(blocks + 2 * n + j, count);
      const Vector<Real> o = load_first(blocks + 3 * n + j, count);
      const Vector<Real> tanh_c = load_first(step.kept + j, count);
      const Vector<Real> dh = load_first(losses.d_output + j, count) + load_first(dh_after + j, count);
      const Vector<Real> dc = load_first(dc_after + j, count) + (dh * o) * (one - tanh_c * tanh_c);
      store_first(dz + j, (dc * g) * (i * (one - i)), count);
      store_first(dz + n + j, (dc * load_first(c_before + j, count)) * (f * (one - f)), count);
      store_first(dz + 2 * n + j, (dc * i) * (one - g * g), count);
      store_first(dz + 3 * n + j, (dh * tanh_c) * (o * (one - o)), count);
      store_first(dc_before + j, load_first(dc_before + j, count) + dc * f, count);
    }
  }
};

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
