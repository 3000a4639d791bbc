#include "dinorc/predictors/prefix_reader.hpp"

#include <algorithm>
#include <utility>

namespace dinorc {

PrefixReader::PrefixReader(const Predictor& predictor)
    : reader_(predictor.reader(1)),
      state_(1, predictor.state_bytes()),
      state_before_(1, predictor.state_bytes()),
      log_probabilities_(1, predictor.vocabulary_size()) {
  std::copy_n(predictor.first_state(), predictor.state_bytes(), state_.view().data);
}

void PrefixReader::read(CharacterId character) noexcept {
  static constexpr std::uint32_t only_row[] = {0};
  std::swap(state_, state_before_);
  reader_->read(state_before_.view(), only_row, {&character, 1}, state_.view());
}

const double* PrefixReader::log_probabilities() noexcept {
  reader_->predict(state_.view(), {.log_probabilities = log_probabilities_.view()});
  return log_probabilities_.view().data;
}

std::vector<double> next_character_log_probabilities(const Predictor& predictor, CharacterIds prefix) {
  PrefixReader reader(predictor);
  for (const CharacterId character : prefix) reader.read(character);
  const double* const log_probabilities = reader.log_probabilities();
  return {log_probabilities, log_probabilities + predictor.vocabulary_size()};
}

}  // namespace dinorc
