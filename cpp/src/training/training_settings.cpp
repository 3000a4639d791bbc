#include "dinorc/training/training_settings.hpp"

#include "dinorc/foundations/float_contract.hpp"

namespace dinorc {
namespace {

double smooth_step(double from, double to, double x) {
  return from + (to - from) * (x * x * (3.0 - 2.0 * x));
}

}  // namespace

double learning_rate_at(Schedule schedule, double highest, std::uint64_t step, std::uint64_t steps) {
  if (schedule == Schedule::constant) return highest;
  const double first = highest / 25.0;
  const double last = first / 1e4;
  const double rising = 0.3 * static_cast<double>(steps);
  const double now = static_cast<double>(step);
  if (now < rising) return smooth_step(first, highest, now / rising);
  const double falling = static_cast<double>(steps) - 1.0 - rising;
  const double progress = falling > 0.0 ? (now - rising) / falling : 1.0;
  return smooth_step(highest, last, progress < 1.0 ? progress : 1.0);
}

}  // namespace dinorc
