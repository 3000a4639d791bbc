// A character network as a predictor: its states are those of its cell.
#pragma once

#include <cstddef>
#include <memory>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/network/character_network.hpp"
#include "dinorc/network/packed_parameters.hpp"
#include "dinorc/predictors/predictor.hpp"

namespace dinorc {

// States and log-probabilities are those that PrefixForward computes for the same prefixes, to the bit.
template <typename Real>
class NetworkPredictor final : public Predictor {
 public:
  // Packs a copy of the current parameters: later it neither needs the network nor notices its changes.
  explicit NetworkPredictor(CharacterNetwork<Real>& network);

  std::size_t vocabulary_size() const override { return shape().vocabulary_size; }
  FloatType float_type() const override {
    return sizeof(Real) == sizeof(float) ? FloatType::float32 : FloatType::float64;
  }
  std::size_t state_bytes() const override { return shape().state_columns() * sizeof(Real); }
  const std::byte* first_state() const override { return first_state_.view().data; }
  std::unique_ptr<Reader> reader(std::size_t rows) const override;

 private:
  const NetworkShape& shape() const { return parameters_.shape(); }

  const CellOperations<Real>& cell_;
  PackedParameters<Real> parameters_;
  AlignedMatrix<std::byte> first_state_;  // [1][state_bytes]
};

// Writes the hidden output after 0, 1, ... characters of the prefix: [prefix.size() + 1][hidden_size]. A
// label, if it is not no_character, is read ahead of them.
template <typename Real>
void hidden_states(const NetworkPredictor<Real>& predictor, CharacterId label, CharacterIds prefix,
                   MatrixView<Real> result);

}  // namespace dinorc
