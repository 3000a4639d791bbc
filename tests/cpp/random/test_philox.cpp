// Philox against its published words, and the numbers made of them against what they should be.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <vector>

#include "check.hpp"
#include "dinorc/random/philox.hpp"
#include "naive_network.hpp"

namespace dinorc::check {
namespace {

using Words = std::array<std::uint32_t, 4>;

constexpr StreamPurpose purposes[] = {StreamPurpose::initial_values, StreamPurpose::validation_split,
                                      StreamPurpose::epoch_order, StreamPurpose::dropout,
                                      StreamPurpose::sampling};

PhiloxStream some_stream(std::uint64_t item = 0) { return {20, StreamPurpose::sampling, item}; }

// The file kat_vectors of the authors' Random123 library, for philox4x32 of 10 rounds.
TEST("the words are the published ones") {
  constexpr std::uint32_t ones = 0xffffffffu;
  CHECK_EQUAL(philox4x32({0, 0}, {0, 0, 0, 0}), (Words{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}));
  CHECK_EQUAL(philox4x32({ones, ones}, {ones, ones, ones, ones}),
              (Words{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}));
  // The digits of pi.
  CHECK_EQUAL(philox4x32({0xa4093822u, 0x299f31d0u}, {0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}),
              (Words{0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}));
}

TEST("a stream hands out the words of block 0, 1, ... of its seed, item and purpose") {
  constexpr std::uint64_t seed = 0x0123456789abcdefu, item = 0xfedcba9876543210u;
  for (const StreamPurpose purpose : purposes) {
    PhiloxStream stream(seed, purpose, item);
    for (std::uint32_t block = 0; block < 20; ++block) {
      const Words expected = philox4x32(
          {0x89abcdefu, 0x01234567u}, {block, 0x76543210u, 0xfedcba98u, static_cast<std::uint32_t>(purpose)});
      for (const std::uint32_t word : expected) CHECK_EQUAL(stream.next_uint32(), word);
    }
  }
}

TEST("items that draw in step have the numbers of their own streams") {
  constexpr std::uint64_t seed = 0x0123456789abcdefu, first = 0xfffffffeu;
  PhiloxStreams together;
  for (const std::size_t count : {7, 3}) {
    together.begin(seed, StreamPurpose::sampling, first, count);
    std::vector<PhiloxStream> alone;
    for (std::size_t i = 0; i < count; ++i) alone.emplace_back(seed, StreamPurpose::sampling, first + i);
    for (std::size_t draw = 0; draw < 9; ++draw) {
      for (std::size_t i = draw / 3; i < count; ++i) {  // some draw no more
        CHECK_SAME_BITS(together.next_double(i, draw), alone[i].next_double());
      }
    }
  }
}

// They are in every model's results.
TEST("the purposes have the numbers that they have always had") {
  for (std::uint32_t i = 0; i < std::size(purposes); ++i) {
    CHECK_EQUAL(static_cast<std::uint32_t>(purposes[i]), i);
  }
}

TEST("a copy of a stream goes on by itself, in the middle of a block and of a pair of normals") {
  PhiloxStream stream = some_stream();
  stream.standard_normal();
  stream.next_uint32();
  PhiloxStream copy = stream;
  std::vector<double> numbers, numbers_of_copy;
  for (int i = 0; i < 9; ++i) numbers.push_back(stream.standard_normal() + stream.next_uint32());
  for (int i = 0; i < 9; ++i) numbers_of_copy.push_back(copy.standard_normal() + copy.next_uint32());
  CHECK_SAME_BITS(numbers_of_copy, numbers);
}

TEST("next_double has 53 bits of two words") {
  PhiloxStream stream = some_stream(), words = some_stream();
  for (int i = 0; i < 1000; ++i) {
    const std::uint64_t high = words.next_uint32() >> 5, low = words.next_uint32() >> 6;
    CHECK_SAME_BITS(stream.next_double(), static_cast<double>(high * 0x4000000u + low) / 9007199254740992.0);
  }
}

// ---- Distributions. Seeds are fixed, so these hold or fail for ever; the bounds would be exceeded by chance
// once in some ten thousand streams.

// How far counts are from all being equal, in standard deviations: chi-square is about normal for many cells,
// with mean cells - 1 and variance 2 (cells - 1).
double unevenness(const std::vector<std::size_t>& counts) {
  std::size_t total = 0;
  for (const std::size_t count : counts) total += count;
  const double expected = static_cast<double>(total) / static_cast<double>(counts.size());
  double chi_square = 0.0;
  for (const std::size_t count : counts) {
    const double difference = static_cast<double>(count) - expected;
    chi_square += difference * difference / expected;
  }
  const double degrees = static_cast<double>(counts.size()) - 1.0;
  return (chi_square - degrees) / std::sqrt(2.0 * degrees);
}

TEST("doubles are uniform in [0, 1), within a stream, and the first ones across items and seeds") {
  constexpr std::size_t count = 200000, cells = 256;
  std::vector<std::vector<std::size_t>> counts(3, std::vector<std::size_t>(cells));
  PhiloxStream stream = some_stream();
  bool in_range = true;
  for (std::size_t i = 0; i < count; ++i) {
    const double numbers[] = {stream.next_double(), some_stream(i).next_double(),
                              PhiloxStream(i, StreamPurpose::dropout, 0).next_double()};
    for (std::size_t which = 0; which < 3; ++which) {
      in_range = in_range && numbers[which] >= 0.0 && numbers[which] < 1.0;
      ++counts[which][std::min(cells - 1, static_cast<std::size_t>(numbers[which] * cells))];
    }
  }
  CHECK(in_range);
  for (const std::vector<std::size_t>& each : counts) CHECK_NEAR(unevenness(each), 0.0, 4.0);
}

TEST("every bit of the words is a fair coin, and neighbouring words toss them independently") {
  constexpr int count = 40000;
  PhiloxStream stream = some_stream(1);
  std::array<int, 32> ones{}, changes{};
  std::uint32_t previous = stream.next_uint32();
  for (int i = 0; i < count; ++i) {
    const std::uint32_t word = stream.next_uint32();
    for (unsigned bit = 0; bit < 32; ++bit) {
      ones[bit] += static_cast<int>(word >> bit & 1);
      changes[bit] += static_cast<int>((word ^ previous) >> bit & 1);
    }
    previous = word;
  }
  for (unsigned bit = 0; bit < 32; ++bit) {  // the standard deviation is 100
    CHECK_NEAR(ones[bit], count / 2, 450);
    CHECK_NEAR(changes[bit], count / 2, 450);
  }
}

// Streams that share words somewhere would show as a correlation far from 0, whose standard deviation is
// 1 / sqrt(count).
TEST("streams of neighbouring items, seeds and of all purposes have nothing in common") {
  constexpr int count = 4000;
  const auto numbers_of = [](PhiloxStream stream) {
    std::vector<double> numbers(count);
    for (double& number : numbers) number = stream.next_double() - 0.5;
    return numbers;
  };
  std::vector<std::vector<double>> streams;
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32}) {
    for (const std::uint64_t item : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 32}) {
      for (const StreamPurpose purpose : purposes) streams.push_back(numbers_of({seed, purpose, item}));
    }
  }
  for (std::size_t i = 0; i < streams.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      double covariance = 0.0;
      for (int k = 0; k < count; ++k) covariance += streams[i][k] * streams[j][k];
      CHECK_NEAR(covariance / count * 12.0, 0.0, 5.0 / std::sqrt(count));  // the variance is 1 / 12
    }
  }
}

TEST("below gives every number under the bound and none above, equally often") {
  for (const std::uint32_t bound : {1u, 2u, 3u, 5u, 6u, 7u, 27u, 64u, 100u, 255u, 256u, 257u}) {
    const Context context("bound ", bound);
    PhiloxStream stream = some_stream(bound);
    std::vector<std::size_t> counts(bound);
    bool in_range = true;
    for (std::size_t i = 0; i < 1000 * std::size_t{bound}; ++i) {
      const std::uint32_t number = stream.below(bound);
      in_range = in_range && number < bound;
      if (number < bound) ++counts[number];
    }
    CHECK(in_range);
    if (bound > 1) CHECK_NEAR(unevenness(counts), 0.0, 4.0);
  }
}

// With a bound of three quarters of 2^32, four words fall to three results: if no word was refused, every
// third result, those of the form 3 k, would come twice as often as the others.
TEST("below has no bias where many words have to be refused") {
  constexpr std::uint32_t bound = 0xC0000000u;
  PhiloxStream stream = some_stream(2);
  std::vector<std::size_t> counts(3);
  for (int i = 0; i < 30000; ++i) ++counts[stream.below(bound) % 3];
  CHECK_NEAR(unevenness(counts), 0.0, 4.0);
}

// floor(w bound / 2^32) of the first word w whose product is not refused. Products are refused if their lower
// half is below 2^32 mod bound.
TEST("below is the multiplication of a word, to the number, for bounds up to the largest") {
  for (const std::uint32_t bound :
       {1u, 2u, 3u, 1000u, 0x7fffffffu, 0x80000000u, 0x80000001u, 0xC0000000u, 0xfffffffeu, 0xffffffffu}) {
    const Context context("bound ", bound);
    PhiloxStream stream = some_stream(3), words = some_stream(3);
    const std::uint64_t too_many = 0x100000000u % bound;
    for (int i = 0; i < 1000; ++i) {
      std::uint64_t product = std::uint64_t{words.next_uint32()} * bound;
      while (product % 0x100000000u < too_many) product = std::uint64_t{words.next_uint32()} * bound;
      CHECK_EQUAL(stream.below(bound), product / 0x100000000u);
    }
    CHECK_EQUAL(stream.next_uint32(), words.next_uint32());  // it has taken no more words than that
  }
}

TEST("standard_normal is the polar method to the bit, the first of a pair first") {
  PhiloxStream stream = some_stream(4), uniform = some_stream(4);
  std::vector<double> normals, expected;
  while (expected.size() < 2000) {
    const double x = 2.0 * uniform.next_double() - 1.0;
    const double y = 2.0 * uniform.next_double() - 1.0;
    const double radius_squared = x * x + y * y;
    if (radius_squared >= 1.0 || radius_squared == 0.0) continue;
    const double factor = std::sqrt(-2.0 * naive_log(radius_squared) / radius_squared);
    expected.push_back(x * factor);
    expected.push_back(y * factor);
  }
  for (std::size_t i = 0; i < expected.size(); ++i) normals.push_back(stream.standard_normal());
  CHECK_SAME_BITS(normals, expected);
}

TEST("normals have the moments and tails of the normal distribution, and pairs no correlation") {
  constexpr int count = 200000;
  PhiloxStream stream = some_stream(5);
  double powers[5] = {}, products = 0.0, previous = 0.0;
  int beyond_one = 0, beyond_three = 0;
  for (int i = 0; i < count; ++i) {
    const double number = stream.standard_normal();
    double power = 1.0;
    for (double& sum : powers) {
      sum += power / count;
      power *= number;
    }
    if (i % 2 == 1) products += number * previous / (count / 2);
    previous = number;
    beyond_one += number > 1.0 ? 1 : 0;
    beyond_three += number < -3.0 ? 1 : 0;
  }
  // Each bound is four standard deviations: of x^k that is sqrt((E x^2k - (E x^k)^2) / count).
  const double unit = 4.0 / std::sqrt(static_cast<double>(count));
  CHECK_NEAR(powers[1], 0.0, unit);
  CHECK_NEAR(powers[2], 1.0, unit * std::sqrt(2.0));
  CHECK_NEAR(powers[3], 0.0, unit * std::sqrt(15.0));
  CHECK_NEAR(powers[4], 3.0, unit * std::sqrt(96.0));
  CHECK_NEAR(products, 0.0, unit * std::sqrt(2.0));
  CHECK_NEAR(static_cast<double>(beyond_one) / count, 0.158655, unit * 0.37);
  CHECK_NEAR(static_cast<double>(beyond_three) / count, 0.00134990, unit * 0.037);
}

TEST("shuffled indices are a permutation, for every size") {
  for (std::uint32_t size = 0; size <= 300; ++size) {
    PhiloxStream stream = some_stream(size);
    std::vector<std::uint32_t> order = shuffled_indices(size, stream);
    std::sort(order.begin(), order.end());
    bool all_there = order.size() == size;
    for (std::uint32_t i = 0; all_there && i < size; ++i) all_there = order[i] == i;
    CHECK(all_there);
  }
}

TEST("shuffled indices are what the documented exchanges make of the ascending ones") {
  PhiloxStream stream = some_stream(6), draws = some_stream(6);
  std::vector<std::uint32_t> expected = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  for (const std::uint32_t i : {9u, 8u, 7u, 6u, 5u, 4u, 3u, 2u, 1u}) {
    const std::uint32_t other = draws.below(i + 1), number = expected[i];
    expected[i] = expected[other];
    expected[other] = number;
  }
  CHECK_EQUAL(shuffled_indices(10, stream), expected);
  CHECK_EQUAL(stream.next_uint32(), draws.next_uint32());
}

TEST("each order of four is equally likely") {
  PhiloxStream stream = some_stream(7);
  std::vector<std::size_t> counts(4 * 4 * 4 * 4);
  for (int i = 0; i < 24000; ++i) {
    std::size_t code = 0;
    for (const std::uint32_t number : shuffled_indices(4, stream)) code = 4 * code + number;
    ++counts[code];
  }
  std::erase(counts, 0u);
  CHECK_EQUAL(counts.size(), 24);
  CHECK_NEAR(unevenness(counts), 0.0, 4.0);
}

}  // namespace
}  // namespace dinorc::check
