// The course's network, a plain RNN, with its parameters in the layout that suits the kernels.
#pragma once

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/views.hpp"
#include "dinorc/matrices/packed_matrix.hpp"
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

  // A step forward, from a = W_ax x + b: adds W_aa a_prev to it, term by term, and then takes a = tanh(a).
  void step_forward(const Real* a_prev, Real* a) const;

  // Half a step back, with da the loss by a through the output, and da_next that through the next step:
  // writes
  //   dz = (1 - a a) (da + da_next)
  // in place of da.
  void backward_through_tanh(const Real* a, const Real* da_next, Real* da) const;

  // The other half: da_prev = W_aa^T dz
  void backward_through_weights(const Real* dz, Real* da_prev) const;

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
                      PackedMatrix<Real>& transposed, VectorView<Real> bias);

  // A row of hidden_size numbers, as a matrix, in whole vectors.
  template <typename Number>
  MatrixView<Number> row(Number* numbers) const {
    return in_whole_vectors<Number>({numbers, 1, hidden_size(), hidden_size()});
  }

  ParameterBuffer<Real>& parameters_;
  PackedMatrix<Real> recurrent_transposed_;
  PackedMatrix<Real> recurrent_;  // in place, if it is small
  PackedMatrix<Real> output_transposed_;
};

}  // namespace dinorc
