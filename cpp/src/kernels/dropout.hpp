// Dropout (Srivastava et al., 2014) with masks that are computed from a counter and never stored.
#pragma once

#include "dinorc/kernels/kernel_arguments.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/philox.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// Where the words are at least the threshold `kept`, elsewhere 0.
DINORC_INLINE Float32s kept_where(const std::uint32_t* words, std::uint32_t threshold, Float32s kept) {
  UInt32s word;
  std::memcpy(&word, words, sizeof(word));
  return select(word >= UInt32s{} + threshold, kept, Float32s{});
}

// 2^52 + a word has the word as its low bits: compared as doubles, since SSE2 has no comparison of 64 bits.
DINORC_INLINE Float64s kept_where(const std::uint32_t* words, std::uint32_t threshold, Float64s kept) {
  constexpr std::uint64_t bits_of_2_to_52 = 0x4330000000000000u;
  std::uint64_t numbers[lanes<double>];
  for (std::size_t i = 0; i < lanes<double>; ++i) numbers[i] = bits_of_2_to_52 | words[i];
  Float64s word;
  std::memcpy(&word, numbers, sizeof(word));
  return select(word >= broadcast(0x1p52 + threshold), kept, Float64s{});
}

// y[j] = scale x[j] where number j is kept, elsewhere 0
template <typename Real>
void dropout_kernel(const Dropout<Real>& dropout, const Real* x, Real* y, std::size_t size) {
  for (std::size_t first = 0; first < size; first += philox_words) {
    std::uint32_t words[philox_words];
    philox4x32(dropout.key, dropout.counter, static_cast<std::uint32_t>(first / 4), words);
    const std::size_t end = size - first < philox_words ? size - first : philox_words;
    for (std::size_t i = 0; i < end; i += lanes<Real>) {
      const Vector<Real> scaled = load_first(x + first + i, end - i) * broadcast(dropout.scale);
      store_first(y + first + i, kept_where(words + i, dropout.threshold, scaled), end - i);
    }
  }
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
