#include "dinorc/next_characters.hpp"

#include <algorithm>

#include "dinorc/kernels.hpp"
#include "dinorc/matrix_multiply.hpp"
#include "dinorc/worker.hpp"

namespace dinorc {

template <typename Real>
NextCharacters<Real>::NextCharacters(CharacterNetwork<Real>& network, std::size_t rows)
    : parameters_(network.shape()),
      step_(network.cell(), parameters_, rows),
      states_before_(rows, network.shape().state_columns()),
      states_(rows, network.shape().state_columns()),
      logits_(rows, network.shape().vocabulary_size),
      exponentials_(network.shape().vocabulary_size) {
  ThreadTeam team(1);
  const Interrupted never = [] { return false; };
  WorkerGroup group(team, never);
  parameters_.pack(network.parameters(), Worker(group, 0));
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
  constexpr CharacterId none[] = {no_character};
  read(none);
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

// logits = W_y h + b_y, with h the hidden output. With m the largest logit and s = sum over k of
// exp(logits_k - m), the log-probability of character k is (logits_k - m) - log(s).
template <typename Real>
void NextCharacters<Real>::predict(std::size_t rows) noexcept {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  const std::size_t vocabulary_size = parameters_.shape().vocabulary_size;
  const MatrixView<Real> logits = logits_.view().with_padding().rows_from(0, rows);
  for (std::size_t row = 0; row < rows; ++row) {
    std::copy_n(parameters_.output_bias(), logits.row_stride, logits.row(row));
  }
  const MatrixView<const Real> states = states_.view();
  multiply<Real>({states.data, rows, parameters_.shape().hidden_size, states.row_stride},
                 parameters_.output_forth(), logits, Start::from_result);
  for (std::size_t row = 0; row < rows; ++row) {
    Real* const logit = logits.row(row);
    Real largest{};
    Real sum{};
    kernels.softmax_terms(logit, exponentials_.data(), vocabulary_size, &largest);
    kernels.sum_rows(exponentials_.data(), 1, vocabulary_size, vocabulary_size, &sum);
    kernels.log(&sum, &sum, 1);
    for (std::size_t k = 0; k < vocabulary_size; ++k) logit[k] = (logit[k] - largest) - sum;
  }
}

template class NextCharacters<float>;
template class NextCharacters<double>;

}  // namespace dinorc
