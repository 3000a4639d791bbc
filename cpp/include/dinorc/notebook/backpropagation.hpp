// The course's network, a plain RNN, unrolled over a sequence: forward and backward.
#pragma once

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/views.hpp"
#include "dinorc/kernels/kernel_arguments.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/notebook/packed_network.hpp"
#include "dinorc/notebook/parameter_buffer.hpp"

namespace dinorc {

// Holds what the backward pass needs from the forward pass, for sequences of up to `capacity` characters.
template <typename Real>
class UnrolledNetwork {
 public:
  UnrolledNetwork(const PackedNetwork<Real>& network, std::size_t capacity);

  // The state a that the sequence starts from: hidden_size numbers, zero at first.
  VectorView<Real> initial_state() { return state(0); }

  // The state after step `time` - 1; state(0) is the initial one.
  VectorView<Real> state(std::size_t time) { return {states_.view().row(time), states_.view().columns}; }

  // Starts the next sequence where one of `length` characters ended.
  void carry_state(std::size_t length);

  // Runs inputs[0], inputs[1], ... through the network; returns the loss in nats, summed over time, of
  // targets[t] after inputs[t]. Both have the same length, from 1 to the capacity.
  double forward(CharacterIds inputs, CharacterIds targets);

  // To be called once after forward, with the same arguments: writes the gradients of the loss, by
  // backpropagation through time (Werbos, "Backpropagation through time: what it does and how to do it",
  // 1990).
  void backward(CharacterIds inputs, CharacterIds targets, ParameterBuffer<Real>& gradients);

  // Likewise, but takes a step down the gradients, which are nowhere written, in the network itself: the one
  // that this object was made for.
  void descend(CharacterIds inputs, CharacterIds targets, const ClippedDescent<Real>& descent,
               PackedNetwork<Real>& network);

  // After forward and before backward: the probabilities, a row for each time.
  MatrixView<Real> probabilities() { return probabilities_.view(); }

 private:
  // The two parts of the way back: through the softmax to da, and through time to dz, which takes its place.
  void backward_through_output(CharacterIds targets);
  void backward_through_time(std::size_t length);

  // Adds up dz where the input was the same character: each column of dW_ax, here a row.
  void add_input_gradients(CharacterIds inputs, MatrixView<Real> gradients) const;

  MatrixView<Real> states_before(std::size_t length) { return states_.view().rows_from(0, length); }
  MatrixView<Real> states_after(std::size_t length) { return states_.view().rows_from(1, length); }
  MatrixView<Real> d_logits(std::size_t length) { return probabilities_.view().rows_from(0, length); }
  MatrixView<Real> d_states(std::size_t length) { return d_states_.view().rows_from(0, length); }

  const PackedNetwork<Real>& network_;
  AlignedMatrix<Real> states_;         // [capacity + 1][hidden_size]
  AlignedMatrix<Real> probabilities_;  // [capacity][output_size]; after backward the loss by the logits
  AlignedMatrix<Real> loss_terms_;     // [3][capacity], a workspace of cross_entropy
  AlignedMatrix<Real> d_states_;       // [capacity][hidden_size], loss by the states, da, and in its place dz
  AlignedMatrix<Real> d_next_;         // [1][hidden_size], da_next of the current step
  AlignedMatrix<Real> d_input_;  // [input_size][hidden_size], loss by W_ax transposed; zero between calls
};

}  // namespace dinorc
