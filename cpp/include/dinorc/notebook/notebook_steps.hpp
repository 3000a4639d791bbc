// Single time steps on the notebook's own arrays: the input any vector, nothing packed.
#pragma once

#include "dinorc/foundations/views.hpp"
#include "dinorc/notebook/notebook_arrays.hpp"

namespace dinorc {

// a_next = tanh(W_ax x + b + W_aa a_prev), y = softmax(W_ya a_next + b_y), in the order of sums of the
// unrolled network: with a one-hot x the same bits come out.
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
  VectorView<const Real> da_next;  // [hidden_size]  loss by a through the step after
  NotebookArrays<Real> gradients;  // added to
  VectorView<Real> da_prev;        // [hidden_size]  loss by a_prev through this step, written
};

template <typename Real>
void notebook_step_backward(const NotebookBackwardStep<Real>& step);

}  // namespace dinorc
