// The plain recurrent cell of the course:  a<t> = tanh(W_ax x<t> + W_aa a<t-1> + b)
#pragma once

#include "dinorc/cells/cell.hpp"
#include "kernels/arithmetic/math.hpp"
#include "kernels/arithmetic/partial_vectors.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// One block, z, and the state a, which is the hidden output.
struct Rnn {
  static constexpr CellShape shape = {
      .name = "rnn",
      .blocks = 1,
      .input_blocks = 1,
      .recurrent_blocks = 1,
      .state_vectors = 1,
      .kept_vectors = 0,
  };

  // a<t> = tanh(z<t>)
  template <typename Real>
  static void forward(const CellStep<Real>& step) {
    for (std::size_t j = 0; j < step.hidden_size; j += lanes<Real>) {
      const std::size_t count = step.hidden_size - j;
      store_first(step.state_after + j, tanh(load_first(step.blocks + j, count)), count);
    }
  }

  // da<t> = (loss by a<t> through the output) + (loss by a<t> through a<t+1>)
  // dz<t> = (1 - a<t> a<t>) da<t>
  // The whole loss by a<t-1> goes through the product: losses.d_state_before stays as it is.
  template <typename Real>
  static void backward(const CellStep<Real>& step, const CellLosses<Real>& losses) {
    for (std::size_t j = 0; j < step.hidden_size; j += lanes<Real>) {
      const std::size_t count = step.hidden_size - j;
      const Vector<Real> a = load_first(step.state_after + j, count);
      const Vector<Real> da =
          load_first(losses.d_output + j, count) + load_first(losses.d_state_after + j, count);
      store_first(losses.d_blocks + j, (broadcast(Real{1}) - a * a) * da, count);
    }
  }
};

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
