// MT19937, seeded and read as NumPy's legacy RandomState seeds and reads it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace dinorc {

// The generator of Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
// pseudorandom number generator", ACM TOMACS 8 (1998), with their 2002 initialisation from one integer.
//
// Words are seeded and twisted one by one, when they are asked for: the notebook seeds a new stream for every
// letter and takes two words from it, for which the first 399 words of the state suffice.
class MersenneTwister {
 public:
  static constexpr std::size_t state_size = 624;
  static constexpr std::size_t middle = 397;  // a word is twisted with the one that is this far ahead

  explicit MersenneTwister(std::uint32_t seed);

  std::uint32_t next_word();

  // Uniform in [0, 1) with 53 random bits: RandomState.random_sample().
  double random_sample();

  // Uniform in {0, ..., maximum}: what RandomState.shuffle draws its indices with.
  std::uint32_t random_interval(std::uint32_t maximum);

  // Standard normal by Marsaglia's polar method, two at a time: RandomState.randn().
  double standard_normal();

  // The same numbers one after the other, with their logarithms taken many at a time.
  void standard_normals(std::span<double> numbers);

 private:
  void seed_through(std::size_t index);

  std::array<std::uint32_t, state_size> state_;
  std::size_t seeded_ = 1;    // words of the state that the seed has reached
  std::size_t position_ = 0;  // of the word to twist next
  bool has_second_normal_ = false;
  double second_normal_ = 0.0;
};

// samples[i] = MersenneTwister(seeds[i]).random_sample(), several at a time: seeding is one long chain of
// dependent operations, and chains of different seeds run side by side.
void first_random_samples(std::span<const std::uint32_t> seeds, double* samples);

}  // namespace dinorc
