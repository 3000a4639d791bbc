// A step of many sequences at once, a row each, where there is no way back.
#pragma once

#include <cstddef>

#include "dinorc/cells/cell_registry.hpp"
#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/network/packed_parameters.hpp"

namespace dinorc {

// The states are those that PrefixForward computes for the same prefixes, to the bit.
template <typename Real>
class RowStep {
 public:
  // For up to `capacity` rows; cell and parameters must outlive this object.
  RowStep(const CellOperations<Real>& cell, const PackedParameters<Real>& parameters, std::size_t capacity);

  // states_after = the states that the characters lead to from states_before; each [rows][state_vectors *
  // hidden_size], padded to whole vectors.
  void compute(MatrixView<const Real> states_before, CharacterIds characters,
               MatrixView<Real> states_after) noexcept;

 private:
  const CellOperations<Real>& cell_;
  const PackedParameters<Real>& parameters_;
  AlignedMatrix<Real> products_;  // [capacity][recurrent_blocks * hidden_size], R h
  AlignedMatrix<Real> blocks_;    // [1][blocks * hidden_size], of one row after the other
};

}  // namespace dinorc
