// What a cell is to the code that unrolls it through time and knows none of its equations.
#pragma once

#include <concepts>
#include <cstddef>

#include "dinorc/foundations/views.hpp"
#include "dinorc/kernels/kernel_arguments.hpp"

namespace dinorc {

// name              what users call the cell
// blocks            vectors of hidden_size numbers that the cell keeps for a step: its pre-activations, on
//                   entry z<t> = (W x<t> + b) + R h<t-1> with the hidden output h<t-1>
// input_blocks      the first so many of them receive input weights W
// recurrent_blocks  the last so many of them receive recurrent weights R
// state_vectors     vectors of hidden_size numbers carried from step to step; the first is the hidden output
// kept_vectors      vectors of hidden_size numbers, beside the blocks, that are kept for the way back
//
// The product R h<t-1> is made by those who unroll the cell, for many sequences at a time, and so is the one
// of the way back, R transposed dz<t>. What lies between them, for one step of one sequence, is the cell.
template <typename Cell>
concept RecurrentCell =
    requires(const CellStep<typename Cell::Number>& step, const CellLosses<typename Cell::Number>& losses) {
      { Cell::name } -> std::convertible_to<const char*>;
      { Cell::blocks } -> std::convertible_to<std::size_t>;
      { Cell::input_blocks } -> std::convertible_to<std::size_t>;
      { Cell::recurrent_blocks } -> std::convertible_to<std::size_t>;
      { Cell::state_vectors } -> std::convertible_to<std::size_t>;
      { Cell::kept_vectors } -> std::convertible_to<std::size_t>;
      Cell::forward(step);
      Cell::backward(step, losses);
    };

}  // namespace dinorc
