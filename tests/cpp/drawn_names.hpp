// Names drawn under conditions, and how often each should come, worked out over all names there are.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "check.hpp"
#include "dinorc/drawing/name_drawing.hpp"
#include "dinorc/predictors/prefix_reader.hpp"
#include "made_up_conditions.hpp"
#include "made_up_network.hpp"

namespace dinorc::check {

// What a caller says of a name that meets all other conditions.
using Judge = std::function<Fate(const Name&)>;

inline Fate accept_all(const Name&) { return Fate::given; }

// Which names are wanted, and how they are drawn.
struct Wishes {
  std::string name;
  NameConditions conditions;
  UnwantedNames unwanted = {};
  SamplingRules rules = {};
  Judge judge = accept_all;

  bool are_met_by(const Name& wanted_name) const {
    return !unwanted.has(wanted_name) && !unwanted.has_near(wanted_name) && judge(wanted_name) == Fate::given;
  }
};

struct Drawn {
  std::vector<Name> names;
  std::vector<double> log_probabilities;
  NameDrawing::Report report;

  std::size_t count(Fate fate) const { return report.counts[static_cast<std::size_t>(fate)]; }
};

struct HowToDraw {
  std::uint64_t seed = 1;
  bool is_unique = false;
  std::size_t most_candidates = 200'000;
  std::size_t workers = 1;
  std::size_t at_a_time = std::numeric_limits<std::size_t>::max();  // as many names as draw() is asked for
};

// Draws until there are enough names, or there is an end. Checks what the drawing asks of its caller.
inline Drawn drawn(const Predictor& predictor, const Wishes& wishes, std::size_t wanted,
                   const HowToDraw& how = {}) {
  NameDrawing drawing(wishes.conditions, wishes.unwanted,
                      {.seed = how.seed,
                       .rules = wishes.rules,
                       .is_unique = how.is_unique,
                       .most_candidates = how.most_candidates});
  Drawn result;
  std::set<Name> asked;
  while (drawing.report().end == NameDrawing::End::none) {
    const std::size_t missing = wanted - result.names.size();
    const bool is_done =
        drawing.draw(predictor, std::min(missing, how.at_a_time), how.workers, never_interrupted);
    CHECK(is_done);
    if (!is_done) break;
    std::vector<Fate> verdicts;
    bool are_new_and_unknown = true;
    for (const Name& name : names_in(drawing.questions())) {
      verdicts.push_back(wishes.judge(name));
      are_new_and_unknown = are_new_and_unknown && asked.insert(name).second && !wishes.unwanted.has(name) &&
                            !wishes.unwanted.has_near(name);
    }
    CHECK(are_new_and_unknown);
    const SampledNames given = drawing.settle(verdicts, missing);
    for (const Name& name : names_in(given.names)) result.names.push_back(name);
    result.log_probabilities.insert(result.log_probabilities.end(), given.log_probabilities.begin(),
                                    given.log_probabilities.end());
  }
  result.report = drawing.report();
  std::size_t all = 0;
  for (const std::size_t count : result.report.counts) all += count;
  CHECK_EQUAL(all, result.report.candidates);
  CHECK_EQUAL(result.names.size(), result.count(Fate::given));
  CHECK_EQUAL(result.names.size(), result.log_probabilities.size());
  return result;
}

using Shares = std::map<Name, double>;

// The share of each of the names that is wanted, in all names that begin with the prefix; those that are
// impossible are left out.
inline Shares shares_of_wanted(const Predictor& predictor, const Wishes& wishes,
                               const std::vector<Name>& names) {
  const std::size_t size = predictor.vocabulary_size();
  CharacterWeights by_rules(wishes.rules, size);
  std::map<Name, std::vector<double>> next;  // by letters
  const auto probability = [&](const Name& letters, CharacterId character) {
    const auto [place, is_new] = next.try_emplace(letters, size);
    std::vector<double>& weights = place->second;
    if (is_new) {
      by_rules.compute(next_character_log_probabilities(predictor, letters).data(), weights.data());
      double sum = 0.0;
      for (const double weight : weights) sum += weight;
      for (double& weight : weights) weight /= sum;
    }
    return weights[static_cast<std::size_t>(character)];
  };
  Shares shares;
  for (const Name& name : names) {
    if (!wishes.are_met_by(name)) continue;
    Name letters = wishes.conditions.prefix();
    double share = 1.0;
    for (std::size_t i = letters.size(); i < name.size(); ++i) {
      share *= probability(letters, name[i]);
      letters.push_back(name[i]);
    }
    if (share > 0.0) shares.emplace(name, share);
  }
  return shares;
}

// The same, of all names that meet the conditions.
inline Shares shares_of_wanted(const Predictor& predictor, const Wishes& wishes) {
  return shares_of_wanted(predictor, wishes, wanted_names(wishes.conditions));
}

inline double sum_of(const Shares& shares) {
  double sum = 0.0;
  for (const auto& [name, share] : shares) sum += share;
  return sum;
}

// What chi-square exceeds by chance less than once in a million times (Wilson and Hilferty, "The distribution
// of chi-square", 1931).
inline double unlikely_chi_square(std::size_t degrees_of_freedom) {
  const double k = static_cast<double>(degrees_of_freedom);
  const double root = 1.0 - 2.0 / (9.0 * k) + 4.9 * std::sqrt(2.0 / (9.0 * k));
  return k * root * root * root;
}

// Checks that names come as often as their shares say. Those that are expected less than five times count as
// one. `spread` is how many times more the counts vary than those of independent draws.
inline void check_frequencies(const std::vector<Name>& names, const Shares& shares, double spread = 1.0) {
  std::map<Name, double> counts;
  for (const Name& name : names) counts[name] += 1.0;
  for (const auto& [name, count] : counts) {
    const Context context("name ", shown(name));
    CHECK(shares.contains(name));
  }
  const double all = static_cast<double>(names.size()) / sum_of(shares);
  double rare_expected = 0.0, rare_count = 0.0, chi_square = 0.0;
  std::size_t kinds = 0;
  const auto add = [&](double expected, double count) {
    chi_square += (count - expected) * (count - expected) / expected;
    ++kinds;
  };
  for (const auto& [name, share] : shares) {
    const double count = counts.contains(name) ? counts[name] : 0.0;
    if (all * share >= 5.0) {
      add(all * share, count);
    } else {
      rare_expected += all * share;
      rare_count += count;
    }
  }
  if (rare_expected >= 5.0) {
    add(rare_expected, rare_count);
  } else {
    CHECK(rare_count <= 25.0);
  }
  if (kinds < 2) return;
  CHECK_NEAR(chi_square, 0.0, spread * unlikely_chi_square(kinds - 1));
}

}  // namespace dinorc::check
