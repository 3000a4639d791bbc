// Names drawn many at a time: each by its number alone, and as often as the network says.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/drawing/look_ahead.hpp"
#include "dinorc/drawing/name_sampling.hpp"
#include "dinorc/random/philox.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "made_up_conditions.hpp"
#include "made_up_network.hpp"
#include "predictor_registry.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr std::uint64_t seed = 0x1234567800000001u;

std::vector<Name> drawn(const Predictor& predictor, const NameRequest& request, std::size_t workers = 1) {
  return names_in(sample_names(predictor, request, workers, never_interrupted).names);
}

std::vector<Name> drawn(const Predictor& predictor, std::size_t count, std::size_t limit,
                        std::size_t workers = 1, std::uint64_t seed_of_names = seed) {
  return drawn(predictor, {.seed = seed_of_names, .count = count, .max_length = limit}, workers);
}

constexpr std::size_t vocabulary_size = 7;

template <typename Real>
NetworkPredictor<Real> usual_predictor(const CellOperations<Real>& cell) {
  CharacterNetwork<Real> network = made_up_network(cell, vocabulary_size, 11, 3);
  return predictor_of(network);
}

TEST("a name depends on seed and number, not on how many are drawn or by how many workers") {
  for_each_predictor(vocabulary_size, [](const Predictor& predictor) {
    const std::vector<Name> expected = drawn(predictor, 1100, 30);
    CHECK_EQUAL(expected.size(), 1100);
    for (const std::size_t workers : team_sizes) {
      for (const std::size_t count : {1, 255, 256, 257, 600, 1100}) {
        const Context context(count, " names, ", workers, " workers");
        const std::vector<Name> names = drawn(predictor, count, 30, workers);
        CHECK_EQUAL(names.size(), count);
        CHECK(std::equal(names.begin(), names.end(), expected.begin()));
      }
    }
    CHECK(drawn(predictor, 20, 30, 1, seed + 1) != drawn(predictor, 20, 30));
    CHECK(drawn(predictor, 20, 30, 1, seed + (std::uint64_t{1} << 32)) != drawn(predictor, 20, 30));
  });
}

TEST("no names are drawn where none are wanted") {
  const NetworkPredictor<float> predictor = usual_predictor(cell_registry<float>()[0]);
  CHECK_EQUAL(drawn(predictor, 0, 30).size(), 0);
  CHECK_EQUAL(drawn(predictor, 0, 30, 3).size(), 0);
}

TEST("every instruction set draws the same names") {
  check_every_instruction_set(vocabulary_size,
                              [](const Predictor& predictor) { return drawn(predictor, 300, 30); });
}

TEST("a name ends once, and at the limit at the latest") {
  const NetworkPredictor<double> predictor = usual_predictor(cell_registry<double>()[2]);
  const std::vector<Name> unlimited = drawn(predictor, 500, 1000);
  bool some_are_cut = false;
  for (const std::size_t limit : {1, 2, 5, 30}) {
    const Context context("limit ", limit);
    const std::vector<Name> names = drawn(predictor, 500, limit, 2);
    for (std::size_t i = 0; i < names.size(); ++i) {
      const Context context_of_name("name ", i);
      CHECK(names[i].size() <= limit + 1);
      CHECK_EQUAL(std::find(names[i].begin(), names[i].end(), end_of_name) - names[i].begin(),
                  names[i].size() - 1);
      // A limit cuts a name and changes nothing else.
      Name expected = unlimited[i];
      if (expected.size() > limit + 1) {
        expected.resize(limit);
        expected.push_back(end_of_name);
        some_are_cut = true;
      }
      CHECK_EQUAL(names[i], expected);
    }
  }
  CHECK(some_are_cut);
}

// The character in whose share of [0, 1) the uniform number lies.
CharacterId naive_draw(const Predictor& predictor, const Name& letters, double uniform) {
  const auto characters = static_cast<CharacterId>(predictor.vocabulary_size());
  double reached = 0.0;
  for (CharacterId character = 0; character < characters; ++character) {
    Name name = letters;
    name.push_back(character);
    if (character != end_of_name) name.push_back(end_of_name);
    reached += std::exp(score_characters(predictor, name, 0.0)[letters.size()]);
    if (uniform < reached) return character;
  }
  return characters - 1;
}

// At the border of two shares rounding could decide; in binary64 it does not here.
template <typename Function>
void for_each_double_predictor(Function&& function) {
  for_each_predictor(vocabulary_size, [&](const Predictor& predictor) {
    if (predictor.float_type() == FloatType::float64) function(predictor);
  });
}

TEST("name number i is made of the numbers of its own stream") {
  for_each_double_predictor([](const Predictor& predictor) {
    constexpr std::size_t limit = 8;
    const std::vector<Name> names = drawn(predictor, 40, limit);
    for (std::size_t i = 0; i < names.size(); ++i) {
      PhiloxStream stream(seed, StreamPurpose::sampling, i);
      Name letters;
      while (letters.size() < limit) {
        const CharacterId character = naive_draw(predictor, letters, stream.next_double());
        if (character == end_of_name) break;
        letters.push_back(character);
      }
      letters.push_back(end_of_name);
      CHECK_EQUAL(names[i], letters);
    }
  });
}

// All that a sampler can be asked for: log-probabilities and, under conditions, what remains or a look ahead.
template <typename Function>
void for_each_kind_of_request(const Predictor& predictor, NameRequest request, Function&& function) {
  const NameConditions conditions(NameAutomaton::of_any_name(predictor.vocabulary_size()), {2}, 3, 9);
  const RemainingNames remaining;
  const LookAhead look_ahead(predictor, conditions, request.rules, seed, never_interrupted);
  request.wants_log_probabilities = true;
  function(request);
  request.wanted = {.conditions = &conditions, .remaining = &remaining};
  function(request);
  request.wanted = {.conditions = &conditions, .look_ahead = &look_ahead};
  function(request);
}

// One name in two blocks, with what comes with it.
void check_equal_names(const NameRequest& request, const SampledNames& block, std::size_t place,
                       const SampledNames& other, std::size_t place_in_other) {
  CHECK(std::ranges::equal(block.names[place], other.names[place_in_other]));
  CHECK_EQUAL(block.log_probabilities[place], other.log_probabilities[place_in_other]);
  if (request.wanted.conditions == nullptr) return;
  CHECK_EQUAL(block.is_refused[place], other.is_refused[place_in_other]);
  if (request.wanted.look_ahead != nullptr) CHECK_EQUAL(block.weights[place], other.weights[place_in_other]);
  if (request.wanted.remaining == nullptr || block.is_refused[place] != 0) return;
  const RemainingNames::Visit& visit = block.visits[block.ends_in[place]];
  const RemainingNames::Visit& in_other = other.visits[other.ends_in[place_in_other]];
  CHECK_EQUAL(visit.character, in_other.character);
  CHECK_EQUAL(visit.end_share, in_other.end_share);
}

// The second block comes from a sampler that has drawn another one.
TEST("blocks make no difference") {
  CharacterNetwork<float> network = made_up_network(cell_registry<float>()[0], 3, 2, 0);
  const NetworkPredictor<float> predictor = predictor_of(network);
  const NameRequest all{.seed = seed, .count = 150'000, .max_length = 6};
  for_each_kind_of_request(predictor, all, [&](const NameRequest& request) {
    const std::vector<SampledNames> blocks = sample_blocks(predictor, request, 1, never_interrupted);
    CHECK_EQUAL(blocks.size(), 2);
    MadeUpNumbers numbers(11);
    for (int i = 0; i < 50; ++i) {
      const std::size_t number = numbers.below(request.count);
      const Context context("name ", number);
      NameRequest one = request;
      one.first = number;
      one.count = 1;
      const std::vector<SampledNames> alone = sample_blocks(predictor, one, 1, never_interrupted);
      const std::size_t size = blocks[0].names.size();
      check_equal_names(request, alone[0], 0, blocks[number / size], number % size);
    }
  });
}

// Of 5,000 names that hardly share a prefix, some grow to their ends before others have a second character.
TEST("it makes no difference which prefixes grow together") {
  for_each_predictor(vocabulary_size, [&](const Predictor& predictor) {
    NameRequest all{.seed = seed, .count = 5000, .max_length = 12};
    all.rules.temperature = 3.0;
    for_each_kind_of_request(predictor, all, [&](const NameRequest& request) {
      const std::vector<SampledNames> together = sample_blocks(predictor, request, 1, never_interrupted);
      CHECK_EQUAL(together.size(), 1);
      constexpr std::size_t few = 250;
      for (std::size_t first = 0; first < request.count; first += few) {
        const Context context("names from number ", first);
        NameRequest part = request;
        part.first = first;
        part.count = few;
        const std::vector<SampledNames> alone = sample_blocks(predictor, part, 1, never_interrupted);
        for (std::size_t i = 0; i < few; ++i) {
          check_equal_names(request, alone[0], i, together[0], first + i);
        }
      }
    });
  });
}

TEST("a request may begin at any number") {
  for_each_predictor(vocabulary_size, [](const Predictor& predictor) {
    const std::vector<Name> names = drawn(predictor, 600, 30);
    for (const std::size_t first : {1, 255, 599}) {
      const std::vector<Name> later =
          drawn(predictor, {.seed = seed, .first = first, .count = 600 - first, .max_length = 30}, 2);
      CHECK(std::equal(later.begin(), later.end(), names.begin() + static_cast<std::ptrdiff_t>(first),
                       names.end()));
    }
    constexpr std::uint64_t far = std::uint64_t{1} << 32;
    CHECK(drawn(predictor, {.seed = seed, .first = far, .count = 20, .max_length = 30}) !=
          drawn(predictor, 20, 30));
  });
}

TEST("names go on from a prefix with numbers of their own from the first") {
  for_each_double_predictor([](const Predictor& predictor) {
    constexpr std::size_t limit = 9;
    for (const Name& prefix : {Name{3}, Name{1, 6, 6, 2}}) {
      const std::vector<Name> names =
          drawn(predictor, {.seed = seed, .count = 30, .prefix = prefix, .max_length = limit}, 2);
      for (std::size_t i = 0; i < names.size(); ++i) {
        PhiloxStream stream(seed, StreamPurpose::sampling, i);
        Name letters = prefix;
        while (letters.size() < limit) {
          const CharacterId character = naive_draw(predictor, letters, stream.next_double());
          if (character == end_of_name) break;
          letters.push_back(character);
        }
        letters.push_back(end_of_name);
        CHECK_EQUAL(names[i], letters);
      }
    }
  });
}

TEST("a prefix of the greatest length is the whole name") {
  const NetworkPredictor<float> predictor = usual_predictor(cell_registry<float>()[1]);
  const NameRequest request{.seed = seed, .count = 3, .prefix = {1, 2}, .max_length = 2};
  CHECK_EQUAL(drawn(predictor, request), std::vector<Name>(3, Name{1, 2, end_of_name}));
}

TEST("log-probabilities are those of the scorer to the bit, whatever the rules") {
  for_each_predictor(vocabulary_size, [](const Predictor& predictor) {
    NameRequest request{.seed = seed, .count = 600, .max_length = 8, .wants_log_probabilities = true};
    NameRequest restricted = request;
    restricted.prefix = {2, 5};
    restricted.rules = {.temperature = 2.0, .top_k = 5, .top_p = 0.9};
    for (const NameRequest& each : {request, restricted}) {
      const SampledNames sampled = sample_names(predictor, each, 2, never_interrupted);
      std::vector<double> scores(each.count);
      CHECK(score_names(predictor, sampled.names, 0.0, 1, never_interrupted, scores));
      CHECK_EQUAL(sampled.log_probabilities, scores);
    }
    request.wants_log_probabilities = false;
    CHECK_EQUAL(sample_names(predictor, request, 2, never_interrupted).log_probabilities.size(), 0);
  });
}

TEST("names come as often as their probabilities say") {
  constexpr std::size_t count = 20000, limit = 3;
  for_each_predictor(3, [&](const Predictor& predictor) {
    std::map<Name, double> counts;
    for (const Name& name : drawn(predictor, count, limit, 2)) counts[name] += 1;
    double all = 0.0, chi_square = 0.0;
    for (const auto& [name, times] : counts) {
      const Context context("name ", shown(name));
      const std::vector<double> nats = score_characters(predictor, name, 0.0);
      double log_probability = 0.0;
      for (std::size_t i = 0; i < std::min(nats.size(), limit); ++i)
        log_probability += nats[i];  // cut: no end
      const double p = std::exp(log_probability);
      CHECK_NEAR(times / count, p, 5 * std::sqrt(p * (1 - p) / count));
      chi_square += (times - count * p) * (times - count * p) / (count * p);
      all += p;
    }
    CHECK_EQUAL(counts.size(), 1 + 2 + 4 + 8);
    CHECK(chi_square < 51.2);  // by chance, with 14 degrees of freedom, four times in a million
    CHECK_NEAR(all, 1.0, 1e-6);
  });
}

TEST("what has no chance is never drawn, even from logits that overflow") {
  for_each_type([]<typename Real>() {
    CharacterNetwork<Real> network = made_up_network(cell_registry<Real>()[0], 4, 5, 0);
    network.parameters().output_bias()[2] = -std::numeric_limits<Real>::max();
    network.parameters().output_bias()[3] = std::numeric_limits<Real>::max() / 2;
    for (const Name& name : drawn(predictor_of(network), 50, 4))
      CHECK_EQUAL(name, (Name{3, 3, 3, 3, end_of_name}));
  });
}

// A network that hardly ever ends a name: the work takes many times as long as the sampler waits between two
// questions, so that one comes within the first block, or after some whole blocks.
TEST("an interrupted sampler returns no name") {
  CharacterNetwork<float> network = made_up_network(cell_registry<float>()[2], 7, 192, 0);
  network.parameters().output_bias()[end_of_name] = -30.0F;
  const NetworkPredictor<float> predictor(network);
  for (const std::size_t workers : {1, 2}) {
    for (const std::size_t limit : {50, 5}) {
      int questions = 0;
      const NameRequest request{.seed = seed, .count = 5'000'000 / limit, .max_length = limit};
      const NameList names =
          sample_names(predictor, request, workers, [&] { return ++questions == 1; }).names;
      CHECK_EQUAL(names.size(), 0);
      CHECK_EQUAL(names.characters.size(), 0);
      CHECK_EQUAL(questions, 1);
    }
  }
}

}  // namespace
}  // namespace dinorc::check
