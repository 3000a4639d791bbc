// A predictor along a single prefix: its state, and the log-probability of every next character.
#pragma once

#include <memory>
#include <vector>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/predictors/predictor.hpp"

namespace dinorc {

class PrefixReader {
 public:
  // Begins with the empty prefix. The predictor must outlive this object.
  explicit PrefixReader(const Predictor& predictor);

  // Reads one more character.
  void read(CharacterId character) noexcept;

  const std::byte* state() const { return state_.view().data; }

  // Nats of each character that may come next, the end of the name first: [vocabulary_size], until the next
  // call.
  const double* log_probabilities() noexcept;

 private:
  std::unique_ptr<Reader> reader_;
  AlignedMatrix<std::byte> state_;         // [1][state_bytes]
  AlignedMatrix<std::byte> state_before_;  // [1][state_bytes]
  AlignedMatrix<double> log_probabilities_;
};

// Nats of each character that may follow the prefix, the end of the name first.
std::vector<double> next_character_log_probabilities(const Predictor& predictor, CharacterIds prefix);

}  // namespace dinorc
