// What a cell is to the code that unrolls it through time and knows none of its equations.
#pragma once

#include <concepts>
#include <cstddef>

#include "dinorc/cells/recurrent_weights.hpp"
#include "dinorc/views.hpp"

namespace dinorc {

// One time step of a batch of sequences, a sequence a row; every row is padded with zeros to whole vectors.
template <typename Real>
struct CellStep {
  MatrixView<Real> input;               // [batch][blocks * hidden_size], what the cell keeps for the way back
  MatrixView<const Real> state_before;  // [batch][state_vectors * hidden_size]
  MatrixView<Real> state_after;         // likewise; its first hidden_size numbers are the hidden output
};

// name              what users call the cell
// blocks            vectors of hidden_size numbers that the cell keeps for a step: its pre-activations, on
//                   entry the sum of bias and input contributions
// input_blocks      the first so many of them receive input weights
// recurrent_blocks  the last so many of them receive recurrent weights
// state_vectors     vectors of hidden_size numbers carried from step to step; the first is the hidden output
template <typename Cell>
concept RecurrentCell =
    requires(const RecurrentWeights<typename Cell::Number>& weights,
             const CellStep<typename Cell::Number>& step, MatrixView<typename Cell::Number> rows) {
      { Cell::name } -> std::convertible_to<const char*>;
      { Cell::blocks } -> std::convertible_to<std::size_t>;
      { Cell::input_blocks } -> std::convertible_to<std::size_t>;
      { Cell::recurrent_blocks } -> std::convertible_to<std::size_t>;
      { Cell::state_vectors } -> std::convertible_to<std::size_t>;
      Cell::forward(weights, step);
      Cell::backward(weights, step, rows, rows, rows);
    };

}  // namespace dinorc
