#include "dinorc/random/mersenne_twister.hpp"

#include <cmath>

#include "dinorc/float_contract.hpp"
#include "dinorc/kernels.hpp"

namespace dinorc {

MersenneTwister::MersenneTwister(std::uint32_t seed) { state_[0] = seed; }

void MersenneTwister::seed_through(std::size_t index) {
  for (; seeded_ <= index; ++seeded_) {
    const std::uint32_t previous = state_[seeded_ - 1];
    state_[seeded_] = 1812433253u * (previous ^ (previous >> 30)) + static_cast<std::uint32_t>(seeded_);
  }
}

std::uint32_t MersenneTwister::next_word() {
  const std::size_t next = position_ + 1 == state_size ? 0 : position_ + 1;
  const std::size_t far =
      position_ + middle < state_size ? position_ + middle : position_ + middle - state_size;
  // Indices that wrap around were twisted before, so they are seeded: the larger index covers all three.
  if (seeded_ < state_size) seed_through(far > next ? far : next);

  const std::uint32_t joined = (state_[position_] & 0x80000000u) | (state_[next] & 0x7fffffffu);
  std::uint32_t word = state_[far] ^ (joined >> 1) ^ ((joined & 1u) != 0 ? 0x9908b0dfu : 0u);
  state_[position_] = word;
  position_ = next;

  word ^= word >> 11;
  word ^= (word << 7) & 0x9d2c5680u;
  word ^= (word << 15) & 0xefc60000u;
  word ^= word >> 18;
  return word;
}

double MersenneTwister::random_sample() {
  const std::uint32_t high = next_word() >> 5;  // 27 bits
  const std::uint32_t low = next_word() >> 6;   // 26 bits
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

std::uint32_t MersenneTwister::random_interval(std::uint32_t maximum) {
  if (maximum == 0) return 0;
  std::uint32_t mask = maximum;
  for (unsigned shift = 1; shift <= 16; shift *= 2) mask |= mask >> shift;
  std::uint32_t value = next_word() & mask;
  while (value > maximum) value = next_word() & mask;
  return value;
}

// With (x, y) uniform in the unit disc and r2 = x^2 + y^2, both x f and y f are standard normal for
// f = sqrt(-2 log(r2) / r2). The second is handed out first, as RandomState does.
double MersenneTwister::standard_normal() {
  if (has_second_normal_) {
    has_second_normal_ = false;
    return second_normal_;
  }
  double x = 0.0;
  double y = 0.0;
  double radius_squared = 0.0;
  do {
    x = 2.0 * random_sample() - 1.0;
    y = 2.0 * random_sample() - 1.0;
    radius_squared = x * x + y * y;
  } while (radius_squared >= 1.0 || radius_squared == 0.0);
  double logarithm = 0.0;
  active_kernels<double>().log(&radius_squared, &logarithm, 1);
  const double factor = std::sqrt(-2.0 * logarithm / radius_squared);
  second_normal_ = factor * x;
  has_second_normal_ = true;
  return factor * y;
}

}  // namespace dinorc
