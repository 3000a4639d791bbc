// A hash of numbers by their bits: equal hashes stand for equal results.
#pragma once

#include <bit>
#include <cstdint>

#include "dinorc/foundations/views.hpp"

namespace dinorc {

// 64-bit FNV-1a (Fowler, Noll and Vo) over the bytes of each number, lowest first, whatever the byte order of
// the machine. All NaNs count as the same: their payload is no result.
class BitHash {
 public:
  void add(std::uint64_t bits, unsigned bytes = 8) {
    for (unsigned byte = 0; byte < bytes; ++byte) {
      hash_ = (hash_ ^ (bits >> (8 * byte) & 0xFF)) * 0x100000001B3u;
    }
  }

  void add(double number) { add(number != number ? nan64 : std::bit_cast<std::uint64_t>(number)); }
  void add(float number) { add(number != number ? nan32 : std::bit_cast<std::uint32_t>(number), 4); }

  template <typename Real>
  void add(VectorView<Real> numbers) {
    for (std::size_t i = 0; i < numbers.size; ++i) add(numbers[i]);
  }

  std::uint64_t value() const { return hash_; }

 private:
  static constexpr std::uint64_t nan64 = 0x7FF8000000000000u;
  static constexpr std::uint32_t nan32 = 0x7FC00000u;

  std::uint64_t hash_ = 0xCBF29CE484222325u;
};

}  // namespace dinorc
