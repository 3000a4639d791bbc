#include "dinorc/scoring/mixture_weights.hpp"

#include <cmath>
#include <cstddef>

#include "dinorc/kernels/kernels.hpp"

namespace dinorc {
namespace {

constexpr int most_rounds = 1000;
constexpr double least_change = 1e-6;

double mixed(MatrixView<const double> probabilities, const std::vector<double>& weights,
             std::size_t character) {
  double sum = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * probabilities(i, character);
  return sum;
}

}  // namespace

// With p_ic what member i makes of character c, and a the prior's characters, a round is
//   r_i = sum over c of w_i p_ic / (sum over j of w_j p_jc)
//   w_i = (r_i + a prior_i) / (sum over j of r_j + a)
MixtureWeights find_mixture_weights(MatrixView<double> log_probabilities, const std::vector<double>& prior,
                                    double prior_characters) {
  const std::size_t members = log_probabilities.rows, characters = log_probabilities.columns;
  const MatrixView<double> probabilities = log_probabilities;
  for (std::size_t i = 0; i < members; ++i) {
    active_kernels<double>().exp(log_probabilities.row(i), probabilities.row(i), characters);
  }
  MixtureWeights result{.weights = prior};
  std::vector<double>& weights = result.weights;
  double change = 1.0;
  for (int round = 0; round < most_rounds && change > least_change; ++round) {
    std::vector<double> shares(members, 0.0);
    for (std::size_t c = 0; c < characters; ++c) {
      const double whole = mixed(probabilities, weights, c);
      if (whole == 0.0) continue;
      for (std::size_t i = 0; i < members; ++i) shares[i] += weights[i] * probabilities(i, c) / whole;
    }
    double total = prior_characters;
    for (const double share : shares) total += share;
    if (!(total > 0.0)) break;
    change = 0.0;
    for (std::size_t i = 0; i < members; ++i) {
      const double weight = (shares[i] + prior_characters * prior[i]) / total;
      const double difference = std::fabs(weight - weights[i]);
      if (difference > change) change = difference;
      weights[i] = weight;
    }
  }

  std::vector<double> losses(characters);
  for (std::size_t c = 0; c < characters; ++c) losses[c] = mixed(probabilities, weights, c);
  active_kernels<double>().log(losses.data(), losses.data(), characters);
  for (const double loss : losses) result.loss -= loss;
  result.loss /= static_cast<double>(characters);
  return result;
}

}  // namespace dinorc
