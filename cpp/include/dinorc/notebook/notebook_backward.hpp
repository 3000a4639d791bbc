// Backpropagation through a whole sequence on the notebook's own arrays: any columns as inputs.
#pragma once

#include "dinorc/foundations/views.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/notebook/notebook_arrays.hpp"

namespace dinorc {

// What a pass forward through `length` characters leaves behind, a row for each time.
template <typename Real>
struct NotebookCache {
  MatrixView<const Real> y_hat;  // [length][output_size]      probabilities
  MatrixView<const Real> a;      // [length + 1][hidden_size]  states, the initial one first
  MatrixView<const Real> x;      // [length][input_size]
};

// Writes the gradients of the loss of targets[t] at each time t, and da_next, its gradient by the initial
// state. The bits are those of single steps back, which add to gradients that are zero at first.
template <typename Real>
void notebook_backward(const NotebookArrays<const Real>& parameters, CharacterIds targets,
                       const NotebookCache<Real>& cache, const NotebookArrays<Real>& gradients,
                       VectorView<Real> da_next);

}  // namespace dinorc
