// What a cell is to the code that unrolls it through time and knows none of its equations.
#pragma once

#include <concepts>
#include <cstddef>

#include "dinorc/views.hpp"

namespace dinorc {

// One time step of a batch of sequences, a sequence a row; every row is padded with zeros to whole vectors.
template <typename Real>
struct CellStep {
  MatrixView<Real> input;               // [batch][gates * hidden_size], what the cell keeps for the way back
  MatrixView<const Real> state_before;  // [batch][state_vectors * hidden_size]
  MatrixView<Real> state_after;         // likewise; its first hidden_size numbers are the hidden output
};

// gates          pre-activations of each hidden unit: how many numbers a character's input has for it
// state_vectors  vectors of hidden_size numbers carried from step to step; the first is the hidden output
// Weights        the recurrent weights packed for the kernels, for as many steps as they stay the same
template <typename Cell>
concept RecurrentCell =
    requires(const typename Cell::Weights& weights, typename Cell::Weights& packed,
             const CellStep<typename Cell::Number>& step, MatrixView<typename Cell::Number> rows) {
      { Cell::gates } -> std::convertible_to<std::size_t>;
      { Cell::state_vectors } -> std::convertible_to<std::size_t>;
      packed.pack(rows);
      Cell::forward(weights, step);
      Cell::backward(weights, step, rows, rows, rows);
    };

}  // namespace dinorc
