// Normal random numbers from uniform ones, two at a time.
#pragma once

#include <cmath>

#include "dinorc/foundations/float_contract.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

// A point in the unit disc, but for its centre.
struct DiscPoint {
  double x;
  double y;
  double radius_squared;
};

// Drawn uniformly. `uniform` gives numbers in [0, 1), first for x, then for y.
template <typename Uniform>
DiscPoint draw_from_disc(Uniform&& uniform) {
  DiscPoint point{};
  do {
    point.x = 2.0 * uniform() - 1.0;
    point.y = 2.0 * uniform() - 1.0;
    point.radius_squared = point.x * point.x + point.y * point.y;
  } while (point.radius_squared >= 1.0 || point.radius_squared == 0.0);
  return point;
}

struct NormalPair {
  double x;
  double y;
};

// Marsaglia's polar method: with (x, y) uniform in the unit disc and r2 = x^2 + y^2, both x f and y f are
// standard normal for f = sqrt(-2 log(r2) / r2).
inline NormalPair normals_at(const DiscPoint& point, double logarithm) {
  const double factor = std::sqrt(-2.0 * logarithm / point.radius_squared);
  return {factor * point.x, factor * point.y};
}

template <typename Uniform>
NormalPair draw_normals(Uniform&& uniform) {
  const DiscPoint point = draw_from_disc(uniform);
  double logarithm = 0.0;
  active_kernels<double>().log(&point.radius_squared, &logarithm, 1);
  return normals_at(point, logarithm);
}

}  // namespace dinorc
