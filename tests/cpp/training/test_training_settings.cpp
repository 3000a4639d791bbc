// The schedules of the learning rate.
#include <cstdint>

#include "check.hpp"
#include "dinorc/training/training_settings.hpp"

namespace dinorc::check {
namespace {

constexpr double highest = 0.004;
constexpr double first = highest / 25;
constexpr double last = highest / 25e4;

double one_cycle(std::uint64_t step, std::uint64_t steps) {
  return learning_rate_at(Schedule::one_cycle, highest, step, steps);
}

TEST("a constant learning rate does not change") {
  for (const std::uint64_t steps : {1, 2, 100}) {
    for (std::uint64_t step = 0; step < steps; ++step) {
      CHECK_SAME_BITS(learning_rate_at(Schedule::constant, highest, step, steps), highest);
    }
  }
}

TEST("one cycle rises over three tenths of the steps, and falls over the rest") {
  for (const std::uint64_t steps : {10, 50, 1000, 33}) {
    const Context context("steps ", steps);
    const double peak = 0.3 * static_cast<double>(steps);
    for (std::uint64_t step = 1; step < steps; ++step) {
      const Context context_of_step("step ", step);
      const double before = one_cycle(step - 1, steps), now = one_cycle(step, steps);
      if (static_cast<double>(step) <= peak) CHECK(now > before);
      if (static_cast<double>(step - 1) >= peak) CHECK(now < before);
      CHECK(now >= last && now <= highest);
    }
    CHECK_SAME_BITS(one_cycle(0, steps), first);
    CHECK_NEAR(one_cycle(steps - 1, steps), last, 1e-18);
  }
  CHECK_SAME_BITS(one_cycle(300, 1000), highest);
}

TEST("after half of its rise and of its fall, one cycle is halfway between the ends") {
  CHECK_NEAR(one_cycle(150, 1000), (first + highest) / 2, 1e-15);
  CHECK_NEAR(one_cycle(650, 1001), (highest + last) / 2, 1e-5);
  CHECK_NEAR(one_cycle(75, 1000), first + (highest - first) * 0.15625, 1e-15);  // x^2 (3 - 2 x) of 1/4
}

TEST("runs of a few steps keep to the range") {
  for (const std::uint64_t steps : {1, 2, 3, 4}) {
    const Context context("steps ", steps);
    for (std::uint64_t step = 0; step < steps; ++step) {
      const double rate = one_cycle(step, steps);
      CHECK(rate > 0.0 && rate <= highest);
    }
    CHECK_SAME_BITS(one_cycle(0, steps), first);
    if (steps > 1) CHECK_NEAR(one_cycle(steps - 1, steps), last, 1e-18);
  }
}

TEST("after its end, one cycle stays where it ended") {
  for (const std::uint64_t steps : {1, 2, 100}) {
    for (const std::uint64_t beyond : {0, 1, 1000}) {
      CHECK_NEAR(one_cycle(steps + beyond, steps), last, 1e-18);
    }
  }
}

TEST("the shape of one cycle does not depend on its height") {
  for (std::uint64_t step = 0; step < 40; ++step) {
    CHECK_NEAR(learning_rate_at(Schedule::one_cycle, 1.0, step, 40) * highest, one_cycle(step, 40), 1e-17);
    CHECK_SAME_BITS(learning_rate_at(Schedule::one_cycle, 0.0, step, 40), 0.0);
  }
}

}  // namespace
}  // namespace dinorc::check
