#include "dinorc/random/mersenne_twister.hpp"

#include <algorithm>

#include "dinorc/foundations/float_contract.hpp"
#include "dinorc/random/polar_method.hpp"

namespace dinorc {

namespace {

// State word `index` from the one before it, where the seed is word 0.
constexpr std::uint32_t seeded_word(std::uint32_t previous, std::size_t index) {
  return 1812433253u * (previous ^ (previous >> 30)) + static_cast<std::uint32_t>(index);
}

// The new state word from the old one at its place, the one after it, and the one `middle` places on.
constexpr std::uint32_t twisted(std::uint32_t word, std::uint32_t next, std::uint32_t far) {
  const std::uint32_t joined = (word & 0x80000000u) | (next & 0x7fffffffu);
  return far ^ (joined >> 1) ^ ((joined & 1u) != 0 ? 0x9908b0dfu : 0u);
}

constexpr std::uint32_t tempered(std::uint32_t word) {
  word ^= word >> 11;
  word ^= (word << 7) & 0x9d2c5680u;
  word ^= (word << 15) & 0xefc60000u;
  word ^= word >> 18;
  return word;
}

// 27 bits of the first word and 26 of the second, as a fraction of 2^53.
constexpr double fraction(std::uint32_t first, std::uint32_t second) {
  return ((first >> 5) * 67108864.0 + (second >> 6)) / 9007199254740992.0;
}

}  // namespace

MersenneTwister::MersenneTwister(std::uint32_t seed) { state_[0] = seed; }

void MersenneTwister::seed_through(std::size_t index) {
  for (; seeded_ <= index; ++seeded_) state_[seeded_] = seeded_word(state_[seeded_ - 1], seeded_);
}

std::uint32_t MersenneTwister::next_word() {
  const std::size_t next = position_ + 1 == state_size ? 0 : position_ + 1;
  const std::size_t far =
      position_ + middle < state_size ? position_ + middle : position_ + middle - state_size;
  // Indices that wrap around were twisted before, so they are seeded: the larger index covers all three.
  if (seeded_ < state_size) seed_through(far > next ? far : next);

  state_[position_] = twisted(state_[position_], state_[next], state_[far]);
  const std::uint32_t word = tempered(state_[position_]);
  position_ = next;
  return word;
}

double MersenneTwister::random_sample() {
  const std::uint32_t first = next_word();
  return fraction(first, next_word());
}

void first_random_samples(std::span<const std::uint32_t> seeds, double* samples) {
  constexpr std::size_t lanes = 16;
  constexpr std::size_t middle = MersenneTwister::middle;
  for (std::size_t begin = 0; begin < seeds.size(); begin += lanes) {
    const std::size_t count = std::min(lanes, seeds.size() - begin);
    std::uint32_t word[lanes] = {};
    std::copy_n(seeds.data() + begin, count, word);

    // Of the seeded state, the first two words to come take only words 0 to 2, middle and middle + 1.
    std::uint32_t kept[5][lanes];
    std::size_t keep = 0;
    std::copy_n(word, lanes, kept[keep++]);
    for (std::size_t index = 1; index <= middle + 1; ++index) {
      for (std::size_t lane = 0; lane < lanes; ++lane) word[lane] = seeded_word(word[lane], index);
      if (index <= 2 || index >= middle) std::copy_n(word, lanes, kept[keep++]);
    }
    for (std::size_t lane = 0; lane < count; ++lane) {
      const std::uint32_t first = tempered(twisted(kept[0][lane], kept[1][lane], kept[3][lane]));
      const std::uint32_t second = tempered(twisted(kept[1][lane], kept[2][lane], kept[4][lane]));
      samples[begin + lane] = fraction(first, second);
    }
  }
}

std::uint32_t MersenneTwister::random_interval(std::uint32_t maximum) {
  if (maximum == 0) return 0;
  std::uint32_t mask = maximum;
  for (unsigned shift = 1; shift <= 16; shift *= 2) mask |= mask >> shift;
  std::uint32_t value = next_word() & mask;
  while (value > maximum) value = next_word() & mask;
  return value;
}

// The number from y is handed out first, as RandomState does.
double MersenneTwister::standard_normal() {
  if (has_second_normal_) {
    has_second_normal_ = false;
    return second_normal_;
  }
  const NormalPair pair = draw_normals([this] { return random_sample(); });
  second_normal_ = pair.x;
  has_second_normal_ = true;
  return pair.y;
}

void MersenneTwister::standard_normals(std::span<double> numbers) {
  constexpr std::size_t most = 64;
  DiscPoint points[most];
  double logarithms[most];
  std::size_t done = 0;
  if (has_second_normal_ && !numbers.empty()) numbers[done++] = standard_normal();
  while (numbers.size() - done >= 2) {
    const std::size_t pairs = std::min(most, (numbers.size() - done) / 2);
    for (std::size_t i = 0; i < pairs; ++i) {
      points[i] = draw_from_disc([this] { return random_sample(); });
      logarithms[i] = points[i].radius_squared;
    }
    active_kernels<double>().log(logarithms, logarithms, pairs);
    for (std::size_t i = 0; i < pairs; ++i) {
      const NormalPair pair = normals_at(points[i], logarithms[i]);
      numbers[done++] = pair.y;
      numbers[done++] = pair.x;
    }
  }
  if (done < numbers.size()) numbers[done] = standard_normal();
}

}  // namespace dinorc
