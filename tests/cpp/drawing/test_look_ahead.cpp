// Rare names that are looked ahead to: found, weighed, and given nearly as often as the model says.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "check.hpp"
#include "dinorc/drawing/look_ahead.hpp"
#include "dinorc/drawing/name_drawing.hpp"
#include "dinorc/drawing/name_sampling.hpp"
#include "drawn_names.hpp"
#include "made_up_conditions.hpp"
#include "predictor_registry.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

using End = NameDrawing::End;

constexpr std::size_t vocabulary_size = 9;

// Names of one length that end with a few given letters are rare, and too many others begin in their way to
// be learned one by one.
const Name rare_suffix = {2, 5, 3};
constexpr std::size_t only_length = 7;

NameConditions rare_names(const Name& prefix = {}) {
  return NameConditions(automaton_of_suffix(vocabulary_size, rare_suffix), prefix, only_length, only_length);
}

Shares shares_of_rare(const Predictor& predictor, const Wishes& wishes) {
  std::vector<Name> names;
  for (Name name : all_names(vocabulary_size, only_length - rare_suffix.size(), wishes.conditions.prefix())) {
    name.pop_back();
    if (name.size() + rare_suffix.size() < only_length) continue;
    name.insert(name.end(), rare_suffix.begin(), rare_suffix.end());
    name.push_back(end_of_name);
    names.push_back(name);
  }
  return shares_of_wanted(predictor, wishes, names);
}

// Of thousands of names, the one letter.
Shares by_letter(const Shares& shares, std::size_t place) {
  Shares sums;
  for (const auto& [name, share] : shares) sums[{name[place]}] += share;
  return sums;
}

std::vector<Name> by_letter(const std::vector<Name>& names, std::size_t place) {
  std::vector<Name> letters;
  for (const Name& name : names) letters.push_back({name[place]});
  return letters;
}

// Calls function(predictor) for a few kinds: whatever the kind, the work is much the same.
template <typename Function>
void for_some_predictors(Function&& function) {
  {
    const Context context("n-grams");
    function(made_up_ngrams(vocabulary_size, 3, 1));
  }
  {
    const Context context("float32 lstm");
    CharacterNetwork<float> network = made_up_network(cell_registry<float>()[2], vocabulary_size, 11, 3);
    function(predictor_of(network));
  }
  const Context context("float64 gru");
  CharacterNetwork<double> network = made_up_network(cell_registry<double>()[1], vocabulary_size, 7, 0);
  function(predictor_of(network));
}

std::vector<Wishes> rare_wishes() {
  std::vector<Name> names;
  for (CharacterId letter = 1; letter < static_cast<CharacterId>(vocabulary_size); ++letter) {
    for (const CharacterId first : {1, 2, 4}) names.push_back({first, letter, 1, 6, 2, 5, 3, end_of_name});
  }
  const auto known = std::make_shared<KnownNames>(list_of(names));
  const auto judge = [](const Name& name) { return name[0] == 3 ? Fate::refused : Fate::given; };
  return {
      {"a suffix", rare_names()},
      {"a prefix and a suffix", rare_names({3})},
      {"names unlike known ones, and refused ones", rare_names(), {known, 2}, {}, judge},
      {"rules", rare_names(), {}, {.temperature = 1.3, .top_p = 0.99}},
  };
}

TEST("promises are above zero where a wanted name may begin so") {
  constexpr std::size_t characters = 4;
  const std::vector<NamedAutomaton> automata = usual_automata(characters);
  for_each_predictor(characters, [&](const Predictor& predictor) {
    for (const auto& [name, automaton] : automata) {
      const NameConditions conditions(automaton, {}, 1, 4);
      if (!conditions.can_be_met()) continue;
      const Context context(name);
      const LookAhead look_ahead(predictor, conditions, {}, 1, never_interrupted);
      CHECK(look_ahead.is_ready());
      std::set<Name> beginnings;
      for (const Name& wanted : wanted_names(conditions)) {
        for (std::size_t length = 1; length < wanted.size(); ++length) {
          beginnings.emplace(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(length));
        }
      }
      for (const Name& letters : beginnings) {
        NameConditions::State state = NameConditions::first_state;
        for (std::size_t i = 0; i < letters.size(); ++i) state = conditions.after(state, letters[i], i);
        const CharacterId last_but_one = letters.size() > 1 ? letters[letters.size() - 2] : no_character;
        const double promise = look_ahead.promise(last_but_one, letters.back(), state, letters.size());
        CHECK(promise > 0.0 && promise <= 1.0 + 1e-12);
      }
    }
  });
}

// The mean of the weights, refused candidates counting as zero, is the share of the names that meet the
// conditions; and so it is for each of them alone.
TEST("weights make up for what is preferred") {
  constexpr std::size_t count = 3000;
  for_some_predictors([](const Predictor& predictor) {
    for (const Wishes& wishes :
         {Wishes{"a suffix", rare_names()}, Wishes{"from a prefix", rare_names({3, 1})}}) {
      const Context context(wishes.name);
      const LookAhead look_ahead(predictor, wishes.conditions, wishes.rules, 5, never_interrupted);
      const NameRequest request{.seed = 5,
                                .count = count,
                                .wants_log_probabilities = true,
                                .wanted = {.conditions = &wishes.conditions, .look_ahead = &look_ahead}};
      const SampledNames sampled = sample_names(predictor, request, 1, never_interrupted);
      const std::vector<Name> names = names_in(sampled.names);
      const Shares shares = shares_of_rare(predictor, wishes);
      bool are_wanted = true;  // it always knows a way on
      double sum = 0.0, squares = 0.0;
      std::map<Name, std::vector<double>> weights_of_name;
      for (std::size_t i = 0; i < count; ++i) {
        are_wanted = are_wanted && sampled.is_refused[i] == 0 && shares.contains(names[i]);
        sum += sampled.weights[i];
        squares += sampled.weights[i] * sampled.weights[i];
        weights_of_name[names[i]].push_back(sampled.weights[i]);
      }
      CHECK(are_wanted);
      if (!are_wanted) continue;
      const double mean = sum / count;
      const double error = std::sqrt((squares / count - mean * mean) / count);
      CHECK_NEAR(mean, sum_of(shares), 5.0 * error + 1e-6 * mean);
      for (const auto& [name, weights] : weights_of_name) {
        const auto times = static_cast<double>(weights.size());
        CHECK(weights == std::vector<double>(weights.size(), weights[0]));  // a weight is the name's own
        if (times < 20.0) continue;
        const double share = shares.at(name);
        CHECK_NEAR(times * weights[0] / count, share,
                   5.0 * share / std::sqrt(times * (1.0 - times / count + 0.01)));
      }
    }
  });
}

TEST("rare names are found, and their share is estimated as well as the estimate says") {
  for_some_predictors([](const Predictor& predictor) {
    for (const Wishes& wishes : rare_wishes()) {
      const Context context(wishes.name);
      const Shares shares = shares_of_rare(predictor, wishes);
      const Drawn names = drawn(predictor, wishes, 1'000'000, {.most_candidates = 2032 + 4096});
      CHECK(names.report.end == End::most_candidates);
      CHECK(names.report.pool > 30.0);
      CHECK(!names.names.empty());
      bool are_wanted = true;
      for (const Name& name : names.names) are_wanted = are_wanted && shares.contains(name);
      CHECK(are_wanted);
      const ShareEstimate& estimate = names.report.share;
      CHECK_EQUAL(estimate.draws, 4096.0);  // what came before the look ahead does not count
      CHECK_NEAR(estimate.share(), sum_of(shares), 5.0 * std::sqrt(estimate.variance()));
      CHECK(std::sqrt(estimate.variance()) < 0.3 * sum_of(shares));
    }
  });
}

TEST("draws that were not followed by a look ahead still count") {
  const Wishes wishes{"a suffix", rare_names()};
  const Drawn names =
      drawn(made_up_ngrams(vocabulary_size, 3, 1), wishes, 1'000'000, {.most_candidates = 2032});
  CHECK(names.report.end == End::most_candidates);
  CHECK_EQUAL(names.report.pool, 0.0);
  CHECK_EQUAL(names.report.share.draws, 2032.0);
}

// Chosen from pools, names vary more than independent draws: a pool is four times as large as what is taken
// of it, as independent draws count.
TEST("rare names follow the model's distribution, nearly") {
  for_some_predictors([](const Predictor& predictor) {
    for (const Wishes& wishes : rare_wishes()) {
      const Context context(wishes.name);
      const Shares shares = shares_of_rare(predictor, wishes);
      const Drawn names = drawn(predictor, wishes, 2000);
      CHECK(names.report.end == End::complete);
      CHECK(names.report.pool > 0.0);
      for (std::size_t place = 0; place < only_length - rare_suffix.size(); ++place) {
        const Context context_of_place("place ", place);
        check_frequencies(by_letter(names.names, place), by_letter(shares, place), 2.0);
      }
    }
  });
}

TEST("without replacement, no rare name comes twice") {
  const NGramPredictor predictor = made_up_ngrams(vocabulary_size, 3, 1);
  const Wishes wishes{"a suffix", rare_names()};
  const Drawn names = drawn(predictor, wishes, 12, {.is_unique = true});
  CHECK(names.report.end == End::complete);
  CHECK(names.report.pool > 0.0);
  CHECK(names.count(Fate::not_chosen) > 0);
  CHECK_EQUAL(std::set<Name>(names.names.begin(), names.names.end()).size(), 12);
}

TEST("rare names are the same for any number of workers, and however many are asked for at a time") {
  const NGramPredictor ngrams = made_up_ngrams(vocabulary_size, 3, 1);
  CharacterNetwork<double> network = made_up_network(cell_registry<double>()[1], vocabulary_size, 7, 0);
  const NetworkPredictor<double> gru = predictor_of(network);
  for (const Predictor* const predictor :
       {static_cast<const Predictor*>(&ngrams), static_cast<const Predictor*>(&gru)}) {
    const Wishes wishes{"a suffix", rare_names()};
    for (const bool is_unique : {false, true}) {
      const Drawn expected = drawn(*predictor, wishes, 25, {.is_unique = is_unique});
      CHECK(expected.report.pool > 0.0);
      for (const HowToDraw& how : {HowToDraw{.is_unique = is_unique, .workers = 3},
                                   HowToDraw{.is_unique = is_unique, .at_a_time = 1}}) {
        const Drawn again = drawn(*predictor, wishes, 25, how);
        CHECK(again.names == expected.names);
        CHECK_EQUAL(again.report.counts, expected.report.counts);
        CHECK_SAME_BITS(again.report.share.sum, expected.report.share.sum);
      }
      for (const std::size_t count : {1, 10}) {
        const Drawn first = drawn(*predictor, wishes, count, {.is_unique = is_unique});
        CHECK_EQUAL(first.names.size(), count);
        CHECK(std::equal(first.names.begin(), first.names.end(), expected.names.begin()));
      }
    }
  }
}

TEST("every instruction set finds the same rare names") {
  const Wishes wishes{"a suffix", rare_names()};
  check_every_instruction_set(vocabulary_size, [&wishes](const Predictor& predictor) {
    const Drawn names = drawn(predictor, wishes, 10, {.most_candidates = 2032 + 500});
    return std::tuple(names.names, names.log_probabilities, names.report.share.sum, names.report.pool);
  });
}

TEST("a look ahead that is interrupted promises nothing, and its drawing ends") {
  CharacterNetwork<float> network = made_up_network(cell_registry<float>()[2], 7, 128, 0);
  network.parameters().output_bias()[end_of_name] = -30.0F;  // names hardly ever end
  const NetworkPredictor<float> predictor(network);
  const NameConditions conditions(NameAutomaton::of_any_name(7), {}, 0, 500);
  std::size_t questions = 0;
  const LookAhead look_ahead(predictor, conditions, {}, 1, [&questions] { return ++questions == 1; });
  CHECK(!look_ahead.is_ready());
  CHECK_EQUAL(questions, 1);
}

}  // namespace
}  // namespace dinorc::check
