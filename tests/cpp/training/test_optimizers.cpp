// The optimizers of the registry against their textbook formulas in binary64.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "check.hpp"
#include "dinorc/training/optimizers.hpp"
#include "made_up_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

template <typename Real, typename Function>
void for_each_optimizer(Function&& function) {
  for (const OptimizerOperations<Real>& optimizer : optimizer_registry<Real>()) {
    const Context context(optimizer.name);
    function(optimizer);
  }
}

// Some parameters and what an optimizer keeps for them.
template <typename Real>
struct Slots {
  explicit Slots(std::size_t size)
      : parameters(size), moments{std::vector<Real>(size), std::vector<Real>(size)} {
    MadeUpNumbers numbers(91);
    parameters = numbers.numbers<Real>(size);
  }

  std::vector<Real> parameters, moments[2];
};

struct StepNumbers {
  double learning_rate, weight_decay, gradient_scale, maximum_gradient;
};

template <typename Real>
std::vector<Real> gradients_of_step(std::size_t size, std::uint64_t number) {
  MadeUpNumbers numbers(1000 + number);
  return numbers.numbers<Real>(size);
}

// One step of numbers `begin` to `end`.
template <typename Real>
void update(const OptimizerOperations<Real>& optimizer, const StepNumbers& step, std::uint64_t number,
            const std::vector<Real>& gradients, Slots<Real>& slots, std::size_t begin, std::size_t end) {
  OptimizerStep<Real> arguments{.parameters = slots.parameters.data() + begin,
                                .gradients = gradients.data() + begin,
                                .moments = {nullptr, nullptr},
                                .size = end - begin,
                                .number = number,
                                .learning_rate = step.learning_rate,
                                .weight_decay = step.weight_decay,
                                .gradient_scale = step.gradient_scale,
                                .maximum_gradient = step.maximum_gradient};
  for (std::size_t i = 0; i < optimizer.moments; ++i) arguments.moments[i] = slots.moments[i].data() + begin;
  optimizer.update(arguments);
}

double clipped(double gradient, const StepNumbers& step) {
  return std::clamp(gradient * step.gradient_scale, -step.maximum_gradient, step.maximum_gradient);
}

// AdamW as published: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
void naive_adam(const StepNumbers& step, std::uint64_t number, const std::vector<double>& gradients,
                Slots<double>& slots) {
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    const double g = clipped(gradients[i], step);
    double& m = slots.moments[0][i];
    double& v = slots.moments[1][i];
    double& parameter = slots.parameters[i];
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const double unbiased_m = m / (1.0 - std::pow(0.9, static_cast<double>(number)));
    const double unbiased_v = v / (1.0 - std::pow(0.999, static_cast<double>(number)));
    parameter -= step.learning_rate * step.weight_decay * parameter;
    parameter -= step.learning_rate * unbiased_m / (std::sqrt(unbiased_v) + 1e-8);
  }
}

void naive_sgd(const StepNumbers& step, std::uint64_t, const std::vector<double>& gradients,
               Slots<double>& slots) {
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    double& parameter = slots.parameters[i];
    parameter -= step.learning_rate * step.weight_decay * parameter;
    parameter -= step.learning_rate * clipped(gradients[i], step);
  }
}

// One line per optimizer.
using NaiveTwin = void (*)(const StepNumbers&, std::uint64_t, const std::vector<double>&, Slots<double>&);
const std::map<std::string_view, NaiveTwin> naive_twins = {{"adam", naive_adam}, {"sgd", naive_sgd}};

constexpr StepNumbers steps[] = {
    {0.01, 0.0, 1.0, infinity},
    {0.004, 0.3, 0.5, 0.2},
    {0.3, 0.01, 2.0, 1e-3},
};

// In binary32, 1 - 0.999 is off by one part in 80,000.
template <typename Real>
constexpr double tolerance = sizeof(Real) == 8 ? 1e-13 : 5e-5;

TEST("the registry has each optimizer once") {
  for_each_type([]<typename Real>() {
    std::set<std::string> names;
    for_each_optimizer<Real>([&](const OptimizerOperations<Real>& optimizer) {
      CHECK(names.insert(optimizer.name).second);
      CHECK(optimizer.moments <= 2);
    });
  });
}

TEST("every optimizer has a naive twin, and follows its formulas, step after step") {
  constexpr std::size_t size = 37;
  for_each_type([&]<typename Real>() {
    for_each_optimizer<Real>([&](const OptimizerOperations<Real>& optimizer) {
      const auto twin = naive_twins.find(optimizer.name);
      CHECK(twin != naive_twins.end());
      if (twin == naive_twins.end()) return;
      for (const StepNumbers& step : steps) {
        const Context context("learning rate ", step.learning_rate);
        Slots<Real> slots(size);
        Slots<double> expected(size);
        expected.parameters.assign(slots.parameters.begin(), slots.parameters.end());
        for (std::uint64_t number = 1; number <= 40; ++number) {
          const std::vector<Real> gradients = gradients_of_step<Real>(size, number);
          update(optimizer, step, number, gradients, slots, 0, size);
          twin->second(step, number, {gradients.begin(), gradients.end()}, expected);
          for (std::size_t i = 0; i < size; ++i) {
            CHECK_NEAR(slots.parameters[i], expected.parameters[i], tolerance<Real>);
          }
        }
      }
    });
  });
}

// So that workers can share the parameters among them.
TEST("a vector has the same bits whole and in parts") {
  constexpr std::size_t size = 61;
  for_each_set_and_type([&]<typename Real>() {
    for_each_optimizer<Real>([&](const OptimizerOperations<Real>& optimizer) {
      for (const std::size_t middle : {0, 1, 7, 16, 61}) {
        const Context context("parts of ", middle, " and ", size - middle);
        Slots<Real> whole(size), parts(size);
        for (std::uint64_t number = 1; number <= 3; ++number) {
          const std::vector<Real> gradients = gradients_of_step<Real>(size, number);
          update(optimizer, steps[1], number, gradients, whole, 0, size);
          update(optimizer, steps[1], number, gradients, parts, 0, middle);
          update(optimizer, steps[1], number, gradients, parts, middle, size);
        }
        CHECK_SAME_BITS(parts.parameters, whole.parameters);
        for (std::size_t i = 0; i < 2; ++i) CHECK_SAME_BITS(parts.moments[i], whole.moments[i]);
      }
    });
  });
}

TEST("a step goes against the gradient, and a zero gradient moves nothing") {
  for_each_type([]<typename Real>() {
    for_each_optimizer<Real>([](const OptimizerOperations<Real>& optimizer) {
      Slots<Real> slots(3);
      const std::vector<Real> before = slots.parameters;
      update<Real>(optimizer, {0.01, 0.0, 1.0, infinity}, 1, {Real{0}, Real{2}, Real{-2}}, slots, 0, 3);
      CHECK_SAME_BITS(slots.parameters[0], before[0]);
      CHECK(slots.parameters[1] < before[1]);
      CHECK(slots.parameters[2] > before[2]);
    });
  });
}

}  // namespace
}  // namespace dinorc::check
