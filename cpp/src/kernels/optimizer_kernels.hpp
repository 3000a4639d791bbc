// The steps of the optimizers.
#pragma once

#include "dinorc/kernels/kernel_arguments.hpp"
#include "kernels/arithmetic/square_root.hpp"
#include "kernels/elementwise.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// g = gradient * gradient_scale, held within max_gradient
// m = beta1 m + (1 - beta1) g
// v = beta2 v + (1 - beta2) (g g)
// p = p decay - (step_size m) / (sqrt(v) root_scale + epsilon)
template <typename Real>
void adam_kernel(const AdamStep<Real>& step, const Real* gradients, Real* means, Real* squares,
                 Real* parameters, std::size_t size) {
  const Vector<Real> beta1 = broadcast(step.beta1), rest1 = broadcast(Real{1} - step.beta1);
  const Vector<Real> beta2 = broadcast(step.beta2), rest2 = broadcast(Real{1} - step.beta2);
  for (std::size_t i = 0; i < size; i += lanes<Real>) {
    const std::size_t count = size - i;
    const Vector<Real> g =
        clipped<Real>(load_first(gradients + i, count) * broadcast(step.gradient_scale), step.max_gradient);
    const Vector<Real> m = beta1 * load_first(means + i, count) + rest1 * g;
    const Vector<Real> v = beta2 * load_first(squares + i, count) + rest2 * (g * g);
    const Vector<Real> divisor = square_root(v) * broadcast(step.root_scale) + broadcast(step.epsilon);
    const Vector<Real> p =
        load_first(parameters + i, count) * broadcast(step.decay) - (broadcast(step.step_size) * m) / divisor;
    store_first(means + i, m, count);
    store_first(squares + i, v, count);
    store_first(parameters + i, p, count);
  }
}

// g = gradient * gradient_scale, held within max_gradient
// p = p decay - learning_rate g
template <typename Real>
void sgd_kernel(const DescentStep<Real>& step, const Real* gradients, Real* parameters, std::size_t size) {
  map<Real>(
      size, parameters,
      [step](Vector<Real> parameter, Vector<Real> gradient) {
        const Vector<Real> g = clipped<Real>(gradient * broadcast(step.gradient_scale), step.max_gradient);
        return parameter * broadcast(step.decay) - broadcast(step.learning_rate) * g;
      },
      parameters, gradients);
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
