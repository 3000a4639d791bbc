// The plain recurrent cell of the course:  a<t> = tanh(W_ax x<t> + W_aa a<t-1> + b)
#pragma once

#include <cstddef>

#include "dinorc/aligned_buffer.hpp"
#include "dinorc/cells/cell_step.hpp"
#include "dinorc/views.hpp"

namespace dinorc {

template <typename Real>
class RnnCell {
 public:
  using Number = Real;
  static constexpr std::size_t gates = 1;
  static constexpr std::size_t state_vectors = 1;

  // W_aa as it is for the way back, and transposed for the way forth: in both, rows run along the sum.
  class Weights {
   public:
    explicit Weights(std::size_t hidden_size) : transposed_(hidden_size, hidden_size) {}

    // Takes W_aa [hidden_size][hidden_size], rows padded with zeros; it must outlive this object.
    void pack(MatrixView<const Real> recurrent);

    MatrixView<const Real> recurrent() const { return recurrent_; }
    MatrixView<const Real> transposed() const { return transposed_.view(); }

   private:
    MatrixView<const Real> recurrent_;
    AlignedMatrix<Real> transposed_;
  };

  // Turns step.input, W_ax x<t> + b on entry, into the pre-activation and writes step.state_after.
  static void forward(const Weights& weights, const CellStep<Real>& step);

  // d_output: loss by a<t> through the output at t alone; changed in place.
  // d_state: loss by a<t> through t + 1 on entry, loss by a<t-1> through t on return.
  // d_input: loss by the pre-activation, written.
  static void backward(const Weights& weights, const CellStep<Real>& step, MatrixView<Real> d_output,
                       MatrixView<Real> d_state, MatrixView<Real> d_input);
};

}  // namespace dinorc
