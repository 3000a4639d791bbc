// The optimizers, found by their names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace dinorc {

// What an optimizer does to a part of the parameters. Gradients are multiplied by `gradient_scale` and then
// clipped into [-maximum_gradient, maximum_gradient] before they are used.
template <typename Real>
struct OptimizerStep {
  Real* parameters;
  const Real* gradients;
  Real* moments[2];  // the same part of each vector that the optimizer keeps; zero at first
  std::size_t size;
  std::uint64_t number;  // of the step, from 1
  double learning_rate;
  double weight_decay;
  double gradient_scale;
  double maximum_gradient;
};

template <typename Real>
struct OptimizerOperations {
  const char* name;
  std::size_t moments;
  void (*update)(const OptimizerStep<Real>& step);
};

// A new optimizer adds its line in optimizers.cpp, and no other code has to know of it.
template <typename Real>
std::span<const OptimizerOperations<Real>> optimizer_registry();

}  // namespace dinorc
