// Normal random numbers from uniform ones, two at a time.
#pragma once

#include <cmath>

#include "dinorc/foundations/float_contract.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

struct NormalPair {
  double x;
  double y;
};

// Marsaglia's polar method: with (x, y) uniform in the unit disc and r2 = x^2 + y^2, both x f and y f are
// standard normal for f = sqrt(-2 log(r2) / r2). `uniform` gives numbers in [0, 1), first for x, then for y.
template <typename Uniform>
NormalPair draw_normals(Uniform&& uniform) {
  double x = 0.0;
  double y = 0.0;
  double radius_squared = 0.0;
  do {
    x = 2.0 * uniform() - 1.0;
    y = 2.0 * uniform() - 1.0;
    radius_squared = x * x + y * y;
  } while (radius_squared >= 1.0 || radius_squared == 0.0);
  double logarithm = 0.0;
  active_kernels<double>().log(&radius_squared, &logarithm, 1);
  const double factor = std::sqrt(-2.0 * logarithm / radius_squared);
  return {factor * x, factor * y};
}

}  // namespace dinorc
