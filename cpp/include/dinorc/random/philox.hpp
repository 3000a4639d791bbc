// Philox4x32-10, the counter-based generator of everything newer than the notebook.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace dinorc {

// Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC '11: four random words as
// a function of a key and a counter, in ten rounds, with nothing to remember in between. Each round
// multiplies two words, hi 2^32 + lo = multiplier * word, and crosses the halves over:
//
//   (c0, c1, c2, c3) <- (hi(M1 c2) ^ c1 ^ k0,  lo(M1 c2),  hi(M0 c0) ^ c3 ^ k1,  lo(M0 c0))
constexpr std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 2> key,
                                                  std::array<std::uint32_t, 4> counter) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t product0 = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t product1 = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<std::uint32_t>(product0)};
    key = {key[0] + 0x9E3779B9u, key[1] + 0xBB67AE85u};  // the golden ratio and the square root of 3
  }
  return counter;
}

// What random numbers are for; each has streams of its own. The numbers are part of the results: a new
// purpose goes to the end.
enum class StreamPurpose : std::uint32_t {
  initial_values,
  validation_split,
  epoch_order,
  dropout,
  sampling,
  looking_ahead,
  choosing,
  epoch_choice,
};

// The random numbers of one item (a parameter, an epoch, a name) for one purpose. They depend on seed,
// purpose and item alone, so that neither the size of a batch nor the number of threads can change them.
//
// The words are those of philox4x32 for the key `seed`, low word first, and the counters (block number, item
// low, item high, purpose), in this order; after 2^34 of them they repeat.
class PhiloxStream {
 public:
  PhiloxStream(std::uint64_t seed, StreamPurpose purpose, std::uint64_t item);

  std::uint32_t next_uint32();

  // Uniform in [0, 1) with 53 random bits: the upper 27 of one word, then the upper 26 of the next.
  double next_double();

  // Uniform in {0, ..., bound - 1}, without bias; bound is at least 1. Takes one word, rarely more: Lemire,
  // "Fast random integer generation in an interval", ACM TOMACS 29 (2019).
  std::uint32_t below(std::uint32_t bound);

  // Standard normal by Marsaglia's polar method, two at a time.
  double standard_normal();

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;  // of the next block
  std::array<std::uint32_t, 4> block_{};
  std::size_t position_ = 4;  // in the block; 4: it is used up
  bool has_second_normal_ = false;
  double second_normal_ = 0.0;
};

// The numbers that next_double() gives of the streams of many items. These draw in step, so that of each no
// more has to be kept than what its last block has to spare.
class PhiloxStreams {
 public:
  // From now on, those of the items first, ..., first + count - 1.
  void begin(std::uint64_t seed, StreamPurpose purpose, std::uint64_t first, std::size_t count);

  // Number `draw` of item first + index, which has drawn those before it: 0, 1, ...
  double next_double(std::size_t index, std::size_t draw);

 private:
  std::array<std::uint32_t, 2> key_{};
  std::uint32_t purpose_ = 0;
  std::uint64_t first_ = 0;
  std::vector<double> spare_;  // by index
};

// 0, ..., size - 1 in random order, each order equally likely; size is below 2^32. Durstenfeld's shuffle
// (Communications of the ACM 7, 1964) of the ascending numbers: for i = size - 1, ..., 1, the numbers at i
// and at below(i + 1) change places.
std::vector<std::uint32_t> shuffled_indices(std::size_t size, PhiloxStream& stream);

}  // namespace dinorc
