// The Mersenne Twister against published numbers, NumPy's, and a plain implementation.
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "check.hpp"
#include "dinorc/random/mersenne_twister.hpp"
#include "naive_network.hpp"

namespace dinorc::check {
namespace {

// As in the authors' mt19937ar.c: all words seeded at once, all words twisted at once.
class EagerTwister {
 public:
  explicit EagerTwister(std::uint32_t seed) {
    state_[0] = seed;
    for (std::uint32_t i = 1; i < 624; ++i) {
      state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
    }
  }

  std::uint32_t next_word() {
    if (position_ == 624) twist();
    std::uint32_t word = state_[position_++];
    word ^= word >> 11;
    word ^= (word << 7) & 0x9d2c5680u;
    word ^= (word << 15) & 0xefc60000u;
    return word ^ (word >> 18);
  }

 private:
  void twist() {
    for (std::size_t i = 0; i < 624; ++i) {
      const std::uint32_t joined = (state_[i] & 0x80000000u) | (state_[(i + 1) % 624] & 0x7fffffffu);
      state_[i] = state_[(i + 397) % 624] ^ (joined >> 1) ^ (joined % 2 != 0 ? 0x9908b0dfu : 0u);
    }
    position_ = 0;
  }

  std::array<std::uint32_t, 624> state_{};
  std::size_t position_ = 624;
};

constexpr std::uint32_t seeds[] = {0, 1, 2, 42, 5489, 0x7fffffffu, 0x80000000u, 0xfffffffeu, 0xffffffffu};

TEST("seed 5489 gives the published words") {
  MersenneTwister stream(5489);
  CHECK_EQUAL(stream.next_word(), 3499211612u);
  CHECK_EQUAL(stream.next_word(), 581869302u);
  CHECK_EQUAL(stream.next_word(), 3890346734u);
  for (int i = 4; i < 10000; ++i) stream.next_word();
  CHECK_EQUAL(stream.next_word(), 4123659995u);  // the 10,000th, as the C++ standard requires of mt19937
}

TEST("words seeded and twisted one by one are those seeded and twisted at once") {
  for (const std::uint32_t seed : seeds) {
    const Context context("seed ", seed);
    MersenneTwister lazy(seed);
    EagerTwister eager(seed);
    std::vector<std::uint32_t> lazy_words, eager_words;
    for (int i = 0; i < 4 * 624 + 5; ++i) {
      lazy_words.push_back(lazy.next_word());
      eager_words.push_back(eager.next_word());
    }
    CHECK(lazy_words == eager_words);
  }
}

TEST("a copy of a stream goes on by itself") {
  MersenneTwister stream(7);
  for (int i = 0; i < 300; ++i) stream.next_word();
  MersenneTwister copy = stream;
  std::vector<std::uint32_t> words, words_of_copy;
  for (int i = 0; i < 1000; ++i) words.push_back(stream.next_word());
  for (int i = 0; i < 1000; ++i) words_of_copy.push_back(copy.next_word());
  CHECK(words == words_of_copy);
}

TEST("random_sample gives what NumPy's RandomState(0).random_sample(3) gives") {
  MersenneTwister stream(0);
  CHECK_SAME_BITS(stream.random_sample(), 0x1.18fe1565f12a8p-1);
  CHECK_SAME_BITS(stream.random_sample(), 0x1.6e2d4cf608733p-1);
  CHECK_SAME_BITS(stream.random_sample(), 0x1.349d66b6e894bp-1);
}

TEST("random_sample has 53 bits of two words and stays in [0, 1)") {
  for (const std::uint32_t seed : seeds) {
    const Context context("seed ", seed);
    MersenneTwister stream(seed);
    EagerTwister words(seed);
    bool same = true, in_range = true;
    double sum = 0.0;
    constexpr int count = 10000;
    for (int i = 0; i < count; ++i) {
      const std::uint64_t high = words.next_word() >> 5, low = words.next_word() >> 6;
      const double uniform = stream.random_sample();
      same = same && uniform == static_cast<double>(high << 26 | low) * 0x1p-53;
      in_range = in_range && uniform >= 0.0 && uniform < 1.0;
      sum += uniform;
    }
    CHECK(same);
    CHECK(in_range);
    CHECK_NEAR(sum / count, 0.5, 0.02);
  }
}

TEST("first_random_samples are the first of each seed's stream, any number of them") {
  std::vector<std::uint32_t> many(std::begin(seeds), std::end(seeds));
  for (std::uint32_t i = 0; i < 200; ++i) many.push_back(i * 0x9E3779B9u);
  for (const std::size_t count : {0u, 1u, 2u, 7u, 8u, 9u, 15u, 16u, 17u, 209u}) {
    const Context context("count ", count);
    const std::vector<std::uint32_t> some(many.end() - static_cast<std::ptrdiff_t>(count), many.end());
    std::vector<double> samples(count + 3, -1.0), expected(count + 3, -1.0);
    for (std::size_t i = 0; i < count; ++i) expected[i] = MersenneTwister(some[i]).random_sample();
    first_random_samples(some, samples.data());
    CHECK_SAME_BITS(samples, expected);
  }
}

TEST("random_interval gives every number up to the maximum and none above") {
  for (const std::uint32_t maximum : {0u, 1u, 2u, 3u, 4u, 6u, 7u, 8u, 31u, 32u, 100u}) {
    const Context context("maximum ", maximum);
    MersenneTwister stream(maximum);
    std::set<std::uint32_t> drawn;
    for (int i = 0; i < 5000; ++i) drawn.insert(stream.random_interval(maximum));
    CHECK_EQUAL(drawn.size(), maximum + 1);
    CHECK_EQUAL(*drawn.rbegin(), maximum);
  }
}

TEST("random_interval masks words and takes the first that is small enough") {
  for (const std::uint32_t maximum : {5u, 1535u, 65535u, 65536u, 0x7fffffffu, 0x80000000u, 0xffffffffu}) {
    const Context context("maximum ", maximum);
    std::uint64_t mask = 1;
    while (mask < maximum) mask = 2 * mask + 1;
    MersenneTwister stream(11);
    EagerTwister words(11);
    bool same = true;
    for (int i = 0; i < 1000; ++i) {
      std::uint64_t expected = words.next_word() & mask;
      while (expected > maximum) expected = words.next_word() & mask;
      same = same && stream.random_interval(maximum) == expected;
    }
    CHECK(same);
  }
}

TEST("random_interval of 0 takes no word") {
  MersenneTwister stream(5489);
  CHECK_EQUAL(stream.random_interval(0), 0u);
  CHECK_EQUAL(stream.next_word(), 3499211612u);
}

TEST("shuffling with random_interval is NumPy's RandomState(0).permutation(10)") {
  MersenneTwister stream(0);
  std::vector<int> order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (std::uint32_t i = 9; i > 0; --i) std::swap(order[i], order[stream.random_interval(i)]);
  CHECK_EQUAL(order, (std::vector<int>{2, 8, 4, 9, 1, 6, 7, 3, 0, 5}));
}

TEST("standard_normal is near NumPy's RandomState(1).randn(4)") {
  MersenneTwister stream(1);
  for (const double expected :
       {0x1.9fd5190657c50p+0, -0x1.393822fb7d9adp-1, -0x1.0e6c872548fd2p-1, -0x1.12ae1255cb80cp+0}) {
    CHECK_NEAR(stream.standard_normal(), expected, 1e-15);
  }
}

TEST("standard_normal is the polar method to the bit, the second of a pair first") {
  MersenneTwister stream(3), uniform(3);
  std::vector<double> normals, expected;
  while (expected.size() < 2000) {
    const double x = 2.0 * uniform.random_sample() - 1.0;
    const double y = 2.0 * uniform.random_sample() - 1.0;
    const double radius_squared = x * x + y * y;
    if (radius_squared >= 1.0 || radius_squared == 0.0) continue;
    const double factor = std::sqrt(-2.0 * naive_log(radius_squared) / radius_squared);
    expected.push_back(factor * y);
    expected.push_back(factor * x);
  }
  double sum = 0.0, sum_of_squares = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    normals.push_back(stream.standard_normal());
    sum += normals.back();
    sum_of_squares += normals.back() * normals.back();
  }
  CHECK_SAME_BITS(normals, expected);
  CHECK_NEAR(sum / 2000, 0.0, 0.1);
  CHECK_NEAR(sum_of_squares / 2000, 1.0, 0.15);
}

TEST("standard_normals are the numbers that standard_normal gives, in pieces of any length") {
  MersenneTwister one_by_one(4), together(4);
  for (const std::size_t size : {0, 1, 2, 0, 3, 127, 128, 129, 1, 1000}) {
    const Context context("piece of ", size);
    std::vector<double> expected(size), numbers(size);
    for (double& number : expected) number = one_by_one.standard_normal();
    together.standard_normals(numbers);
    CHECK_SAME_BITS(numbers, expected);
  }
}

}  // namespace
}  // namespace dinorc::check
