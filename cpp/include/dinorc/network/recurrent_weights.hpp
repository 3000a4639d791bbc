// The recurrent weights of a cell, packed for the products of both ways through time.
#pragma once

#include <cstddef>

#include "dinorc/foundations/views.hpp"
#include "dinorc/matrices/packed_matrix.hpp"

namespace dinorc {

// With R the recurrent weights [blocks * hidden_size][hidden_size]: the states h of a batch, a row each, add
// h R^T to the pre-activations on the way forth, and on the way back the losses dz by those give dz R, the
// losses by the states. R stays the same for all steps of a batch, and is packed once for them.
template <typename Real>
class RecurrentWeights {
 public:
  RecurrentWeights(std::size_t hidden_size, std::size_t blocks);

  // Packs R, which must outlive this object: a small one is used where it lies. Its rows are padded with
  // zeros, or not at all.
  void pack(MatrixView<const Real> recurrent) { pack_panels(recurrent, 0, panels()); }

  // What threads can share among them: pack_panels() packs units [first, end), different ones at the same
  // time.
  std::size_t panels() const { return forth_.panels() + back_.panels(); }
  void pack_panels(MatrixView<const Real> recurrent, std::size_t first, std::size_t end);

  const PackedMatrix<Real>& forth() const { return forth_; }  // R^T [hidden_size][blocks * hidden_size]
  const PackedMatrix<Real>& back() const { return back_; }    // R [blocks * hidden_size][hidden_size]

 private:
  PackedMatrix<Real> forth_;
  PackedMatrix<Real> back_;
};

}  // namespace dinorc
