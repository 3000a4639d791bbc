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
#include "dinorc/batch_sampler.hpp"
#include "dinorc/name_scorer.hpp"
#include "dinorc/random/philox.hpp"
#include "made_up_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr std::uint64_t seed = 0x1234567800000001u;

template <typename Real>
std::vector<Name> drawn(CharacterNetwork<Real>& network, std::size_t count, std::size_t limit,
                        std::size_t workers = 1, std::uint64_t seed_of_names = seed) {
  const NameList list = sample_names(network, count, seed_of_names, limit, workers, never_interrupted);
  std::vector<Name> names;
  for (std::size_t i = 0; i < list.size(); ++i) names.emplace_back(list[i].begin(), list[i].end());
  return names;
}

template <typename Real>
CharacterNetwork<Real> usual_network(const CellOperations<Real>& cell, std::size_t embedding_size = 3) {
  return made_up_network(cell, 7, 11, embedding_size);
}

TEST("a name depends on seed and number, not on how many are drawn nor by how many workers") {
  for_each_type([]<typename Real>() {
    for_each_cell<Real>([](const CellOperations<Real>& cell) {
      CharacterNetwork<Real> network = usual_network(cell);
      const std::vector<Name> expected = drawn(network, 1100, 30);
      CHECK_EQUAL(expected.size(), 1100);
      for (const std::size_t workers : team_sizes) {
        for (const std::size_t count : {1, 255, 256, 257, 600, 1100}) {
          const Context context(count, " names, ", workers, " workers");
          const std::vector<Name> names = drawn(network, count, 30, workers);
          CHECK_EQUAL(names.size(), count);
          CHECK(std::equal(names.begin(), names.end(), expected.begin()));
        }
      }
      CHECK(drawn(network, 20, 30, 1, seed + 1) != drawn(network, 20, 30));
      CHECK(drawn(network, 20, 30, 1, seed + (std::uint64_t{1} << 32)) != drawn(network, 20, 30));
    });
  });
}

TEST("no names are drawn where none are wanted") {
  CharacterNetwork<float> network = usual_network(cell_registry<float>()[0]);
  CHECK_EQUAL(drawn(network, 0, 30).size(), 0);
  CHECK_EQUAL(drawn(network, 0, 30, 3).size(), 0);
}

TEST("every instruction set draws the same names") {
  const std::string before = name_in_use();
  for_each_type([]<typename Real>() {
    for_each_cell_and_embedding<Real>([](const CellOperations<Real>& cell, std::size_t embedding_size) {
      CharacterNetwork<Real> network = usual_network(cell, embedding_size);
      use_instruction_set("baseline");
      const std::vector<Name> expected = drawn(network, 300, 30);
      for (const std::string& name : usable_instruction_sets()) {
        const Context context(name);
        use_instruction_set(name);
        CHECK(drawn(network, 300, 30) == expected);
      }
    });
  });
  use_instruction_set(before);
}

TEST("a name ends once, and at the limit at the latest") {
  CharacterNetwork<double> network = usual_network(cell_registry<double>()[2]);
  const std::vector<Name> unlimited = drawn(network, 500, 1000);
  bool some_are_cut = false;
  for (const std::size_t limit : {1, 2, 5, 30}) {
    const Context context("limit ", limit);
    const std::vector<Name> names = drawn(network, 500, limit, 2);
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
template <typename Real>
CharacterId naive_draw(CharacterNetwork<Real>& network, const Name& letters, double uniform) {
  const auto characters = static_cast<CharacterId>(network.shape().vocabulary_size);
  double reached = 0.0;
  for (CharacterId character = 0; character < characters; ++character) {
    Name name = letters;
    name.push_back(character);
    if (character != end_of_name) name.push_back(end_of_name);
    reached += std::exp(score_characters(network, name, 0.0)[letters.size()]);
    if (uniform < reached) return character;
  }
  return characters - 1;
}

// With a binary64 network: at the border of two shares rounding could decide, and here it does not.
TEST("name number i is made of the numbers of its own stream") {
  for_each_cell_and_embedding<double>([](const CellOperations<double>& cell, std::size_t embedding_size) {
    CharacterNetwork<double> network = usual_network(cell, embedding_size);
    constexpr std::size_t limit = 8;
    const std::vector<Name> names = drawn(network, 40, limit);
    for (std::size_t i = 0; i < names.size(); ++i) {
      PhiloxStream stream(seed, StreamPurpose::sampling, i);
      Name letters;
      while (letters.size() < limit) {
        const CharacterId character = naive_draw(network, letters, stream.next_double());
        if (character == end_of_name) break;
        letters.push_back(character);
      }
      letters.push_back(end_of_name);
      CHECK_EQUAL(names[i], letters);
    }
  });
}

TEST("names come as often as their probabilities say") {
  constexpr std::size_t count = 20000, limit = 3;
  for_each_type([&]<typename Real>() {
    for_each_cell<Real>([&](const CellOperations<Real>& cell) {
      CharacterNetwork<Real> network = made_up_network(cell, 3, 5, 2);
      std::map<Name, double> counts;
      for (const Name& name : drawn(network, count, limit, 2)) counts[name] += 1;
      double all = 0.0;
      for (const auto& [name, times] : counts) {
        const Context context("name ", shown(name));
        const std::vector<double> nats = score_characters(network, name, 0.0);
        double log_probability = 0.0;
        for (std::size_t i = 0; i < std::min(nats.size(), limit); ++i)
          log_probability += nats[i];  // cut: no end
        const double p = std::exp(log_probability);
        CHECK_NEAR(times / count, p, 5 * std::sqrt(p * (1 - p) / count));
        all += p;
      }
      CHECK_EQUAL(counts.size(), 1 + 2 + 4 + 8);
      CHECK_NEAR(all, 1.0, 1e-6);
    });
  });
}

TEST("what has no chance is never drawn, even from logits that overflow") {
  for_each_type([]<typename Real>() {
    CharacterNetwork<Real> network = made_up_network(cell_registry<Real>()[0], 4, 5, 0);
    network.parameters().output_bias()[2] = -std::numeric_limits<Real>::max();
    network.parameters().output_bias()[3] = std::numeric_limits<Real>::max() / 2;
    for (const Name& name : drawn(network, 50, 4)) CHECK_EQUAL(name, (Name{3, 3, 3, 3, end_of_name}));
  });
}

// A network that hardly ever ends a name: the work takes many times the time after which the sampler asks.
TEST("an interrupted sampler returns no name") {
  CharacterNetwork<float> network = made_up_network(cell_registry<float>()[2], 7, 64, 0);
  network.parameters().output_bias()[end_of_name] = -30.0F;
  for (const std::size_t workers : {1, 2}) {
    int questions = 0;
    const NameList names = sample_names(network, 100000, seed, 50, workers, [&] { return ++questions == 1; });
    CHECK_EQUAL(names.size(), 0);
    CHECK_EQUAL(names.characters.size(), 0);
    CHECK_EQUAL(questions, 1);
  }
}

}  // namespace
}  // namespace dinorc::check
