#include "dinorc/random/categorical.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "dinorc/float_contract.hpp"

namespace dinorc {

template <typename Real>
std::size_t draw_category(VectorView<const Real> probabilities, MersenneTwister& stream) {
  if (probabilities.size == 0) throw std::invalid_argument("probabilities are empty; expected at least one");
  double total = 0.0;
  for (std::size_t i = 0; i < probabilities.size; ++i) {
    const double probability = static_cast<double>(probabilities[i]);
    if (!(probability >= 0.0)) throw std::invalid_argument("probabilities hold a NaN or a negative number");
    total += probability;
  }
  const double tolerance = std::sqrt(static_cast<double>(std::numeric_limits<Real>::epsilon()));
  if (!(total >= 1.0 - tolerance && total <= 1.0 + tolerance)) {
    throw std::invalid_argument("probabilities do not sum to 1");
  }

  const double uniform = stream.random_sample();
  double cumulative = 0.0;
  for (std::size_t i = 0; i + 1 < probabilities.size; ++i) {
    cumulative += static_cast<double>(probabilities[i]);
    if (cumulative / total > uniform) return i;
  }
  return probabilities.size - 1;  // the last entry divided by itself is 1, above every uniform number
}

template std::size_t draw_category<float>(VectorView<const float>, MersenneTwister&);
template std::size_t draw_category<double>(VectorView<const double>, MersenneTwister&);

}  // namespace dinorc
