// A draw from a categorical distribution, as NumPy's RandomState.choice(n, p=probabilities) makes it.
#pragma once

#include <cstddef>

#include "dinorc/random/mersenne_twister.hpp"
#include "dinorc/views.hpp"

namespace dinorc {

// The index at which the cumulative sum of the probabilities, divided by its last entry, first exceeds a
// uniform number in [0, 1). Takes one random_sample() from the stream. Sums are in double for float, too.
// Throws std::invalid_argument where a probability is negative or NaN, or where their sum is not 1 within the
// square root of the type's epsilon (NumPy's tolerance).
template <typename Real>
std::size_t draw_category(VectorView<const Real> probabilities, MersenneTwister& stream);

}  // namespace dinorc
