// Numbers and characters for tests, the same in every run and on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dinorc/names/characters.hpp"

namespace dinorc::check {

// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
class MadeUpNumbers {
 public:
  explicit MadeUpNumbers(std::uint64_t seed) : state_(seed) {}

  std::uint64_t word() {
    std::uint64_t word = state_ += 0x9E3779B97F4A7C15u;
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9u;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBu;
    return word ^ (word >> 31);
  }

  // One of 0, ..., count - 1.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(word() % count); }

  // Uniform between -1 and 1, every bit of the significand in use.
  template <typename Real>
  Real number() {
    return static_cast<Real>(static_cast<double>(word() >> 11) * 0x1p-52 - 1.0);
  }

  template <typename Real>
  std::vector<Real> numbers(std::size_t count, Real scale = Real{1}) {
    std::vector<Real> result(count);
    for (Real& each : result) each = number<Real>() * scale;
    return result;
  }

  // Of magnitudes from 2^-8 to 2^8: their sum depends visibly on the order.
  template <typename Real>
  std::vector<Real> numbers_of_many_sizes(std::size_t count) {
    std::vector<Real> result(count);
    for (Real& each : result) {
      const Real power = static_cast<Real>(std::uint32_t{1} << below(17)) / Real{256};
      each = number<Real>() * power;
    }
    return result;
  }

  std::vector<CharacterId> characters(std::size_t count, std::size_t vocabulary_size) {
    std::vector<CharacterId> result(count);
    for (CharacterId& each : result) each = static_cast<CharacterId>(below(vocabulary_size));
    return result;
  }

 private:
  std::uint64_t state_;
};

}  // namespace dinorc::check
