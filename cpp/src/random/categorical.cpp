#include "dinorc/random/categorical.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace dinorc {

template <typename Real>
double checked_sum(VectorView<const Real> probabilities) {
  if (probabilities.size == 0) throw std::invalid_argument("probabilities are empty; expected at least one");
  double sum = 0.0;
  for (std::size_t i = 0; i < probabilities.size; ++i) {
    const double probability = static_cast<double>(probabilities[i]);
    if (!(probability >= 0.0)) throw std::invalid_argument("probabilities hold a NaN or a negative number");
    sum += probability;
  }
  const double tolerance = std::sqrt(static_cast<double>(std::numeric_limits<Real>::epsilon()));
  if (!(sum >= 1.0 - tolerance && sum <= 1.0 + tolerance)) {
    throw std::invalid_argument("probabilities do not sum to 1");
  }
  return sum;
}

template <typename Real>
std::size_t draw_category(VectorView<const Real> probabilities, double sum, double uniform) {
  double cumulative = 0.0;
  for (std::size_t i = 0; i + 1 < probabilities.size; ++i) {
    cumulative += static_cast<double>(probabilities[i]);
    if (cumulative / sum > uniform) return i;
  }
  return probabilities.size - 1;  // the last entry divided by itself is 1, above every uniform number
}

template double checked_sum<float>(VectorView<const float>);
template double checked_sum<double>(VectorView<const double>);
template std::size_t draw_category<float>(VectorView<const float>, double, double);
template std::size_t draw_category<double>(VectorView<const double>, double, double);

}  // namespace dinorc
