#include "dinorc/predictors/prefix_inspection.hpp"

#include <algorithm>

#include "dinorc/predictors/next_characters.hpp"

namespace dinorc {

template <typename Real>
std::vector<double> next_character_log_probabilities(CharacterNetwork<Real>& network, CharacterIds prefix) {
  NextCharacters<Real> next(network, 1);
  next.read_prefix(prefix);
  next.predict(1);
  const Real* const log_probabilities = next.log_probabilities(0);
  return {log_probabilities, log_probabilities + network.shape().vocabulary_size};
}

template <typename Real>
void hidden_states(CharacterNetwork<Real>& network, CharacterIds prefix, MatrixView<Real> result) {
  NextCharacters<Real> next(network, 1);
  next.begin_prefix();
  std::copy_n(next.states().row(0), result.columns, result.row(0));
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    next.go_on(prefix[i]);
    std::copy_n(next.states().row(0), result.columns, result.row(i + 1));
  }
}

template std::vector<double> next_character_log_probabilities(CharacterNetwork<float>&, CharacterIds);
template std::vector<double> next_character_log_probabilities(CharacterNetwork<double>&, CharacterIds);
template void hidden_states(CharacterNetwork<float>&, CharacterIds, MatrixView<float>);
template void hidden_states(CharacterNetwork<double>&, CharacterIds, MatrixView<double>);

}  // namespace dinorc
