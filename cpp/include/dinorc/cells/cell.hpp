// What a cell is to the code that unrolls it through time and knows none of its equations.
#pragma once

#include <cstddef>

namespace dinorc {

// Whoever unrolls the cell makes the product R h<t-1> of the recurrent weights and the hidden output, for
// many sequences at a time, and that of the backward pass, R transposed dz<t>. What lies between them, for
// one step of one sequence, is the cell.
struct CellShape {
  const char* name;              // what users call the cell
  std::size_t blocks;            // vectors that it keeps for a step: on entry the pre-activations
                                 // z<t> = (W x<t> + b) + R h<t-1>, those without W being b + R h<t-1>
                                 // and those without R being W x<t> + b
  std::size_t input_blocks;      // how many of them, from the first, receive input weights W
  std::size_t recurrent_blocks;  // how many of them, up to the last, receive recurrent weights R
  std::size_t state_vectors;     // carried from step to step; the first is the hidden output h
  std::size_t kept_vectors;      // kept for the backward pass, besides the blocks
};

// One step of one sequence. All vectors are of hidden_size numbers, and those of one array lie side by side
// with nothing between them: only the last is followed by padding, if any. So kernels read and write
// hidden_size numbers of each and none beyond, with load_first() and store_first(). No two arrays overlap.
// The backward pass finds all of them as forward left them, state_before included.
template <typename Real>
struct CellStep {
  std::size_t hidden_size;
  Real* blocks;  // [blocks * hidden_size], pre-activations at first; after forward, what backward needs
  const Real* state_before;  // [state_vectors * hidden_size]
  Real* state_after;         // [state_vectors * hidden_size]
  Real* kept = nullptr;      // [kept_vectors * hidden_size]; null where there is no backward pass
};

// Derivatives of the loss, "the loss by" a quantity for short, which the backward pass of such a step is
// given and gives: the loss by ...
template <typename Real>
struct CellLosses {
  const Real* d_output;       // [hidden_size], the hidden output, through the output layer
  const Real* d_state_after;  // [state_vectors * hidden_size], the state after, through the next steps
  Real* d_state_before;       // [state_vectors * hidden_size], added to: the state before, but for R h<t-1>
  Real* d_blocks;             // [blocks * hidden_size], written: the pre-activations
};

// A cell as compiled for one instruction set.
template <typename Real>
struct CellKernels {
  CellShape shape;
  void (*forward)(const CellStep<Real>& step);
  void (*backward)(const CellStep<Real>& step, const CellLosses<Real>& losses);
};

}  // namespace dinorc
