#include "dinorc/predictors/next_characters.hpp"

#include <algorithm>

#include "dinorc/network/output_layer.hpp"
#include "dinorc/threads/worker.hpp"

namespace dinorc {

template <typename Real>
NextCharacters<Real>::NextCharacters(CharacterNetwork<Real>& network, std::size_t rows)
    : parameters_(network.shape()),
      step_(network.cell(), parameters_, rows),
      states_before_(rows, network.shape().state_columns()),
      states_(rows, network.shape().state_columns()),
      logits_(rows, network.shape().vocabulary_size),
      exponentials_(rows, network.shape().vocabulary_size),
      largest_(rows),
      log_sums_(rows) {
  parameters_.pack(network.parameters());
}

template <typename Real>
void NextCharacters<Real>::read(CharacterIds characters) noexcept {
  const std::size_t rows = characters.size();
  step_.compute(states_before_.view().rows_from(0, rows), characters, states_.view().rows_from(0, rows));
}

template <typename Real>
void NextCharacters<Real>::begin_prefix() noexcept {
  const MatrixView<Real> states = states_before_.view();
  std::fill_n(states.row(0), states.row_stride, Real{0});
  const CharacterId first[] = {parameters_.shape().first_input()};
  read(first);
}

template <typename Real>
void NextCharacters<Real>::go_on(CharacterId character) noexcept {
  const MatrixView<Real> states = states_.view();
  std::copy_n(states.row(0), states.row_stride, states_before_.view().row(0));
  read({&character, 1});
}

template <typename Real>
void NextCharacters<Real>::read_prefix(CharacterIds prefix) noexcept {
  begin_prefix();
  for (const CharacterId character : prefix) go_on(character);
}

template <typename Real>
void NextCharacters<Real>::predict(std::size_t rows) noexcept {
  const MatrixView<Real> logits = logits_.view().rows_from(0, rows);
  compute_logits<Real>(parameters_, states(), logits.with_padding());
  compute_log_sums<Real>(logits, exponentials_.view(), largest_.data(), log_sums_.data());
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t k = 0; k < logits.columns; ++k) {
      Real& logit = logits(row, k);
      logit = (logit - largest_[row]) - log_sums_[row];
    }
  }
}

template class NextCharacters<float>;
template class NextCharacters<double>;

}  // namespace dinorc
