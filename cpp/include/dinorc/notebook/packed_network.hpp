// A network's parameters as the kernels like them: input look-up, cell, output layer.
#pragma once

#include "dinorc/cells/cell_step.hpp"
#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/views.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/network/recurrent_weights.hpp"
#include "dinorc/notebook/parameter_buffer.hpp"

namespace dinorc {

// Borrows the parameters and keeps transposed copies of those that are needed both ways. One sequence at a
// time goes through it, one that shares no product with others.
template <RecurrentCell Cell>
class PackedNetwork {
 public:
  using Real = typename Cell::Number;

  explicit PackedNetwork(ParameterBuffer<Real>& parameters);

  // To be called whenever the parameters have changed.
  void pack();

  std::size_t hidden_size() const { return parameters_.hidden_size(); }
  std::size_t output_size() const { return parameters_.output_size(); }

  const RecurrentWeights<Real>& recurrent_weights() const { return recurrent_weights_; }
  MatrixView<const Real> output_weights() const { return parameters_.output(); }

  // input [blocks * hidden_size] = W_ax x + b, with x the one-hot vector of the character, or zero.
  void look_up(CharacterId character, Real* input) const;

  // A step of the cell forth: its blocks, as look_up() leaves them, first have the product of W_aa added,
  // term by term. And back: with the product that belongs to it, onto losses.d_state_before.
  void step_forward(const CellStep<Real>& step) const;
  void step_backward(const CellStep<Real>& step, const CellLosses<Real>& losses) const;

  // logits [rows][output_size] = W_ya a + b_y for each row a of hidden [rows][hidden_size].
  void compute_logits(MatrixView<const Real> hidden, MatrixView<Real> logits) const;

 private:
  static_assert(Cell::blocks == 1 && Cell::state_vectors == 1,
                "blocks, states and hidden outputs are rows of one length, padding included");

  // Such a row, as kernels like it.
  template <typename Number>
  MatrixView<Number> row(Number* numbers) const {
    const std::size_t columns = padded<Real>(hidden_size());
    return {numbers, 1, columns, columns};
  }

  ParameterBuffer<Real>& parameters_;
  RecurrentWeights<Real> recurrent_weights_;
  AlignedMatrix<Real> output_transposed_;
};

}  // namespace dinorc
