// The most probable names, against a search through all names.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <utility>
#include <vector>

#include "check.hpp"
#include "dinorc/drawing/most_likely_names.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "made_up_conditions.hpp"
#include "made_up_network.hpp"
#include "predictor_registry.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

using End = MostLikelyNames::End;

constexpr std::size_t plenty = std::size_t{1} << 30;
constexpr std::size_t vocabulary_size = 4;
constexpr double infinity = std::numeric_limits<double>::infinity();

struct Ranking {
  std::vector<Name> names;
  std::vector<double> log_probabilities;
};

// Of 1 to `longest` characters.
NameConditions names_of_up_to(std::size_t longest, const Name& prefix = {},
                              std::size_t vocabulary = vocabulary_size) {
  return NameConditions(NameAutomaton::of_any_name(vocabulary), prefix, 1, longest);
}

MostLikelyNames found_names(const Predictor& predictor, const NameConditions& conditions, std::size_t count,
                            std::size_t most_bytes = plenty,
                            const Interrupted& interrupted = never_interrupted,
                            const UnwantedNames& unwanted = {}) {
  return most_likely_names(predictor, {conditions, unwanted, count, most_bytes}, interrupted);
}

// By a search through all names.
Ranking ranking(const Predictor& predictor, std::size_t count, const NameConditions& conditions,
                const UnwantedNames& unwanted = {}) {
  std::vector<Name> names = wanted_names(conditions);
  std::erase_if(names, [&](const Name& name) { return unwanted.has(name) || unwanted.has_near(name); });
  std::vector<double> scores(names.size());
  CHECK(score_names(predictor, list_of(names), 0.0, 1, never_interrupted, scores));
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return scores[a] != scores[b] ? scores[a] > scores[b] : names[a] < names[b];
  });
  Ranking result;
  for (const std::size_t i : order) {
    if (result.names.size() == count || scores[i] == -infinity) break;
    result.names.push_back(names[i]);
    result.log_probabilities.push_back(scores[i]);
  }
  return result;
}

void check_names(const MostLikelyNames& found, const Ranking& expected) {
  CHECK_EQUAL(found.names.size(), expected.names.size());
  if (found.names.size() != expected.names.size()) return;
  for (std::size_t i = 0; i < expected.names.size(); ++i) {
    const CharacterIds name = found.names[i];
    CHECK_EQUAL(Name(name.begin(), name.end()), expected.names[i]);
  }
  CHECK_SAME_BITS(found.log_probabilities, expected.log_probabilities);
}

void check_search(const Predictor& predictor, std::size_t count, std::size_t longest,
                  const Name& prefix = {}) {
  const Context context(count, " names of up to ", longest, " characters behind ", prefix.size());
  const NameConditions conditions = names_of_up_to(longest, prefix, predictor.vocabulary_size());
  const MostLikelyNames found = found_names(predictor, conditions, count);
  CHECK(found.end == End::complete);
  check_names(found, ranking(predictor, count, conditions));
}

template <typename Real>
void check_search(CharacterNetwork<Real>& network, std::size_t count, std::size_t longest,
                  const Name& prefix = {}) {
  check_search(predictor_of(network), count, longest, prefix);
}

template <typename Real>
CharacterNetwork<Real> usual_network(std::uint64_t seed = 101) {
  return made_up_network(cell_registry<Real>()[2], vocabulary_size, 11, 3, seed);
}

// A network without weights, for which each character is as probable as its bias says, wherever it stands.
template <typename Real>
CharacterNetwork<Real> network_of_biases(const std::vector<Real>& biases) {
  CharacterNetwork<Real> network(cell_registry<Real>()[0], biases.size(), 2, 0);
  std::copy(biases.begin(), biases.end(), network.parameters().output_bias().data);
  return network;
}

TEST("the names are those that a search through all names finds") {
  for_each_predictor(vocabulary_size, [](const Predictor& predictor) {
    for (const std::size_t count : {1, 10, 100}) check_search(predictor, count, 6);
  });
}

TEST("every instruction set finds the same") {
  check_every_instruction_set(vocabulary_size, [](const Predictor& predictor) {
    const MostLikelyNames found = found_names(predictor, names_of_up_to(6), 100);
    return std::pair(found.names.characters, found.log_probabilities);
  });
}

TEST("all names can be asked for, and more than there are") {
  for_each_type([]<typename Real>() {
    CharacterNetwork<Real> network = usual_network<Real>();
    for (const std::size_t longest : {1, 2, 6}) check_search(network, 5000, longest);
  });
}

TEST("names that are much more or less probable than others") {
  for_each_type([]<typename Real>() {
    for (const Real scale : {Real{4}, Real{30}}) {
      for (const std::uint64_t seed : {103, 104, 105}) {
        CharacterNetwork<Real> network = usual_network<Real>(seed);
        const VectorView<Real> all = network.parameters().all();
        for (std::size_t i = 0; i < all.size; ++i) all[i] = all[i] * scale;
        for (const std::size_t count : {3, 300, 2000}) check_search(network, count, 6);
      }
    }
  });
}

TEST("all names begin with the prefix") {
  for_each_predictor(vocabulary_size, [](const Predictor& predictor) {
    for (const Name& prefix : {Name{1}, Name{2, 3}, Name{3, 3, 1}, Name{1, 2, 3, 1, 2, 3}}) {
      for (const std::size_t count : {1, 20, 2000}) check_search(predictor, count, 6, prefix);
    }
  });
}

TEST("all names meet the conditions, whatever these are") {
  const std::vector<NamedAutomaton> automata = usual_automata(vocabulary_size);
  for_each_predictor(vocabulary_size, [&automata](const Predictor& predictor) {
    for (const auto& [name, automaton] : automata) {
      for (const Name& prefix : {Name{}, Name{2}}) {
        for (const auto& [min_length, max_length] : {std::pair{0, 5}, {3, 4}}) {
          const NameConditions conditions(automaton, prefix, static_cast<std::size_t>(min_length),
                                          static_cast<std::size_t>(max_length));
          if (!conditions.can_be_met()) continue;
          const Context context(name, ", prefix ", shown(prefix), ", ", min_length, " to ", max_length);
          for (const std::size_t count : {5, 500}) {
            const MostLikelyNames found = found_names(predictor, conditions, count);
            CHECK(found.end == End::complete);
            check_names(found, ranking(predictor, count, conditions));
          }
        }
      }
    }
  });
}

TEST("known names, and what is like them, are left out") {
  const auto known = std::make_shared<KnownNames>(list_of(made_up_names(40, vocabulary_size, 4, 7)));
  const std::vector<NamedAutomaton> automata = usual_automata(vocabulary_size);
  for_each_predictor(vocabulary_size, [&](const Predictor& predictor) {
    for (const UnwantedNames& unwanted : {UnwantedNames{known}, UnwantedNames{known, 2}}) {
      for (const std::size_t i : {std::size_t{0}, std::size_t{4}}) {
        const NameConditions conditions(automata[i].automaton, {}, 1, 5);
        const Context context(automata[i].name, ", distance ", unwanted.min_distance);
        for (const std::size_t count : {5, 500}) {
          const MostLikelyNames found =
              found_names(predictor, conditions, count, plenty, never_interrupted, unwanted);
          CHECK(found.end == End::complete);
          check_names(found, ranking(predictor, count, conditions, unwanted));
        }
      }
    }
  });
}

TEST("of equally probable names the lower comes first") {
  for_each_type([]<typename Real>() {
    for (const std::vector<Real>& biases : {
             std::vector<Real>{0, 0, 0, 0},            // by length alone
             std::vector<Real>{0, -2, -2, 1},          // by how many characters of each kind
             std::vector<Real>{-20000, 0, -20000, 0},  // an end costs more than any letter
             std::vector<Real>{-20000, 0, -20000},     // ... and one letter nothing at all
             std::vector<Real>{0, 0, -20000, -20000},  // an end and a letter
         }) {
      CharacterNetwork<Real> network = network_of_biases(biases);
      for (const std::size_t count : {1, 7, 50, 100, 400}) check_search(network, count, 5);
      for (const std::size_t count : {1, 7, 50}) check_search(network, count, 5, {2});
    }
  });
}

// Beside 1e17, what follows is lost in rounding: a prefix is then as probable as all that continues it.
TEST("a prefix that is as probable as its names") {
  CharacterNetwork<double> network = network_of_biases<double>({0.0, -1e17, 0.0, -2.0});
  for (const std::size_t count : {1, 5, 40, 60, 100, 200, 400}) {
    check_search(network, count, 5);
    check_search(network, count, 5, {1});
    check_search(network, count, 5, {3, 1});
  }
}

TEST("names that are impossible are left out") {
  for_each_type([]<typename Real>() {
    constexpr Real never = -std::numeric_limits<Real>::infinity();
    CharacterNetwork<Real> without_a_letter = network_of_biases<Real>({0, 0, never, -1});
    check_search(without_a_letter, 1000, 5);
    check_search(without_a_letter, 1000, 5, {2});
    check_search(without_a_letter, 1000, 5, {3, 2, 3});
    CharacterNetwork<Real> without_end = network_of_biases<Real>({never, 0, 0, 0});
    check_search(without_end, 10, 5);
  });
}

TEST("a probability that is not a number is an error") {
  for_each_type([]<typename Real>() {
    CharacterNetwork<Real> network = usual_network<Real>();
    network.parameters().output_bias()[1] = std::numeric_limits<Real>::quiet_NaN();
    for (const Name& prefix : {Name{}, Name{2}}) {
      CHECK_THROWS(std::domain_error, found_names(predictor_of(network), names_of_up_to(6, prefix), 3));
    }
  });
}

// So large that prefixes are continued one by one, and that all names are too many to look at.
TEST("a large vocabulary") {
  constexpr std::size_t size = 70'000;
  std::vector<float> biases = MadeUpNumbers(202).numbers<float>(size);
  biases[end_of_name] = 30.0f;
  CharacterNetwork<float> network = network_of_biases(biases);
  const MostLikelyNames found = found_names(predictor_of(network), names_of_up_to(1, {}, size), 5);

  std::vector<Name> letters;
  for (std::size_t letter = 1; letter < size; ++letter) letters.push_back({static_cast<int>(letter), 0});
  std::sort(letters.begin(), letters.end(), [&](const Name& a, const Name& b) {
    const float left = biases[static_cast<std::size_t>(a[0])], right = biases[static_cast<std::size_t>(b[0])];
    return left != right ? left > right : a < b;
  });
  letters.resize(5);
  std::vector<double> scores(5);
  CHECK(score_names(predictor_of(network), list_of(letters), 0.0, 1, never_interrupted, scores));
  check_names(found, {letters, scores});
}

TEST("the first of more names are the same") {
  CharacterNetwork<float> network = made_up_network(cell_registry<float>()[2], 20, 11, 3);
  const NameConditions conditions = names_of_up_to(1000, {}, 20);
  const MostLikelyNames many = found_names(predictor_of(network), conditions, 3000);
  CHECK_EQUAL(many.names.size(), 3000u);
  for (const std::size_t count : {1, 2, 65, 500}) {
    const MostLikelyNames few = found_names(predictor_of(network), conditions, count);
    const std::size_t end = many.names.ends[count - 1];
    CHECK_EQUAL(few.names.characters, Name(many.names.characters.begin(),
                                           many.names.characters.begin() + static_cast<std::ptrdiff_t>(end)));
    CHECK_SAME_BITS(few.log_probabilities, std::span(many.log_probabilities).first(count));
  }
}

Ranking first_of(const Ranking& all, std::size_t count) {
  const auto end = static_cast<std::ptrdiff_t>(count);
  return {{all.names.begin(), all.names.begin() + end},
          {all.log_probabilities.begin(), all.log_probabilities.begin() + end}};
}

TEST("with little memory the first names are found, or all") {
  for_each_type([]<typename Real>() {
    CharacterNetwork<Real> network = usual_network<Real>();
    const NameConditions conditions = names_of_up_to(7);
    const Ranking all = ranking(predictor_of(network), 600, conditions);
    bool some_were_incomplete = false, some_were_complete = false;
    for (std::size_t bytes = 0; bytes < 1'000'000; bytes += 1 + bytes / 4) {
      const MostLikelyNames found = found_names(predictor_of(network), conditions, 600, bytes);
      const std::size_t count = found.names.size();
      check_names(found, first_of(all, count));
      CHECK(found.end == (count == 600 ? End::complete : End::out_of_memory));
      some_were_incomplete = some_were_incomplete || (count > 0 && count < 600);
      some_were_complete = some_were_complete || count == 600;
    }
    CHECK(some_were_incomplete && some_were_complete);
  });
}

TEST("few names need little memory") {
  CharacterNetwork<float> network = made_up_network(cell_registry<float>()[0], 20, 11, 3);
  const MostLikelyNames found = found_names(predictor_of(network), names_of_up_to(1000, {}, 20), 3, 10'000);
  CHECK(found.end == End::complete);
  CHECK_EQUAL(found.names.size(), 3u);
}

TEST("a network whose names never end is given up") {
  CharacterNetwork<float> network = made_up_network(cell_registry<float>()[2], 20, 11, 3);
  network.parameters().output_bias()[end_of_name] = -1e6f;
  const MostLikelyNames found =
      found_names(predictor_of(network), names_of_up_to(1000, {}, 20), 3, 10'000'000);
  CHECK(found.end == End::out_of_memory);
  CHECK_EQUAL(found.names.size(), 0u);
}

TEST("an interrupted search says so") {
  CharacterNetwork<float> network = made_up_network(cell_registry<float>()[2], 20, 64, 3);
  network.parameters().output_bias()[end_of_name] = -1e6f;
  int questions = 0;
  const Interrupted second = [&] { return ++questions == 2; };
  const MostLikelyNames found =
      found_names(predictor_of(network), names_of_up_to(1000, {}, 20), 3, plenty, second);
  CHECK(found.end == End::interrupted);
  CHECK_EQUAL(questions, 2);
}

}  // namespace
}  // namespace dinorc::check
