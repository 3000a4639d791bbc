// The weights of a mixture: no others near them make the characters likelier.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/scoring/mixture_weights.hpp"
#include "made_up_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr double impossible = -std::numeric_limits<double>::infinity();

// [members][characters], the first member the likeliest to be right.
AlignedMatrix<double> made_up_log_probabilities(std::size_t members, std::size_t characters) {
  AlignedMatrix<double> result(members, characters);
  MadeUpNumbers numbers(31);
  for (std::size_t i = 0; i < members; ++i) {
    for (std::size_t c = 0; c < characters; ++c) {
      const double nats = std::fabs(numbers.number<double>()) * static_cast<double>(2 + i);
      result.view()(i, c) = numbers.below(20) == 0 ? impossible : -nats;
    }
  }
  return result;
}

// Nats per character, and what the prior adds.
double loss(const AlignedMatrix<double>& log_probabilities, const std::vector<double>& weights,
            const std::vector<double>& prior, double prior_characters) {
  const MatrixView<const double> view = log_probabilities.view();
  double sum = 0.0;
  for (std::size_t c = 0; c < view.columns; ++c) {
    double p = 0.0;
    for (std::size_t i = 0; i < view.rows; ++i) p += weights[i] * std::exp(view(i, c));
    if (p > 0.0) sum -= std::log(p);
  }
  for (std::size_t i = 0; i < view.rows; ++i) {
    if (prior_characters > 0.0) sum -= prior_characters * prior[i] * std::log(weights[i]);
  }
  return sum / static_cast<double>(view.columns);
}

MixtureWeights found(const AlignedMatrix<double>& log_probabilities, const std::vector<double>& prior,
                     double prior_characters) {
  const MatrixView<const double> given = log_probabilities.view();
  AlignedMatrix<double> copy(given.rows, given.columns);
  for (std::size_t i = 0; i < given.rows; ++i) std::copy_n(given.row(i), given.columns, copy.view().row(i));
  return find_mixture_weights(copy.view(), prior, prior_characters);
}

TEST("no weights nearby are better, with a prior and without") {
  const AlignedMatrix<double> given = made_up_log_probabilities(3, 500);
  const std::vector<double> prior = {0.2, 0.3, 0.5};
  for (const double prior_characters : {0.0, 50.0, 5000.0}) {
    const Context context("prior characters ", prior_characters);
    const std::vector<double> weights = found(given, prior, prior_characters).weights;
    CHECK_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1.0, 1e-14);
    const double least = loss(given, weights, prior, prior_characters);
    CHECK(least < loss(given, prior, prior, prior_characters));
    for (std::size_t from = 0; from < weights.size(); ++from) {
      for (std::size_t to = 0; to < weights.size(); ++to) {
        std::vector<double> others = weights;
        const double moved = std::fmin(0.01, weights[from] / 2);
        others[from] -= moved;
        others[to] += moved;
        CHECK(loss(given, others, prior, prior_characters) >= least);
      }
    }
  }
}

TEST("the loss is that of the mixture") {
  const AlignedMatrix<double> given = made_up_log_probabilities(2, 300);
  const MixtureWeights result = found(given, {0.5, 0.5}, 10.0);
  double expected = 0.0;
  bool is_possible = true;
  for (std::size_t c = 0; c < 300; ++c) {
    double p = 0.0;
    for (std::size_t i = 0; i < 2; ++i) p += result.weights[i] * std::exp(given.view()(i, c));
    is_possible = is_possible && p > 0.0;
    expected -= std::log(p) / 300.0;
  }
  CHECK(is_possible ? std::fabs(result.loss - expected) < 1e-12 : std::isinf(result.loss));
}

TEST("a strong prior stays, equal members keep it, and a single one has all the weight") {
  const AlignedMatrix<double> given = made_up_log_probabilities(2, 100);
  CHECK_NEAR(found(given, {0.25, 0.75}, 1e12).weights[0], 0.25, 1e-6);
  AlignedMatrix<double> equal(3, 40);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t c = 0; c < 40; ++c) equal.view()(i, c) = -0.1 * static_cast<double>(c);
  }
  const std::vector<double> kept = found(equal, {0.2, 0.3, 0.5}, 0.0).weights;
  CHECK_NEAR(kept[0], 0.2, 1e-12);
  CHECK_NEAR(kept[2], 0.5, 1e-12);
  CHECK_SAME_BITS(found(made_up_log_probabilities(1, 9), {1.0}, 0.0).weights, std::vector<double>{1.0});
}

TEST("characters that are impossible for all have no say") {
  AlignedMatrix<double> given(2, 3);
  for (std::size_t c = 0; c < 3; ++c) given.view()(0, c) = given.view()(1, c) = impossible;
  const MixtureWeights none = found(given, {0.25, 0.75}, 0.0);
  CHECK_SAME_BITS(none.weights, (std::vector<double>{0.25, 0.75}));
  CHECK_EQUAL(none.loss, std::numeric_limits<double>::infinity());
  given.view()(1, 1) = -1.0;
  CHECK_NEAR(found(given, {0.25, 0.75}, 0.0).weights[1], 1.0, 1e-12);
}

TEST("every instruction set gives the same bits") {
  const AlignedMatrix<double> given = made_up_log_probabilities(3, 200);
  const std::string before = name_in_use();
  std::vector<double> expected;
  for (const std::string& set : usable_instruction_sets()) {
    use_instruction_set(set);
    MixtureWeights result = found(given, {0.25, 0.25, 0.5}, 1.0);
    result.weights.push_back(result.loss);
    if (expected.empty()) expected = result.weights;
    CHECK_SAME_BITS(result.weights, expected);
  }
  use_instruction_set(before);
}

}  // namespace
}  // namespace dinorc::check
