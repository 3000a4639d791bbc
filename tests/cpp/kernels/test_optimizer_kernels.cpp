// The kernels of the optimizers and of norms against their formulas, number by number.
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "check.hpp"
#include "special_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t largest_size = 67;  // four of the widest vectors, and some more
constexpr std::size_t guards = 17;        // one more than the widest vector holds

template <typename Real>
Real scaled_and_clipped(Real gradient, Real scale, Real maximum) {
  const Real scaled = gradient * scale;
  if (scaled > maximum) return maximum;
  return scaled < -maximum ? -maximum : scaled;
}

// Plain steps, and ones that show whether any operation is left out or done in another order.
template <typename Real>
std::vector<AdamStep<Real>> adam_steps() {
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  const auto step = [](double scale, Real maximum, double beta1, double beta2, double size, double root,
                       double epsilon, double decay) {
    return AdamStep<Real>{static_cast<Real>(scale),   maximum,
                          static_cast<Real>(beta1),   static_cast<Real>(beta2),
                          static_cast<Real>(size),    static_cast<Real>(root),
                          static_cast<Real>(epsilon), static_cast<Real>(decay)};
  };
  return {step(1.0, infinity, 0.9, 0.999, 1e-3, 1.0, 1e-8, 1.0),
          step(1.0 / 3, Real{5}, 0.9, 0.999, 0.004 / 0.1, 31.6, 1e-8, 0.9999),
          step(0.7, static_cast<Real>(0.1), 0.5, 0.25, 0.3, 1.7, 0.1, 0.8),
          step(1.0, Real{0}, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0)};
}

template <typename Real>
struct Slot {
  Real mean, square, parameter;
};

template <typename Real>
Slot<Real> naive_adam(const AdamStep<Real>& step, Real gradient, Slot<Real> slot) {
  const Real g = scaled_and_clipped(gradient, step.gradient_scale, step.max_gradient);
  const Real m = step.beta1 * slot.mean + (1 - step.beta1) * g;
  const Real v = step.beta2 * slot.square + (1 - step.beta2) * (g * g);
  const Real divisor = std::sqrt(v) * step.root_scale + step.epsilon;
  return {m, v, slot.parameter * step.decay - (step.step_size * m) / divisor};
}

TEST("adam keeps its formula in every set and size, and writes nothing behind the end") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(71);
    for (const AdamStep<Real>& step : adam_steps<Real>()) {
      for (std::size_t size = 0; size <= largest_size; ++size) {
        const Context context("step size ", step.step_size, ", size ", size);
        const auto gradients = mixed_numbers<Real>(numbers, size);  // ends with the memory
        const auto means = mixed_numbers<Real>(numbers, size + guards);
        auto squares = mixed_numbers<Real>(numbers, size + guards);
        for (Real& square : squares) square = std::abs(square);
        const auto parameters = mixed_numbers<Real>(numbers, size + guards);
        std::vector<Real> expected_means = means, expected_squares = squares,
                          expected_parameters = parameters;
        for (std::size_t i = 0; i < size; ++i) {
          const Slot<Real> slot = naive_adam(step, gradients[i], {means[i], squares[i], parameters[i]});
          expected_means[i] = slot.mean;
          expected_squares[i] = slot.square;
          expected_parameters[i] = slot.parameter;
        }
        for_each_table<Real>([&](const KernelTable<Real>& table) {
          std::vector<Real> m = means, v = squares, p = parameters;
          table.adam(step, gradients.data(), m.data(), v.data(), p.data(), size);
          CHECK_SAME_BITS(m, expected_means);
          CHECK_SAME_BITS(v, expected_squares);
          CHECK_SAME_BITS(p, expected_parameters);
        });
      }
    }
  });
}

TEST("sgd keeps its formula in every set and size, and writes nothing behind the end") {
  for_each_type([]<typename Real>() {
    constexpr Real infinity = std::numeric_limits<Real>::infinity();
    MadeUpNumbers numbers(72);
    for (const DescentStep<Real>& step :
         {DescentStep<Real>{1, infinity, static_cast<Real>(0.01), 1},
          DescentStep<Real>{static_cast<Real>(0.3), 5, static_cast<Real>(0.7), static_cast<Real>(0.9)},
          DescentStep<Real>{2, 0, std::numeric_limits<Real>::max(), 0}}) {
      for (std::size_t size = 0; size <= largest_size; ++size) {
        const Context context("learning rate ", step.learning_rate, ", size ", size);
        const auto gradients = mixed_numbers<Real>(numbers, size);
        const auto parameters = mixed_numbers<Real>(numbers, size + guards);
        std::vector<Real> expected = parameters;
        for (std::size_t i = 0; i < size; ++i) {
          const Real g = scaled_and_clipped(gradients[i], step.gradient_scale, step.max_gradient);
          expected[i] = parameters[i] * step.decay - step.learning_rate * g;
        }
        for_each_table<Real>([&](const KernelTable<Real>& table) {
          std::vector<Real> p = parameters;
          table.sgd(step, gradients.data(), p.data(), size);
          CHECK_SAME_BITS(p, expected);
        });
      }
    }
  });
}

template <typename Real>
double naive_sum_of_squares(const std::vector<Real>& x) {
  double sums[8] = {};
  for (std::size_t i = 0; i < x.size(); ++i) {
    sums[i % 8] = sums[i % 8] + static_cast<double>(x[i]) * static_cast<double>(x[i]);
  }
  double total = sums[0];
  for (std::size_t s = 1; s < 8; ++s) total = total + sums[s];
  return total;
}

TEST("sum_of_squares adds up eight sums, in binary64") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(73);
    for (std::size_t size = 0; size <= 300; ++size) {
      const Context context("size ", size);
      const auto ordinary = numbers.numbers_of_many_sizes<Real>(size);
      const auto special = mixed_numbers<Real>(numbers, size);
      for_each_table<Real>([&](const KernelTable<Real>& table) {
        CHECK_SAME_BITS(table.sum_of_squares(ordinary.data(), size), naive_sum_of_squares(ordinary));
        CHECK_SAME_BITS(table.sum_of_squares(special.data(), size), naive_sum_of_squares(special));
      });
    }
  });
}

TEST("sum_of_squares of float32 neither overflows nor vanishes") {
  for_each_table<float>([](const KernelTable<float>& table) {
    using Limits = std::numeric_limits<float>;
    const std::vector<float> largest(3, Limits::max());
    CHECK_EQUAL(table.sum_of_squares(largest.data(), 3), 3 * (double{Limits::max()} * Limits::max()));
    const std::vector<float> smallest(2, Limits::denorm_min());
    CHECK_EQUAL(table.sum_of_squares(smallest.data(), 2), 0x1p-297);
  });
}

}  // namespace
}  // namespace dinorc::check
