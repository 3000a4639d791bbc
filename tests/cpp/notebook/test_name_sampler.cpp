// Names drawn letter by letter.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/notebook/name_sampler.hpp"
#include "dinorc/random/categorical.hpp"
#include "dinorc/random/mersenne_twister.hpp"
#include "naive_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr CharacterId end_character = 3;
constexpr std::int64_t largest_seed = 0xFFFFFFFF;
constexpr std::size_t notebook_limit = 50;

template <typename Real>
std::vector<CharacterId> sample(NaiveParameters<Real>& parameters, std::int64_t seed,
                                std::size_t limit = notebook_limit) {
  ParameterBuffer<Real> buffer(parameters.arrays());
  const PackedNetwork<Real> network(buffer);
  return sample_name(network, end_character, seed, limit);
}

// As the notebook writes it: counter and seed both grow by one after each letter.
template <typename Real>
std::vector<CharacterId> sample_naively(const NaiveParameters<Real>& p, std::uint32_t seed,
                                        std::size_t limit) {
  std::vector<CharacterId> name;
  std::vector<Real> state(p.n_a);
  CharacterId character = no_character;
  std::uint32_t counter = 0;
  while (character != end_character && counter < limit) {
    state = naive_state_after(p, state, character);
    const std::vector<Real> probabilities = naive_softmax(naive_logits(p, state)).probabilities;
    const VectorView<const Real> view{probabilities.data(), probabilities.size()};
    const double uniform = MersenneTwister(counter + seed).random_sample();
    character = static_cast<CharacterId>(draw_category<Real>(view, checked_sum<Real>(view), uniform));
    name.push_back(character);
    ++counter;
    ++seed;
  }
  if (counter == limit) name.push_back(end_character);
  return name;
}

// A network that draws nothing but one character.
template <typename Real>
NaiveParameters<Real> always(CharacterId character) {
  NaiveParameters<Real> p(4, 6, 6);
  p.by[static_cast<std::size_t>(character)] = 5000;
  return p;
}

TEST("names are those of the notebook's loop") {
  for_each_set_and_type([]<typename Real>() {
    for (const std::size_t hidden_size : {1, 9, 50}) {
      auto p = NaiveParameters<Real>::made_up(hidden_size, 27, 27, 58);
      std::size_t longest = 0;
      for (std::uint32_t seed = 0; seed < 100; ++seed) {
        const Context context("hidden size ", hidden_size, ", seed ", seed);
        const std::vector<CharacterId> name = sample(p, seed);
        CHECK_EQUAL(name, sample_naively(p, seed, notebook_limit));
        CHECK_EQUAL(name.back(), end_character);
        longest = name.size() > longest ? name.size() : longest;
      }
      CHECK(longest > 5);
    }
  });
}

TEST("the limit cuts a name, and the end is appended") {
  for_each_type([]<typename Real>() {
    auto p = always<Real>(1);
    CHECK_EQUAL(sample(p, 0, 1), (std::vector<CharacterId>{1, end_character}));
    CHECK_EQUAL(sample(p, 0, 4), (std::vector<CharacterId>{1, 1, 1, 1, end_character}));
    CHECK_EQUAL(sample(p, 0).size(), notebook_limit + 1);
    CHECK_EQUAL(sample(p, 0, 0), (std::vector<CharacterId>{end_character}));
  });
}

TEST("the end character ends a name, and comes twice where it is the last letter allowed") {
  for_each_type([]<typename Real>() {
    auto p = always<Real>(end_character);
    CHECK_EQUAL(sample(p, 7), (std::vector<CharacterId>{end_character}));
    CHECK_EQUAL(sample(p, 7, 2), (std::vector<CharacterId>{end_character}));
    CHECK_EQUAL(sample(p, 7, 1), (std::vector<CharacterId>{end_character, end_character}));
  });
}

TEST("sampling twice gives the same name and leaves the network as it is") {
  for_each_type([]<typename Real>() {
    auto p = NaiveParameters<Real>::made_up(20, 27, 27, 59);
    ParameterBuffer<Real> buffer(p.arrays()), untouched(p.arrays());
    const PackedNetwork<Real> network(buffer);
    const auto first = sample_name(network, end_character, 12, notebook_limit);
    CHECK_EQUAL(sample_name(network, end_character, 12, notebook_limit), first);
    CHECK_SAME_BITS(buffer.all(), untouched.all());
  });
}

TEST("a seed outside 0 to 2^32 - 1 is refused, also one that a later letter would need") {
  for_each_type([]<typename Real>() {
    auto ends = always<Real>(end_character), goes_on = always<Real>(1);
    for (const std::int64_t seed : {std::int64_t{-1}, std::numeric_limits<std::int64_t>::min(),
                                    largest_seed + 1, std::numeric_limits<std::int64_t>::max()}) {
      const Context context("seed ", seed);
      const std::string message = CHECK_THROWS(std::invalid_argument, sample(ends, seed));
      CHECK(message.find("between 0 and 2**32 - 1") != std::string::npos);
    }
    CHECK_EQUAL(sample(ends, largest_seed), (std::vector<CharacterId>{end_character}));
    CHECK_EQUAL(sample(goes_on, largest_seed, 1), (std::vector<CharacterId>{1, end_character}));
    CHECK_THROWS(std::invalid_argument, sample(goes_on, largest_seed, 2));
    CHECK_EQUAL(sample(goes_on, largest_seed - 98).size(), notebook_limit + 1);
    CHECK_THROWS(std::invalid_argument, sample(goes_on, largest_seed - 97));
  });
}

TEST("probabilities that are not numbers are refused") {
  for_each_type([]<typename Real>() {
    using Limits = std::numeric_limits<Real>;
    for (const Real bad : {Limits::quiet_NaN(), Limits::infinity()}) {
      auto p = always<Real>(1);
      p.by[2] = bad;
      CHECK_THROWS(std::invalid_argument, sample(p, 0));
      auto q = always<Real>(1);
      q.b[0] = bad;
      if (bad != bad) CHECK_THROWS(std::invalid_argument, sample(q, 0));
    }
  });
}

}  // namespace
}  // namespace dinorc::check
