#include "dinorc/notebook/online_trainer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dinorc/kernels/kernels.hpp"

namespace dinorc {
namespace {

std::size_t longest(const NameList& names) {
  std::size_t result = 0;
  for (std::size_t i = 0; i < names.size(); ++i) result = std::max(result, names[i].size());
  return result;
}

}  // namespace

template <typename Real>
OnlineTrainer<Real>::OnlineTrainer(const NotebookArrays<const Real>& parameters, NameList names,
                                   Real learning_rate, Real maximum_gradient)
    : parameters_(parameters),
      network_(parameters_),
      unrolled_(network_, longest(names)),
      names_(std::move(names)),
      descent_{.maximum = maximum_gradient, .learning_rate = learning_rate} {
  inputs_.reserve(longest(names_));  // so that no iteration fails for memory
}

template <typename Real>
double OnlineTrainer<Real>::iterate() {
  const std::size_t index = iteration_ % names_.size();
  const CharacterIds targets = names_[index];
  inputs_.assign(1, no_character);
  inputs_.insert(inputs_.end(), targets.begin(), targets.end() - 1);

  const double loss = unrolled_.forward(inputs_, targets);
  if (!std::isfinite(loss)) return loss;
  unrolled_.descend(inputs_, targets, descent_, network_);
  unrolled_.carry_state(targets.size());
  ++iteration_;
  return loss;
}

template <typename Real>
bool OnlineTrainer<Real>::run(std::size_t count, double& smoothed_loss, const Interrupted& interrupted) {
  const VectorView<Real> parameters = parameters_.all();
  const VectorView<Real> state = unrolled_.initial_state();
  const std::vector<Real> parameters_at_start(parameters.data, parameters.data + parameters.size);
  const std::vector<Real> state_at_start(state.data, state.data + state.size);
  const std::size_t iteration_at_start = iteration_;

  const auto go_back = [&] {
    std::copy(parameters_at_start.begin(), parameters_at_start.end(), parameters.data);
    std::copy(state_at_start.begin(), state_at_start.end(), state.data);
    iteration_ = iteration_at_start;
    network_.pack();
    return false;
  };

  double loss_so_far = smoothed_loss;
  Interruption interruption(interrupted);
  for (std::size_t i = 0; i < count; ++i) {
    const double loss = iterate();
    if (!std::isfinite(loss)) return go_back();
    loss_so_far = loss_so_far * 0.999 + loss * 0.001;
    if (interruption.is_wanted()) break;
  }
  // No loss has been computed since the last update.
  if (!active_kernels<Real>().all_finite(parameters.data, parameters.size)) return go_back();
  smoothed_loss = loss_so_far;
  return true;
}

template class OnlineTrainer<float>;
template class OnlineTrainer<double>;

}  // namespace dinorc
