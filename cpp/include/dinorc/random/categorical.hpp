// A draw from a categorical distribution, as NumPy's RandomState.choice(n, p=probabilities) makes it.
#pragma once

#include <cstddef>

#include "dinorc/foundations/views.hpp"

namespace dinorc {

// The sum of the probabilities, in double and in ascending order, also for float.
// Throws std::invalid_argument where a probability is negative or NaN, or where the sum is not 1 within the
// square root of the type's epsilon (NumPy's tolerance).
template <typename Real>
double checked_sum(VectorView<const Real> probabilities);

// The index at which the cumulative sum of the probabilities, divided by `sum`, first exceeds `uniform`, a
// number in [0, 1) such as a stream's random_sample().
template <typename Real>
std::size_t draw_category(VectorView<const Real> probabilities, double sum, double uniform);

}  // namespace dinorc
