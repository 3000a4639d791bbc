// Philox4x32-10, the counter-based generator (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
// easy as 1, 2, 3", 2011), for many neighbouring blocks at once.
#pragma once

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "kernels/arithmetic/math_parts.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// Of vectors of 64-bit lanes:
//   multiply_lower_halves  the products of the lower halves
//   interleave_even        a[0], b[0], a[2], b[2], ...
//   interleave_odd         a[1], b[1], a[3], b[3], ...
// each of which is one instruction on x86.
#if DINORC_VECTOR_EXTENSION && defined(__AVX512F__)
DINORC_INLINE UInt64s multiply_lower_halves(UInt64s a, UInt64s b) {
  return (UInt64s)_mm512_maskz_mul_epu32(0xFF, (__m512i)a, (__m512i)b);
}
DINORC_INLINE UInt64s interleave_even(UInt64s a, UInt64s b) {
  return (UInt64s)_mm512_maskz_unpacklo_epi64(0xFF, (__m512i)a, (__m512i)b);
}
DINORC_INLINE UInt64s interleave_odd(UInt64s a, UInt64s b) {
  return (UInt64s)_mm512_maskz_unpackhi_epi64(0xFF, (__m512i)a, (__m512i)b);
}
#elif DINORC_VECTOR_EXTENSION && defined(__AVX2__)
DINORC_INLINE UInt64s multiply_lower_halves(UInt64s a, UInt64s b) {
  return (UInt64s)_mm256_mul_epu32((__m256i)a, (__m256i)b);
}
DINORC_INLINE UInt64s interleave_even(UInt64s a, UInt64s b) {
  return (UInt64s)_mm256_unpacklo_epi64((__m256i)a, (__m256i)b);
}
DINORC_INLINE UInt64s interleave_odd(UInt64s a, UInt64s b) {
  return (UInt64s)_mm256_unpackhi_epi64((__m256i)a, (__m256i)b);
}
#elif DINORC_VECTOR_EXTENSION && defined(__SSE2__)
DINORC_INLINE UInt64s multiply_lower_halves(UInt64s a, UInt64s b) {
  return (UInt64s)_mm_mul_epu32((__m128i)a, (__m128i)b);
}
DINORC_INLINE UInt64s interleave_even(UInt64s a, UInt64s b) {
  return (UInt64s)_mm_unpacklo_epi64((__m128i)a, (__m128i)b);
}
DINORC_INLINE UInt64s interleave_odd(UInt64s a, UInt64s b) {
  return (UInt64s)_mm_unpackhi_epi64((__m128i)a, (__m128i)b);
}
#else
DINORC_INLINE UInt64s multiply_lower_halves(UInt64s a, UInt64s b) {
  return (a & 0xFFFFFFFFu) * (b & 0xFFFFFFFFu);
}
#endif

constexpr std::size_t philox_blocks = lanes<double>;     // computed at once, one in each 64-bit lane
constexpr std::size_t philox_words = 4 * philox_blocks;  // what they give

#if DINORC_VECTOR_EXTENSION && defined(__SSE2__)

// The number of the block that a lane computes: with this order the words come out of two interleavings.
constexpr std::size_t block_of_lane(std::size_t lane) { return lane / 2 + lane % 2 * (philox_blocks / 2); }

// words[4 block_of_lane(l) + w] = lower half of c[w][l]
DINORC_INLINE void store_words(const UInt64s* c, std::uint32_t* words) {
  const UInt64s first = (c[0] & 0xFFFFFFFFu) | (c[1] << 32);
  const UInt64s second = (c[2] & 0xFFFFFFFFu) | (c[3] << 32);
  const UInt64s in_order[2] = {interleave_even(first, second), interleave_odd(first, second)};
  std::memcpy(words, in_order, sizeof(in_order));
}

#else

constexpr std::size_t block_of_lane(std::size_t lane) { return lane; }

DINORC_INLINE void store_words(const UInt64s* c, std::uint32_t* words) {
  std::uint64_t lower_halves[4][philox_blocks];
  std::memcpy(lower_halves, c, sizeof(lower_halves));
  for (std::size_t l = 0; l < philox_blocks; ++l) {
    for (std::size_t w = 0; w < 4; ++w) words[4 * l + w] = static_cast<std::uint32_t>(lower_halves[w][l]);
  }
}

#endif

// words[4 b + w] = word w of the block whose counter is (first_block + b, counter...)
DINORC_INLINE void philox4x32(const std::uint32_t* key, const std::uint32_t* counter,
                              std::uint32_t first_block, std::uint32_t* words) {
  std::uint64_t blocks[philox_blocks];
  for (std::size_t l = 0; l < philox_blocks; ++l) blocks[l] = block_of_lane(l);
  // Only the lower half of each lane counts; what gets into the upper ones is never looked at.
  UInt64s c[4] = {{}, UInt64s{} + counter[0], UInt64s{} + counter[1], UInt64s{} + counter[2]};
  std::memcpy(&c[0], blocks, sizeof(c[0]));
  c[0] += first_block;
  UInt64s key0 = UInt64s{} + key[0], key1 = UInt64s{} + key[1];
  for (int round = 0; round < 10; ++round) {
    const UInt64s product0 = multiply_lower_halves(c[0], UInt64s{} + 0xD2511F53u);
    const UInt64s product1 = multiply_lower_halves(c[2], UInt64s{} + 0xCD9E8D57u);
    c[0] = (product1 >> 32) ^ c[1] ^ key0;
    c[1] = product1;
    c[2] = (product0 >> 32) ^ c[3] ^ key1;
    c[3] = product0;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  store_words(c, words);
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
