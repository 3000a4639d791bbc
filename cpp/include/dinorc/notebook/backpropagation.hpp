// A sequence through the unrolled network, forth and back.
#pragma once

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/views.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/notebook/packed_network.hpp"
#include "dinorc/notebook/parameter_buffer.hpp"

namespace dinorc {

// Holds what the way back needs of the way forth, for sequences of up to `capacity` characters.
template <RecurrentCell Cell>
class UnrolledNetwork {
 public:
  using Real = typename Cell::Number;

  UnrolledNetwork(const PackedNetwork<Cell>& network, std::size_t capacity);

  // The state that the sequence starts from: state_vectors * hidden_size numbers, zero at first.
  VectorView<Real> initial_state() { return state(0); }

  // The state after step `time` - 1; state(0) is the initial one.
  VectorView<Real> state(std::size_t time) { return {states_.view().row(time), states_.view().columns}; }

  // Starts the next sequence where one of `length` characters ended.
  void carry_state(std::size_t length);

  // Runs inputs[0], inputs[1], ... through the network; returns the loss in nats, summed over time, of
  // targets[t] after inputs[t]. Both have the same length, from 1 to the capacity.
  double forward(CharacterIds inputs, CharacterIds targets);

  // After forward with the same arguments, and once only: the gradients of the loss by every parameter, by
  // backpropagation through time (Werbos, "Backpropagation through time: what it does and how to do it",
  // 1990).
  void backward(CharacterIds inputs, CharacterIds targets, ParameterBuffer<Real>& gradients);

  // After forward and before backward: the probabilities, a row for each time.
  MatrixView<Real> probabilities() { return probabilities_.view(); }

 private:
  CellStep<Real> step(std::size_t time);

  const PackedNetwork<Cell>& network_;
  AlignedMatrix<Real> states_;         // [capacity + 1][state_vectors * hidden_size]
  AlignedMatrix<Real> cell_inputs_;    // [capacity][blocks * hidden_size]
  AlignedMatrix<Real> probabilities_;  // [capacity][output_size], on the way back loss by the logits
  AlignedMatrix<Real> loss_terms_;     // [2][capacity], a workspace of cross_entropy
  AlignedMatrix<Real> d_hidden_;       // [capacity][hidden_size], loss by the hidden output
  AlignedMatrix<Real> d_cell_inputs_;  // [capacity][blocks * hidden_size]
  AlignedMatrix<Real> d_states_;       // [2][state_vectors * hidden_size], by the states after and before
};

}  // namespace dinorc
