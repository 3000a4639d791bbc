// Names under conditions: as often as the model says, with replacement and without, whoever asks and how.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "check.hpp"
#include "dinorc/drawing/name_drawing.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "drawn_names.hpp"
#include "made_up_conditions.hpp"
#include "predictor_registry.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

using End = NameDrawing::End;

constexpr std::size_t vocabulary_size = 4;
constexpr std::size_t everything = 1'000'000;

NameConditions any_name(std::size_t min_length, std::size_t max_length, const Name& prefix = {},
                        std::size_t characters = vocabulary_size) {
  return NameConditions(NameAutomaton::of_any_name(characters), prefix, min_length, max_length);
}

std::shared_ptr<const KnownNames> made_up_known_names(std::size_t count,
                                                      std::size_t characters = vocabulary_size) {
  return std::make_shared<KnownNames>(list_of(made_up_names(count, characters, 3, 21)));
}

// Refuses about half of the names, for one reason or the other.
Fate refuse_half(const Name& name) {
  std::size_t sum = 0;
  for (const CharacterId letter : name) sum = 3 * sum + static_cast<std::size_t>(letter);
  return sum % 4 == 1 ? Fate::refused : sum % 4 == 2 ? Fate::malformed : Fate::given;
}

std::vector<Wishes> usual_wishes() {
  const auto known = made_up_known_names(12);
  std::vector<Wishes> wishes;
  for (const auto& [name, automaton] : usual_automata(vocabulary_size)) {
    const NameConditions conditions(automaton, {}, 0, 4);
    if (conditions.can_be_met()) wishes.push_back({name, conditions});
  }
  const NameAutomaton suffix = automaton_of_suffix(vocabulary_size, {2});
  wishes.push_back({"a prefix", any_name(0, 5, {3, 1})});
  wishes.push_back({"a prefix, a suffix and a length", NameConditions(suffix, {2}, 3, 4)});
  wishes.push_back({"a prefix that is all", any_name(0, 2, {3, 1})});
  wishes.push_back({"no known name", any_name(1, 4), {known}});
  wishes.push_back({"no name like a known one", any_name(1, 5, {2}), {known, 2}});
  wishes.push_back({"refused ones", any_name(0, 4), {}, {}, refuse_half});
  wishes.push_back({"a temperature", any_name(2, 4), {known}, {.temperature = 0.6}});
  wishes.push_back({"the likeliest letters", any_name(0, 5), {}, {.top_k = 3}});
  wishes.push_back({"all rules, a prefix, known and refused names",
                    NameConditions(automaton_of_suffix(vocabulary_size, {3}), {1}, 2, 5),
                    {known},
                    {.temperature = 1.7, .top_k = 3, .top_p = 0.95},
                    refuse_half});
  return wishes;
}

TEST("with replacement, names follow the model's distribution under the conditions") {
  const std::vector<Wishes> all_wishes = usual_wishes();
  for_each_predictor(vocabulary_size, [&](const Predictor& predictor) {
    for (const Wishes& wishes : all_wishes) {
      const Context context(wishes.name);
      const Shares shares = shares_of_wanted(predictor, wishes);
      if (shares.empty()) continue;
      const Drawn names = drawn(predictor, wishes, 1000);
      CHECK(names.report.end == End::complete);
      CHECK_EQUAL(names.report.pool, 0.0);
      CHECK_EQUAL(names.names.size(), 1000);
      CHECK_EQUAL(names.count(Fate::duplicate), 0);
      check_frequencies(names.names, shares);
    }
  });
}

// The shares of the names that are given as number 0, 1, ..., each from what the ones before it have left.
std::vector<Shares> shares_by_place(const Shares& shares) {
  const std::vector<std::pair<Name, double>> names(shares.begin(), shares.end());
  std::vector<Shares> result(names.size());
  std::vector<double> chances(std::size_t{1} << names.size(), 0.0);  // by the set of names that were given
  chances[0] = 1.0;
  for (std::size_t given = 0; given + 1 < chances.size(); ++given) {
    double left = 0.0;
    std::size_t place = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if ((given >> i & 1) == 0) left += names[i].second;
      place += given >> i & 1;
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      if ((given >> i & 1) != 0) continue;
      const double chance = chances[given] * names[i].second / left;
      chances[given | std::size_t{1} << i] += chance;
      result[place][names[i].first] += chance;
    }
  }
  return result;
}

TEST("without replacement, each name follows the distribution of those that are left") {
  constexpr std::size_t characters = 3, seeds = 200;
  const std::vector<Wishes> all_wishes = {
      {"known names", any_name(1, 3, {}, characters), {made_up_known_names(8, characters)}},
      {"refused names and a suffix",
       NameConditions(automaton_of_suffix(characters, {1}), {}, 0, 3),
       {},
       {.temperature = 1.2},
       [](const Name& name) { return name.size() == 3 ? Fate::refused : Fate::given; }},
  };
  for_each_predictor(characters, [&](const Predictor& predictor) {
    for (const Wishes& wishes : all_wishes) {
      const Context context(wishes.name);
      const std::vector<Shares> expected = shares_by_place(shares_of_wanted(predictor, wishes));
      std::vector<std::vector<Name>> names(expected.size());  // by place, for all seeds
      for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const Drawn each = drawn(predictor, wishes, expected.size(), {.seed = seed, .is_unique = true});
        CHECK_EQUAL(each.names.size(), expected.size());
        for (std::size_t i = 0; i < each.names.size(); ++i) names[i].push_back(each.names[i]);
      }
      for (std::size_t place = 0; place < expected.size(); ++place) {
        const Context context_of_place("place ", place);
        check_frequencies(names[place], expected[place]);
      }
    }
  });
}

TEST("all names are found, each once, and then no other one") {
  const std::vector<Wishes> all_wishes = usual_wishes();
  for_each_predictor(vocabulary_size, [&](const Predictor& predictor) {
    for (const Wishes& wishes : all_wishes) {
      const Context context(wishes.name);
      const Drawn names = drawn(predictor, wishes, everything, {.is_unique = true});
      CHECK(names.report.end == End::no_other_name);
      CHECK(!names.report.tree_is_full);
      const std::set<Name> distinct(names.names.begin(), names.names.end());
      CHECK_EQUAL(distinct.size(), names.names.size());
      std::set<Name> expected;
      for (const auto& [name, share] : shares_of_wanted(predictor, wishes)) expected.insert(name);
      CHECK(distinct == expected);
    }
  });
}

// At a low temperature nearly all the probability is in a few names, and the others are lost beside them in
// rounding.
TEST("all names are found, however little of the probability is theirs") {
  for_each_predictor(3, [](const Predictor& predictor) {
    for (const double temperature : {0.1, 0.05, 0.03}) {
      const Context context("temperature ", temperature);
      const Wishes wishes{"any name", any_name(0, 3, {}, 3), {}, {.temperature = temperature}};
      const Drawn names = drawn(predictor, wishes, everything, {.is_unique = true});
      CHECK(names.report.end == End::no_other_name);
      CHECK_EQUAL(names.names.size(), shares_of_wanted(predictor, wishes).size());
    }
  });
}

TEST("log-probabilities are those of the scorer to the bit") {
  const std::vector<Wishes> all_wishes = usual_wishes();
  for_each_predictor(vocabulary_size, [&](const Predictor& predictor) {
    for (const Wishes& wishes : all_wishes) {
      const Drawn names = drawn(predictor, wishes, 30);
      if (names.names.empty()) continue;
      std::vector<double> scores(names.names.size());
      CHECK(score_names(predictor, list_of(names.names), 0.0, 1, never_interrupted, scores));
      CHECK_SAME_BITS(names.log_probabilities, scores);
    }
  });
}

void check_same(const Drawn& names, const Drawn& expected) {
  CHECK(names.names == expected.names);
  CHECK_SAME_BITS(names.log_probabilities, expected.log_probabilities);
  CHECK(names.report.end == expected.report.end);
  CHECK_EQUAL(names.report.candidates, expected.report.candidates);
  CHECK_EQUAL(names.report.counts, expected.report.counts);
  CHECK_SAME_BITS(names.report.share.share(), expected.report.share.share());
  CHECK_SAME_BITS(names.report.share.variance(), expected.report.share.variance());
}

TEST("names are the same for any number of workers, and however many are asked for at a time") {
  const auto known = made_up_known_names(30);
  const std::vector<Wishes> all_wishes = {
      {"a suffix", NameConditions(automaton_of_suffix(vocabulary_size, {2, 1}), {}, 0, 6), {known}},
      {"refused names", any_name(0, 5), {known, 2}, {.temperature = 1.5}, refuse_half},
  };
  for_each_predictor(vocabulary_size, [&](const Predictor& predictor) {
    for (const Wishes& wishes : all_wishes) {
      for (const bool is_unique : {false, true}) {
        const Context context(wishes.name, is_unique ? ", unique" : "");
        const Drawn expected = drawn(predictor, wishes, 700, {.is_unique = is_unique});
        for (const std::size_t workers : {2, 3}) {
          check_same(drawn(predictor, wishes, 700, {.is_unique = is_unique, .workers = workers}), expected);
        }
        for (const std::size_t at_a_time : {1, 100, 699}) {
          check_same(drawn(predictor, wishes, 700, {.is_unique = is_unique, .at_a_time = at_a_time}),
                     expected);
        }
        for (const std::size_t count : {1, 10, 20, 100}) {
          const std::size_t given = std::min(count, expected.names.size());
          const Drawn first = drawn(predictor, wishes, count, {.is_unique = is_unique});
          CHECK_EQUAL(first.names.size(), given);
          CHECK(std::equal(first.names.begin(), first.names.end(), expected.names.begin()));
        }
        CHECK(drawn(predictor, wishes, 20, {.seed = 2}).names != drawn(predictor, wishes, 20).names);
      }
    }
  });
}

TEST("every instruction set draws the same names") {
  const Wishes wishes{"a suffix",
                      NameConditions(automaton_of_suffix(vocabulary_size, {2}), {}, 0, 5),
                      {made_up_known_names(30)},
                      {.temperature = 0.9}};
  check_every_instruction_set(vocabulary_size, [&wishes](const Predictor& predictor) {
    const Drawn names = drawn(predictor, wishes, 60, {.is_unique = true});
    return std::tuple(names.names, names.log_probabilities, names.report.counts, names.report.share.sum,
                      names.report.share.variance_sum);
  });
}

TEST("the report says what became of the candidates") {
  const NGramPredictor predictor = made_up_ngrams(vocabulary_size, 3, 1);
  const auto known = made_up_known_names(12);
  const Wishes wishes{"all of it",
                      NameConditions(automaton_of_suffix(vocabulary_size, {2}), {}, 0, 5),
                      {known, 2},
                      {},
                      refuse_half};
  const Drawn names = drawn(predictor, wishes, 45, {.is_unique = true});
  CHECK(names.report.end == End::complete);
  CHECK_EQUAL(names.count(Fate::given), 45);
  for (const Fate fate :
       {Fate::unfit, Fate::excluded, Fate::near, Fate::refused, Fate::malformed, Fate::duplicate}) {
    CHECK(names.count(fate) > 0);
  }
  CHECK_EQUAL(names.count(Fate::not_chosen), 0);
}

TEST("the drawing ends with the last candidate that it may have") {
  const NGramPredictor predictor = made_up_ngrams(vocabulary_size, 3, 1);
  const Wishes wishes{"any name", any_name(0, 6)};
  for (const std::size_t most : {1, 15, 16, 17, 48, 1000, 2032, 5000}) {
    const Context context(most, " candidates");
    const Drawn names = drawn(predictor, wishes, everything, {.most_candidates = most});
    CHECK(names.report.end == End::most_candidates);
    CHECK_EQUAL(names.report.candidates, most);
  }
}

TEST("the share of the wanted names is estimated as well as the estimate says") {
  const std::vector<Wishes> all_wishes = usual_wishes();
  for_each_predictor(vocabulary_size, [&](const Predictor& predictor) {
    for (const Wishes& wishes : all_wishes) {
      for (const bool is_unique : {false, true}) {
        const Context context(wishes.name, is_unique ? ", unique" : "");
        const double share = sum_of(shares_of_wanted(predictor, wishes));
        const ShareEstimate estimate =
            drawn(predictor, wishes, everything, {.is_unique = is_unique, .most_candidates = 2000})
                .report.share;
        CHECK_NEAR(estimate.share(), share, 5.0 * std::sqrt(estimate.variance()) + 1e-6);
        CHECK(estimate.variance() < 0.3 / 2000.0);
      }
    }
  });
}

TEST("a probability that is not a number is an error") {
  for_each_type([]<typename Real>() {
    CharacterNetwork<Real> network = made_up_network(cell_registry<Real>()[2], vocabulary_size, 5, 0);
    network.parameters().output_bias()[1] = std::numeric_limits<Real>::quiet_NaN();
    const NetworkPredictor<Real> predictor(network);
    for (const SamplingRules& rules : {SamplingRules{}, SamplingRules{0.5, 2, 0.9}}) {
      for (const std::size_t workers : {1, 2}) {
        const Wishes wishes{"any name", any_name(0, 5), {}, rules};
        CHECK_THROWS(std::domain_error, drawn(predictor, wishes, 10, {.workers = workers}));
      }
    }
  });
}

TEST("an interrupted drawing says so") {
  CharacterNetwork<float> network = made_up_network(cell_registry<float>()[2], 7, 64, 0);
  network.parameters().output_bias()[end_of_name] = -30.0F;  // names hardly ever end
  const NetworkPredictor<float> predictor(network);
  const NameConditions conditions = any_name(0, 500, {}, 7);
  for (const std::size_t workers : {1, 2}) {
    NameDrawing drawing(conditions, {}, {.most_candidates = everything});
    std::size_t questions = 0;
    bool is_done = true;
    while (is_done && drawing.report().end == End::none) {
      is_done = drawing.draw(predictor, everything, workers, [&questions] { return ++questions == 2; });
      if (is_done) drawing.settle(std::vector<Fate>(drawing.questions().size(), Fate::given), everything);
    }
    CHECK(!is_done);
    CHECK_EQUAL(questions, 2);
  }
}

}  // namespace
}  // namespace dinorc::check
