// Draws from a categorical distribution, as NumPy's choice(p=) makes them.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/random/categorical.hpp"
#include "dinorc/random/mersenne_twister.hpp"
#include "made_up_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

template <typename Real>
std::size_t draw(const std::vector<Real>& probabilities, double uniform) {
  const VectorView<const Real> view{probabilities.data(), probabilities.size()};
  return draw_category<Real>(view, checked_sum<Real>(view), uniform);
}

template <typename Real>
double sum_of(const std::vector<Real>& probabilities) {
  return checked_sum<Real>({probabilities.data(), probabilities.size()});
}

template <typename Real>
std::vector<Real> distribution(MadeUpNumbers& numbers, std::size_t size) {
  std::vector<double> weights(size);
  double sum = 0.0;
  for (double& weight : weights) {
    weight = numbers.below(4) == 0 ? 0.0 : std::fabs(numbers.number<double>());
    sum += weight;
  }
  if (sum == 0.0) sum = weights[numbers.below(size)] = 1.0;
  std::vector<Real> probabilities;
  for (const double weight : weights) probabilities.push_back(static_cast<Real>(weight / sum));
  return probabilities;
}

// NumPy's way: the cumulative sums, all divided by the last; then the first that exceeds the number.
template <typename Real>
std::size_t draw_as_numpy(const std::vector<Real>& probabilities, double uniform) {
  std::vector<double> cumulative;
  double sum = 0.0;
  for (const Real probability : probabilities)
    cumulative.push_back(sum = sum + static_cast<double>(probability));
  std::size_t index = 0;
  while (cumulative[index] / sum <= uniform) ++index;
  return index;
}

TEST("the category is the first whose cumulative share exceeds the number, as in NumPy") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(14);
    for (std::uint32_t seed = 0; seed < 3000; ++seed) {
      const auto probabilities = distribution<Real>(numbers, 1 + seed % 60);
      for (const double uniform : {MersenneTwister(seed).random_sample(), 0.0, 1.0 - 0x1p-53}) {
        const std::size_t category = draw(probabilities, uniform);
        CHECK_EQUAL(category, draw_as_numpy(probabilities, uniform));
        CHECK(probabilities[category] > 0);
      }
    }
  });
}

TEST("the sum runs upwards, in double") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(17);
    for (std::size_t size = 1; size < 100; ++size) {
      const auto probabilities = distribution<Real>(numbers, size);
      double sum = 0.0;
      for (const Real probability : probabilities) sum = sum + static_cast<double>(probability);
      CHECK_SAME_BITS(sum_of(probabilities), sum);
    }
  });
}

TEST("a category of probability 0 is never drawn, one of probability 1 always") {
  for_each_type([]<typename Real>() {
    MersenneTwister stream(15);
    for (int i = 0; i < 2000; ++i) {
      const double uniform = stream.random_sample();
      CHECK_EQUAL(draw<Real>({0, Real{0.5}, 0, Real{-0.0}, Real{0.5}, 0}, uniform), uniform < 0.5 ? 1 : 4);
      CHECK_EQUAL(draw<Real>({0, 0, 1}, uniform), 2);
      CHECK_EQUAL(draw<Real>({1, 0, 0}, uniform), 0);
      CHECK_EQUAL(draw<Real>({1}, uniform), 0);
    }
  });
}

TEST("categories come as often as their probabilities say") {
  for_each_type([]<typename Real>() {
    const std::vector<Real> probabilities = {static_cast<Real>(0.1), static_cast<Real>(0.2),
                                             static_cast<Real>(0.3), static_cast<Real>(0.4)};
    std::vector<double> counts(4);
    MersenneTwister stream(16);
    for (int i = 0; i < 20000; ++i) counts[draw(probabilities, stream.random_sample())] += 1.0;
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK_NEAR(counts[i] / 20000, static_cast<double>(probabilities[i]), 0.02);
    }
  });
}

TEST("a sum that misses 1 by no more than the type's tolerance is accepted") {
  for_each_type([]<typename Real>() {
    const Real tolerance =
        static_cast<Real>(std::sqrt(static_cast<double>(std::numeric_limits<Real>::epsilon())));
    const Real half = Real{0.5};
    for (const Real error :
         {tolerance * static_cast<Real>(0.9), tolerance * static_cast<Real>(-0.9), Real{0}}) {
      CHECK_EQUAL(sum_of<Real>({half, half + error}),
                  static_cast<double>(half) + static_cast<double>(half + error));
      CHECK_EQUAL(draw<Real>({half, half + error}, 0.25), 0);
      CHECK_EQUAL(draw<Real>({half, half + error}, 1.0 - 0x1p-53), 1);
    }
    for (const Real error :
         {tolerance * static_cast<Real>(1.1), tolerance * static_cast<Real>(-1.1), Real{1}}) {
      const std::string message = CHECK_THROWS(std::invalid_argument, sum_of<Real>({half, half + error}));
      CHECK_EQUAL(message, "probabilities do not sum to 1");
    }
  });
}

TEST("probabilities that are not a distribution are refused") {
  for_each_type([]<typename Real>() {
    using Limits = std::numeric_limits<Real>;
    const std::vector<std::vector<Real>> refused = {{},
                                                    {0},
                                                    {0, 0},
                                                    {Real{-0.5}, Real{1.5}},
                                                    {Limits::quiet_NaN(), 1},
                                                    {1, Limits::quiet_NaN()},
                                                    {Limits::infinity(), 0},
                                                    {Real{1.5}, -Limits::infinity()},
                                                    {1, -Limits::denorm_min()},
                                                    {1, 1}};
    for (const std::vector<Real>& probabilities : refused) {
      const Context context("probabilities ", shown(probabilities));
      CHECK_THROWS(std::invalid_argument, sum_of(probabilities));
    }
  });
}

}  // namespace
}  // namespace dinorc::check
