// Numbers at which arithmetic is most likely to go wrong.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "made_up_numbers.hpp"

namespace dinorc::check {

template <typename Real>
std::vector<Real> special_values() {
  using Limits = std::numeric_limits<Real>;
  std::vector<Real> values = {Real{0},
                              Limits::denorm_min(),
                              Limits::min() - Limits::denorm_min(),
                              Limits::min(),
                              Limits::epsilon() / 2,
                              Real{0.25},
                              Real{0.5},
                              1 - Limits::epsilon() / 2,
                              Real{1},
                              1 + Limits::epsilon(),
                              Real{5},
                              Real{22},
                              static_cast<Real>(88.7),
                              Real{104},
                              Real{709},
                              Real{746},
                              Limits::max(),
                              Limits::infinity()};
  const std::size_t positive = values.size();
  for (std::size_t i = 0; i < positive; ++i) values.push_back(-values[i]);
  values.push_back(Limits::quiet_NaN());
  return values;
}

// Numbers of many sizes with special ones between them.
template <typename Real>
std::vector<Real> mixed_numbers(MadeUpNumbers& numbers, std::size_t size) {
  const std::vector<Real> special = special_values<Real>();
  std::vector<Real> result = numbers.numbers_of_many_sizes<Real>(size);
  for (Real& each : result) {
    if (numbers.below(3) == 0) each = special[numbers.below(special.size())];
  }
  return result;
}

}  // namespace dinorc::check
