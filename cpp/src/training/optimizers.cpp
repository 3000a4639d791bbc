#include "dinorc/training/optimizers.hpp"

#include <cmath>

#include "dinorc/foundations/float_contract.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {
namespace {

// base^exponent by squaring: a fixed order of multiplications for each exponent.
double power(double base, std::uint64_t exponent) {
  double result = 1.0;
  for (; exponent != 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result *= base;
    base *= base;
  }
  return result;
}

template <typename Real>
void update_adam(const OptimizerStep<Real>& step) {
  constexpr double beta1 = 0.9;
  constexpr double beta2 = 0.999;
  constexpr double epsilon = 1e-8;
  const AdamStep<Real> arguments{
      .gradient_scale = static_cast<Real>(step.gradient_scale),
      .max_gradient = static_cast<Real>(step.maximum_gradient),
      .beta1 = static_cast<Real>(beta1),
      .beta2 = static_cast<Real>(beta2),
      .step_size = static_cast<Real>(step.learning_rate / (1.0 - power(beta1, step.number))),
      .root_scale = static_cast<Real>(1.0 / std::sqrt(1.0 - power(beta2, step.number))),
      .epsilon = static_cast<Real>(epsilon),
      .decay = static_cast<Real>(1.0 - step.learning_rate * step.weight_decay),
  };
  active_kernels<Real>().adam(arguments, step.gradients, step.moments[0], step.moments[1], step.parameters,
                              step.size);
}

template <typename Real>
void update_sgd(const OptimizerStep<Real>& step) {
  const DescentStep<Real> arguments{
      .gradient_scale = static_cast<Real>(step.gradient_scale),
      .max_gradient = static_cast<Real>(step.maximum_gradient),
      .learning_rate = static_cast<Real>(step.learning_rate),
      .decay = static_cast<Real>(1.0 - step.learning_rate * step.weight_decay),
  };
  active_kernels<Real>().sgd(arguments, step.gradients, step.parameters, step.size);
}

template <typename Real>
constexpr OptimizerOperations<Real> registry[] = {
    {.name = "adam", .moments = 2, .update = update_adam<Real>},
    {.name = "sgd", .moments = 0, .update = update_sgd<Real>},
};

}  // namespace

template <typename Real>
std::span<const OptimizerOperations<Real>> optimizer_registry() {
  return registry<Real>;
}

template std::span<const OptimizerOperations<float>> optimizer_registry();
template std::span<const OptimizerOperations<double>> optimizer_registry();

}  // namespace dinorc
