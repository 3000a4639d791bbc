// What may follow some prefixes: their states, and the log-probability of every character.
#pragma once

#include <cstddef>
#include <vector>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/network/character_network.hpp"
#include "dinorc/network/packed_parameters.hpp"
#include "dinorc/network/row_step.hpp"

namespace dinorc {

// Some prefixes at a time, a row each. The same prefix has the same bits as in a PrefixForward, whatever the
// other rows hold.
template <typename Real>
class NextCharacters {
 public:
  // For up to so many prefixes at a time. The network must outlive this object, and not change.
  NextCharacters(CharacterNetwork<Real>& network, std::size_t rows);

  // The step refers to the parameters beside it.
  NextCharacters(const NextCharacters&) = delete;
  NextCharacters& operator=(const NextCharacters&) = delete;

  // The states to read from, to be filled; zero at first.
  MatrixView<Real> states_before() { return states_before_.view(); }

  // Row r reads characters[r], or the network's first input at the beginning of a name.
  void read(CharacterIds characters) noexcept;

  // The states of the rows after that.
  MatrixView<const Real> states() const { return states_.view(); }

  // Row 0 alone, from the beginning of a name to the end of the prefix.
  void read_prefix(CharacterIds prefix) noexcept;
  void begin_prefix() noexcept;
  void go_on(CharacterId character) noexcept;

  // Computes, for the states of the first rows, the nats of each character that may come next.
  void predict(std::size_t rows) noexcept;
  const Real* log_probabilities(std::size_t row) const { return logits_.view().row(row); }

 private:
  PackedParameters<Real> parameters_;
  RowStep<Real> step_;
  AlignedMatrix<Real> states_before_;  // [rows][state_vectors * hidden_size]
  AlignedMatrix<Real> states_;         // [rows][state_vectors * hidden_size]
  AlignedMatrix<Real> logits_;         // [rows][vocabulary_size], log-probabilities in the end
  AlignedMatrix<Real> exponentials_;   // [rows][vocabulary_size], exp(logit - largest)
  std::vector<Real> largest_;          // [rows], of the logits
  std::vector<Real> log_sums_;         // [rows], of the exponentials
};

}  // namespace dinorc
