// The log-probabilities of names: sums over their characters, whatever else is scored.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "made_up_network.hpp"
#include "predictor_registry.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t vocabulary_size = 6;
constexpr double unknown = -7.5;

std::vector<double> scores_of(const Predictor& predictor, const std::vector<Name>& names,
                              std::size_t workers = 1) {
  std::vector<double> scores(names.size(), 99.0);
  CHECK(score_names(predictor, list_of(names), unknown, workers, never_interrupted, scores));
  return scores;
}

double sum_of(const std::vector<double>& numbers) {
  double sum = 0.0;
  for (const double number : numbers) sum += number;
  return sum;
}

// Several turns of several workers' parts, with characters that no model knows.
std::vector<Name> usual_names() {
  std::vector<Name> names = made_up_names(1500, vocabulary_size, 9, 106);
  for (std::size_t i = 0; i < names.size(); i += 7) names[i].insert(names[i].begin(), no_character);
  return names;
}

TEST("a score is the sum over the characters, in their order") {
  for_each_predictor(vocabulary_size, [](const Predictor& predictor) {
    const std::vector<Name> names = made_up_names(300, vocabulary_size, 9, 107);
    const std::vector<double> scores = scores_of(predictor, names);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::vector<double> characters = score_characters(predictor, names[i], unknown);
      CHECK_EQUAL(characters.size(), names[i].size());
      CHECK_SAME_BITS(scores[i], sum_of(characters));
      for (const double nats : characters) CHECK(nats <= 0.0);
    }
  });
}

TEST("a score depends on nothing else that is scored, nor on the team") {
  const std::vector<Name> names = usual_names();
  for_each_predictor(vocabulary_size, [&](const Predictor& predictor) {
    const std::vector<double> expected = scores_of(predictor, names);
    for (const std::size_t workers : team_sizes) {
      const Context context(workers, " workers");
      CHECK_SAME_BITS(scores_of(predictor, names, workers), expected);
    }
    for (std::size_t i = 0; i < names.size(); i += 50) {
      CHECK_SAME_BITS(scores_of(predictor, {names[i]})[0], expected[i]);
    }
    const std::vector<Name> backwards(names.rbegin(), names.rend());
    CHECK_SAME_BITS(scores_of(predictor, backwards, 2),
                    std::vector<double>(expected.rbegin(), expected.rend()));
  });
}

TEST("each character of many names has the bits that it has alone") {
  const std::vector<Name> names = made_up_names(900, vocabulary_size, 9, 109);
  const NameList list = list_of(names);
  for_each_predictor(vocabulary_size, [&](const Predictor& predictor) {
    std::vector<double> expected;
    for (const Name& name : names) {
      const std::vector<double> characters = score_characters(predictor, name, unknown);
      expected.insert(expected.end(), characters.begin(), characters.end());
    }
    for (const std::size_t workers : {1, 3}) {
      std::vector<double> actual(list.characters.size(), 99.0);
      CHECK(score_each_character(predictor, list, workers, never_interrupted, actual));
      CHECK_SAME_BITS(actual, expected);
    }
  });
}

TEST("every instruction set gives the same bits") {
  const std::vector<Name> names = made_up_names(100, vocabulary_size, 9, 108);
  check_every_instruction_set(vocabulary_size,
                              [&](const Predictor& predictor) { return scores_of(predictor, names); });
}

TEST("scoring again changes nothing") {
  const std::vector<Name> names = usual_names();
  for_each_predictor(vocabulary_size, [&](const Predictor& predictor) {
    const std::vector<double> expected = scores_of(predictor, names, 2);
    CHECK_SAME_BITS(scores_of(predictor, names, 2), expected);
  });
}

// The names of up to `longest` characters of {1, 2}, or those of exactly that length.
std::vector<Name> all_names(std::size_t longest, bool of_that_length_only) {
  std::vector<Name> names, shorter = {{}};
  for (std::size_t length = 0; length <= longest; ++length) {
    std::vector<Name> longer;
    for (const Name& letters : shorter) {
      if (!of_that_length_only || length == longest) {
        names.push_back(letters);
        names.back().push_back(end_of_name);
      }
      for (const CharacterId letter : {1, 2}) {
        longer.push_back(letters);
        longer.back().push_back(letter);
      }
    }
    shorter = longer;
  }
  return names;
}

TEST("the probabilities of all names and of all unfinished ones sum to 1") {
  for_each_predictor(3, [](const Predictor& predictor) {
    const double tolerance = predictor.float_type() == FloatType::float64 ? 1e-14 : 1e-6;
    for (const std::size_t longest : {0, 1, 5}) {
      const Context context("up to ", longest, " characters");
      double ended = 0.0, going_on = 0.0;
      for (const double score : scores_of(predictor, all_names(longest, false))) ended += std::exp(score);
      for (const Name& name : all_names(longest + 1, true)) {
        const std::vector<double> characters = score_characters(predictor, name, unknown);
        going_on += std::exp(sum_of(characters) - characters.back());
      }
      CHECK(ended > 0.0 && ended < 1.0);
      CHECK_NEAR(ended + going_on, 1.0, tolerance);
    }
  });
}

TEST("an unknown character counts as the argument says, and is read as unknown") {
  for_each_predictor(vocabulary_size, [](const Predictor& predictor) {
    const std::vector<double> unknown_first = score_characters(predictor, Name{no_character, 2, 0}, unknown);
    CHECK_SAME_BITS(unknown_first[0], unknown);
    CHECK(unknown_first[1] != score_characters(predictor, Name{2, 0}, unknown)[0]);  // the state has moved on

    // What comes before it is not touched by it, and what comes after depends on where it stands.
    const std::vector<double> known = score_characters(predictor, Name{1, 2, 3, 0}, unknown);
    const std::vector<double> inside = score_characters(predictor, Name{1, no_character, 3, 0}, unknown);
    CHECK_SAME_BITS(inside[0], known[0]);
    CHECK_SAME_BITS(inside[1], unknown);
    CHECK(inside[2] != known[2]);

    for (const double told : {0.0, -3.25, -std::numeric_limits<double>::infinity()}) {
      const std::vector<double> characters = score_characters(predictor, Name{1, no_character, 3, 0}, told);
      CHECK_SAME_BITS(characters[1], told);
      CHECK_SAME_BITS(characters[2], inside[2]);
    }
  });
}

TEST("unknown characters beside known ones are told apart") {
  for_each_predictor(vocabulary_size, [](const Predictor& predictor) {
    const std::vector<Name> names = {{1, no_character, 0}, {1, 0},
                                     {no_character, 0},    {1, 1, 0},
                                     {no_character, 1, 0}, {1, no_character, 1, 0}};
    const std::vector<double> together = scores_of(predictor, names);
    for (std::size_t i = 0; i < names.size(); ++i) {
      CHECK_SAME_BITS(together[i], sum_of(score_characters(predictor, names[i], unknown)));
    }
  });
}

// Long names, so that the work takes many times as long as the scorer waits between two questions.
TEST("an interrupted scorer says so") {
  CharacterNetwork<float> network = made_up_network(cell_registry<float>()[2], vocabulary_size, 64, 0);
  const NetworkPredictor<float> predictor(network);
  const std::vector<Name> names = made_up_names(30000, vocabulary_size, 40, 109);
  std::vector<double> scores(names.size());
  for (const std::size_t workers : {1, 2}) {
    int questions = 0;
    CHECK(
        !score_names(predictor, list_of(names), unknown, workers, [&] { return ++questions == 1; }, scores));
    CHECK_EQUAL(questions, 1);
  }
}

}  // namespace
}  // namespace dinorc::check
