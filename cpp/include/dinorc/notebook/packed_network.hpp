// The course's network, a plain RNN, with its parameters in the layout that suits the kernels.
#pragma once

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/views.hpp"
#include "dinorc/kernels/kernel_arguments.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/notebook/parameter_buffer.hpp"

namespace dinorc {

//   a<t> = tanh(W_ax x<t> + W_aa a<t-1> + b)
//
// Borrows the parameters and keeps transposed copies of those that both directions need. Computes one
// sequence at a time, which shares no product with others. Rows of hidden_size numbers are padded with zeros
// to whole vectors; the padding is computed along with them and stays zero.
template <typename Real>
class PackedNetwork {
 public:
  explicit PackedNetwork(ParameterBuffer<Real>& parameters);

  // To be called whenever the parameters have changed.
  void pack();

  std::size_t hidden_size() const { return parameters_.hidden_size(); }
  std::size_t input_size() const { return parameters_.input_size(); }
  std::size_t output_size() const { return parameters_.output_size(); }

  MatrixView<const Real> output_weights() const { return parameters_.output(); }

  // a [hidden_size] = W_ax x + b, with x the one-hot vector of the character, or zero.
  void look_up(CharacterId character, Real* a) const;

  // A step forward to each row of `states` but the first, from the one before it. A row holds W_ax x + b, to
  // which W_aa a_prev is added, term by term, and then becomes
  //   a = tanh(W_ax x + b + W_aa a_prev)
  void steps_forward(MatrixView<Real> states) const;

  // The same steps back, from the last one: a row of d_states holds da, the loss by the state after that step
  // through the output, and then
  //   dz = (1 - a a) (da + da_next)        da_prev = W_aa^T dz
  // where da_next, hidden_size numbers of a workspace, is at first that of the last step.
  void steps_backward(MatrixView<const Real> states, MatrixView<Real> d_states, Real* da_next) const;

  // Takes a step down the gradients of W_ya and b_y, in the parameters and their copies alike:
  //   dW_ya = sum of dz_y<t> a<t> transposed      db_y = sum of dz_y<t>
  void descend_output(MatrixView<const Real> d_logits, MatrixView<const Real> states,
                      const ClippedDescent<Real>& descent);

  // Likewise for W_aa and b:
  //   dW_aa = sum of dz<t> a<t-1> transposed      db = sum of dz<t>
  void descend_recurrent(MatrixView<const Real> d_inputs, MatrixView<const Real> states_before,
                         const ClippedDescent<Real>& descent);

  // Likewise for the column of W_ax that belongs to a character, whose gradient is given.
  void descend_input(CharacterId character, const Real* gradient, const ClippedDescent<Real>& descent);

  // logits [rows][output_size] = W_ya a + b_y for each row a of hidden [rows][hidden_size].
  void compute_logits(MatrixView<const Real> hidden, MatrixView<Real> logits) const;

 private:
  static void descend(MatrixView<const Real> left, MatrixView<const Real> right,
                      const ClippedDescent<Real>& descent, MatrixView<Real> weights,
                      MatrixView<Real> transposed, VectorView<Real> bias);

  // The length of a row of hidden_size numbers in whole vectors.
  std::size_t padded_hidden_size() const { return in_whole_vectors(parameters_.recurrent()).columns; }

  ParameterBuffer<Real>& parameters_;
  AlignedMatrix<Real> recurrent_transposed_;
  AlignedMatrix<Real> output_transposed_;
};

}  // namespace dinorc
