// Temperature, top-k, top-p and the draw, against the plainest code that does the same.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

#include "check.hpp"
#include "dinorc/drawing/sampling_rules.hpp"
#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "made_up_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

template <typename Real>
std::vector<double> weights_of(const SamplingRules& rules, const std::vector<Real>& logits) {
  std::vector<double> weights(logits.size());
  const std::vector<double> wide(logits.begin(), logits.end());
  CharacterWeights(rules, logits.size()).compute(wide.data(), weights.data());
  return weights;
}

// The ids of the characters that have any weight.
std::vector<std::size_t> kept(const std::vector<double>& weights) {
  std::vector<std::size_t> ids;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] > 0.0) ids.push_back(i);
  }
  return ids;
}

template <typename Real>
std::vector<Real> made_up_logits(std::size_t size, std::uint64_t seed) {
  MadeUpNumbers numbers(seed);
  std::vector<Real> logits(size);
  for (Real& logit : logits) logit = numbers.number<Real>() * 4;
  return logits;
}

// By sorting all characters.
template <typename Real>
std::vector<double> naive_weights(const SamplingRules& rules, const std::vector<Real>& logits) {
  std::vector<std::size_t> order(logits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return logits[a] > logits[b]; });
  const double largest = static_cast<double>(logits[order.front()]);
  if (order.size() > rules.top_k) order.resize(rules.top_k);
  std::vector<double> weights(logits.size(), 0.0);
  double total = 0.0;
  for (const std::size_t i : order) {
    total += weights[i] = std::exp((static_cast<double>(logits[i]) - largest) / rules.temperature);
  }
  double reached = 0.0;
  for (const std::size_t i : order) {
    if (rules.top_p < 1.0 && reached >= rules.top_p * total) weights[i] = 0.0;
    reached += weights[i];
  }
  return weights;
}

TEST("weights are those of the plainest code") {
  for_each_set_and_type([]<typename Real>() {
    for (const std::size_t size : {2, 3, 16, 28, 100}) {
      for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const std::vector<Real> logits = made_up_logits<Real>(size, seed);
        for (const double temperature : {0.05, 0.7, 1.0, 3.0}) {
          for (const std::size_t top_k :
               {std::size_t{1}, std::size_t{2}, std::size_t{9}, SamplingRules::all}) {
            for (const double top_p : {1e-9, 0.3, 0.95, 1.0}) {
              const Context context("size ", size, ", seed ", seed, ", temperature ", temperature, ", top_k ",
                                    top_k, ", top_p ", top_p);
              const SamplingRules rules{temperature, top_k, top_p};
              const std::vector<double> weights = weights_of(rules, logits);
              const std::vector<double> expected = naive_weights(rules, logits);
              bool are_near = true;
              for (std::size_t i = 0; i < size; ++i) {
                are_near =
                    are_near && std::fabs(weights[i] - expected[i]) < (sizeof(Real) == 8 ? 1e-13 : 1e-6);
              }
              CHECK(are_near);
            }
          }
        }
      }
    }
  });
}

TEST("a temperature near 0 leaves only the likeliest, a very high one makes all alike") {
  for_each_type([]<typename Real>() {
    const std::vector<Real> logits = made_up_logits<Real>(28, 5);
    const auto likeliest =
        static_cast<std::size_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
    for (const double temperature : {std::numeric_limits<double>::denorm_min(), 1e-300, 1e-9}) {
      const std::vector<double> weights = weights_of({.temperature = temperature}, logits);
      CHECK_EQUAL(kept(weights), std::vector<std::size_t>{likeliest});
      CHECK_EQUAL(weights[likeliest], 1.0);
    }
    for (const double temperature : {1e300, std::numeric_limits<double>::max()}) {
      CHECK_EQUAL(weights_of({.temperature = temperature}, logits), std::vector<double>(28, 1.0));
    }
  });
}

TEST("logits that differ as much as possible do no harm") {
  for_each_type([]<typename Real>() {
    constexpr Real most = std::numeric_limits<Real>::max();
    const std::vector<Real> logits = {-most, most, 0, most, -most};
    for (const double temperature : {1e-300, 0.5, 1.0, 2.0, 1e300}) {
      for (const std::size_t top_k : {std::size_t{2}, SamplingRules::all}) {
        const Context context("temperature ", temperature, ", top_k ", top_k);
        const std::vector<double> weights = weights_of({.temperature = temperature, .top_k = top_k}, logits);
        CHECK_EQUAL(weights[1], 1.0);
        CHECK_EQUAL(weights[3], 1.0);
        for (const double weight : weights) CHECK(weight >= 0.0 && weight <= 1.0);
      }
    }
  });
}

TEST("of equally likely characters those with lower ids stay") {
  for_each_type([]<typename Real>() {
    const std::vector<Real> logits = {1, 2, 1, 2, 2, 0};
    const auto of = [&](std::size_t top_k, double top_p) {
      return kept(weights_of({1.0, top_k, top_p}, logits));
    };
    using Ids = std::vector<std::size_t>;
    CHECK_EQUAL(of(1, 1.0), Ids{1});
    CHECK_EQUAL(of(2, 1.0), (Ids{1, 3}));
    CHECK_EQUAL(of(4, 1.0), (Ids{0, 1, 3, 4}));
    CHECK_EQUAL(of(SamplingRules::all, 0.1), Ids{1});
    CHECK_EQUAL(of(SamplingRules::all, 0.5), (Ids{1, 3}));
    CHECK_EQUAL(of(3, 0.5), (Ids{1, 3}));  // of three alike
    CHECK_EQUAL(of(3, 0.667), (Ids{1, 3, 4}));
  });
}

TEST("top_p that is reached exactly takes no further character") {
  const std::vector<double> logits(8, 0.25);
  CHECK_EQUAL(kept(weights_of({.top_p = 0.5}, logits)).size(), 4);
  CHECK_EQUAL(kept(weights_of({.top_p = 0.5000001}, logits)).size(), 5);
  CHECK_EQUAL(kept(weights_of({.top_p = std::numeric_limits<double>::denorm_min()}, logits)).size(), 1);
}

TEST("where the rules change nothing, the weights are the terms of the softmax") {
  const auto change_nothing = [](const SamplingRules& rules) {
    return CharacterWeights(rules, 28).change_nothing();
  };
  CHECK(change_nothing({}));
  CHECK(change_nothing({.top_k = 28}));
  CHECK(!change_nothing({.temperature = 0.9}));
  CHECK(!change_nothing({.top_k = 27}));
  CHECK(!change_nothing({.top_p = 0.9}));
  const std::vector<double> logits = made_up_logits<double>(28, 9);
  std::vector<double> terms(28);
  double largest{};
  active_kernels<double>().softmax_terms({logits.data(), 1, 28, 28}, {terms.data(), 1, 28, 28}, &largest);
  CHECK_EQUAL(weights_of({}, logits), terms);
}

TEST("weights are added up in the order of the characters") {
  const std::vector<double> weights = {0x1p-53, 1.0, 0x1p-53, 0.0, 2.0};  // the order shows in the sums
  std::vector<double> cumulative(5);
  add_up(weights.data(), 5, cumulative.data());
  CHECK_EQUAL(cumulative, (std::vector<double>{0x1p-53, 1.0, 1.0, 1.0, 3.0}));
}

TEST("the character chosen is the one whose share the number falls into") {
  MadeUpNumbers numbers(3);
  for (std::size_t size = 2; size <= 40; ++size) {
    const Context context("size ", size);
    std::vector<double> weights(size), cumulative(size);
    for (double& weight : weights) weight = numbers.below(3) == 0 ? 0.0 : std::fabs(numbers.number<double>());
    weights[numbers.below(size)] = 1.0;
    std::partial_sum(weights.begin(), weights.end(), cumulative.begin());
    for (int i = 0; i < 200; ++i) {
      const double uniform = i == 0 ? 0.0 : i == 1 ? 1.0 - 0x1p-53 : std::fabs(numbers.number<double>());
      std::size_t expected = 0;
      while (!(uniform * cumulative.back() < cumulative[expected])) ++expected;
      const auto chosen =
          static_cast<std::size_t>(choose(cumulative.data(), size, uniform * cumulative.back()));
      CHECK_EQUAL(chosen, expected);
      CHECK(weights[chosen] > 0.0);
    }
  }
}

TEST("a NaN does no harm") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& logits :
       {std::vector<double>{nan, 1, 2}, {1, nan, 2}, {nan, nan, nan}, {infinity, infinity, -infinity}}) {
    for (const SamplingRules& rules :
         {SamplingRules{}, SamplingRules{0.5, 2, 0.5}, SamplingRules{1.0, 1, 1.0}}) {
      std::vector<double> cumulative(3);
      add_up(weights_of(rules, logits).data(), 3, cumulative.data());
      const CharacterId chosen = choose(cumulative.data(), 3, 0.3 * cumulative.back());
      CHECK(chosen >= 0 && chosen < 3);
    }
  }
}

}  // namespace
}  // namespace dinorc::check
