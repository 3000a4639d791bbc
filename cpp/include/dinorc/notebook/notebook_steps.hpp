// Single time steps on the notebook's own arrays: any vector as input, and nothing packed.
#pragma once

#include "dinorc/foundations/views.hpp"
#include "dinorc/notebook/notebook_arrays.hpp"

namespace dinorc {

// a_next = tanh(W_ax x + b + W_aa a_prev), y = softmax(W_ya a_next + b_y), summed in the order of the
// unrolled network, so that a one-hot x gives the same bits.
template <typename Real>
void notebook_step_forward(const NotebookArrays<const Real>& parameters, VectorView<const Real> a_prev,
                           VectorView<const Real> x, VectorView<Real> a_next, VectorView<Real> y);

template <typename Real>
struct NotebookBackwardStep {
  VectorView<const Real> dy;       // [output_size]  loss by the logits
  MatrixView<const Real> Wya;      // [output_size][hidden_size]
  MatrixView<const Real> Waa;      // [hidden_size][hidden_size]
  VectorView<const Real> x;        // [input_size]
  VectorView<const Real> a;        // [hidden_size]
  VectorView<const Real> a_prev;   // [hidden_size]
  VectorView<const Real> da_next;  // [hidden_size]  loss by a through the next step
  NotebookArrays<Real> gradients;  // added to
  VectorView<Real> da_prev;        // [hidden_size]  loss by a_prev through this step, written
};

template <typename Real>
void notebook_step_backward(const NotebookBackwardStep<Real>& step);

}  // namespace dinorc
