#include "dinorc/random/philox.hpp"

#include <numeric>
#include <utility>

#include "dinorc/foundations/float_contract.hpp"
#include "dinorc/random/polar_method.hpp"

namespace dinorc {
namespace {

constexpr std::uint32_t low_word(std::uint64_t words) { return static_cast<std::uint32_t>(words); }
constexpr std::uint32_t high_word(std::uint64_t words) { return static_cast<std::uint32_t>(words >> 32); }

constexpr double double_of(std::uint32_t first, std::uint32_t second) {
  return static_cast<double>(std::uint64_t{first >> 5} << 26 | second >> 6) * 0x1p-53;
}

}  // namespace

PhiloxStream::PhiloxStream(std::uint64_t seed, StreamPurpose purpose, std::uint64_t item)
    : key_{low_word(seed), high_word(seed)},
      counter_{0, low_word(item), high_word(item), static_cast<std::uint32_t>(purpose)} {}

std::uint32_t PhiloxStream::next_uint32() {
  if (position_ == block_.size()) {
    block_ = philox4x32(key_, counter_);
    ++counter_[0];
    position_ = 0;
  }
  return block_[position_++];
}

double PhiloxStream::next_double() {
  const std::uint32_t first = next_uint32();
  return double_of(first, next_uint32());
}

// With w uniform below 2^32, floor(w * bound / 2^32) is below bound, and each result comes from 2^32 / bound
// products, rounded up or down. The surplus products, whose low word is below 2^32 mod bound, are refused.
std::uint32_t PhiloxStream::below(std::uint32_t bound) {
  std::uint64_t product = std::uint64_t{next_uint32()} * bound;
  if (low_word(product) < bound) {  // else it can't be refused: spares the division
    const std::uint32_t too_many = (0u - bound) % bound;
    while (low_word(product) < too_many) product = std::uint64_t{next_uint32()} * bound;
  }
  return high_word(product);
}

// The number from x is handed out first.
double PhiloxStream::standard_normal() {
  if (has_second_normal_) {
    has_second_normal_ = false;
    return second_normal_;
  }
  const NormalPair pair = draw_normals([this] { return next_double(); });
  second_normal_ = pair.y;
  has_second_normal_ = true;
  return pair.x;
}

void PhiloxStreams::begin(std::uint64_t seed, StreamPurpose purpose, std::uint64_t first, std::size_t count) {
  key_ = {low_word(seed), high_word(seed)};
  purpose_ = static_cast<std::uint32_t>(purpose);
  first_ = first;
  spare_.resize(count);
}

double PhiloxStreams::next_double(std::size_t index, std::size_t draw) {
  if (draw % 2 == 1) return spare_[index];
  const std::uint64_t item = first_ + index;
  const std::array<std::uint32_t, 4> block =
      philox4x32(key_, {static_cast<std::uint32_t>(draw / 2), low_word(item), high_word(item), purpose_});
  spare_[index] = double_of(block[2], block[3]);
  return double_of(block[0], block[1]);
}

std::vector<std::uint32_t> shuffled_indices(std::size_t size, PhiloxStream& stream) {
  std::vector<std::uint32_t> order(size);
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  for (std::size_t i = size; i-- > 1;) {
    std::swap(order[i], order[stream.below(static_cast<std::uint32_t>(i) + 1)]);
  }
  return order;
}

}  // namespace dinorc
