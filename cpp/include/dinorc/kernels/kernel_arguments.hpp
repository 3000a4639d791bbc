// The arguments of the kernels that have many.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dinorc {

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
  Real gradient_scale;  // each gradient is multiplied by it first
  Real max_gradient;    // the limit of the scaled gradient; infinity for none
  Real beta1;
  Real beta2;
  Real step_size;   // learning rate / (1 - beta1^t)
  Real root_scale;  // 1 / sqrt(1 - beta2^t)
  Real epsilon;
  Real decay;  // 1 - learning rate * weight decay
};

// One step of gradient descent, each gradient first held within -maximum and maximum.
template <typename Real>
struct ClippedDescent {
  Real maximum;
  Real learning_rate;
};

// Some steps of a plain RNN: with W_aa transposed on the way forward, and W_aa itself on the way back. The
// rows of all matrices are padded with zeros to whole vectors, which are computed along with the numbers.
template <typename Real>
struct RecurrentSteps {
  std::size_t length;
  std::size_t hidden_size;
  std::size_t row_stride;
  const Real* weights;  // [hidden_size][hidden_size]
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
