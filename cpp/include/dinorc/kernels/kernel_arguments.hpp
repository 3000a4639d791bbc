// The arguments of those kernels that have many.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dinorc {

// One time step of a cell, of one sequence. All rows are padded with zeros to whole vectors.
template <typename Real>
struct CellStep {
  std::size_t hidden_size;
  Real*
      blocks;  // [blocks * hidden_size], pre-activations before the way forth, what the way back needs after
  const Real* state_before;  // [state_vectors * hidden_size]; the first hidden_size are the hidden output
  Real* state_after;         // likewise
  Real* kept = nullptr;      // [kept_vectors * hidden_size], more for the way back; null where there is none
};

// What the way back through such a step is given and gives: the loss by ...
template <typename Real>
struct CellLosses {
  Real* d_output;  // [hidden_size], the hidden output, through the output layer; may be overwritten
  const Real* d_state_after;  // [state_vectors * hidden_size], the state after, through the next steps
  Real* d_state_before;       // likewise, to be added to: the state before, but for its part in R h<t-1>
  Real* d_blocks;             // [blocks * hidden_size], to be written: the pre-activations
};

// Which numbers of a row are dropped: number j has word j % 4 of the Philox4x32-10 block with this key and
// the counter (j / 4, counter[0], counter[1], counter[2]), and is kept where the word is at least
// `threshold`.
template <typename Real>
struct Dropout {
  std::uint32_t key[2];
  std::uint32_t counter[3];
  std::uint32_t threshold;
  Real scale;
};

// One step of Adam with decoupled weight decay (Kingma & Ba 2015; Loshchilov & Hutter 2019), t counting
// from 1.
template <typename Real>
struct AdamStep {
  Real gradient_scale;  // onto each gradient first of all
  Real max_gradient;    // the limit of the scaled gradient; infinity for none
  Real beta1;
  Real beta2;
  Real step_size;   // learning rate / (1 - beta1^t)
  Real root_scale;  // 1 / sqrt(1 - beta2^t)
  Real epsilon;
  Real decay;  // 1 - learning rate * weight decay
};

// One step of gradient descent with decoupled weight decay.
template <typename Real>
struct DescentStep {
  Real gradient_scale;
  Real max_gradient;
  Real learning_rate;
  Real decay;
};

}  // namespace dinorc
