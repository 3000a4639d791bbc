// What the elementary functions are made of: the bits of a number, powers of two, the nearest integer.
//
// All of it runs on plain SSE2: there are no conversions between integers and doubles and no 64-bit integer
// comparisons. Integers are unsigned, because their sums are meant to wrap.
#pragma once

#include <cstdint>

#include "kernels/arithmetic/limits.hpp"
#include "kernels/arithmetic/vector.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

#if DINORC_VECTOR_EXTENSION
typedef std::uint64_t UInt64s __attribute__((vector_size(vector_bytes)));
typedef std::uint32_t UInt32s __attribute__((vector_size(vector_bytes)));
#else
using UInt64s = std::uint64_t;
using UInt32s = std::uint32_t;
#endif

constexpr std::uint64_t float64_one_bits = 0x3FF0000000000000u;  // the bits of 1.0
constexpr int float64_exponent_shift = 52;

DINORC_INLINE Float64s magnitude(Float64s x) {
  return bits_as<Float64s>(bits_as<UInt64s>(x) & 0x7FFFFFFFFFFFFFFFu);
}

DINORC_INLINE Float32s magnitude(Float32s x) { return bits_as<Float32s>(bits_as<UInt32s>(x) & 0x7FFFFFFFu); }

// `value`, which has no sign of its own, with the sign of `sign`. This is what makes an odd function odd to
// the bit: it is computed for the magnitude alone.
DINORC_INLINE Float64s with_sign_of(Float64s value, Float64s sign) {
  return bits_as<Float64s>(bits_as<UInt64s>(value) | (bits_as<UInt64s>(sign) & 0x8000000000000000u));
}

DINORC_INLINE Float32s with_sign_of(Float32s value, Float32s sign) {
  return bits_as<Float32s>(bits_as<UInt32s>(value) | (bits_as<UInt32s>(sign) & 0x80000000u));
}

// The integer nearest to a number of magnitude below 2^51: as a double, and as the bits it was read from,
// whose low twelve are the integer modulo 2^12. Added to 1.5 * 2^52, whose last place is 1, a number is
// rounded to an integer, and the subtraction is exact.
struct NearestInteger {
  Float64s value;
  UInt64s bits;
};

DINORC_INLINE NearestInteger nearest_integer(Float64s x) {
  const double shifter = 0x1.8p52;
  const Float64s shifted = x + shifter;
  return {shifted - shifter, bits_as<UInt64s>(shifted)};
}

// 2^k, for -1022 <= k <= 1023.
DINORC_INLINE Float64s power_of_two(NearestInteger k) {
  return bits_as<Float64s>((k.bits << float64_exponent_shift) + float64_one_bits);
}

// 2^-k, for -1023 <= k <= 1022.
DINORC_INLINE Float64s reciprocal_power_of_two(NearestInteger k) {
  return bits_as<Float64s>(float64_one_bits - (k.bits << float64_exponent_shift));
}

// Two powers of two whose product is 2^k or 2^-k. Multiplied in turn onto a number near 1 they give overflow
// to infinity exactly where it is due, and subnormal numbers with a second rounding of half of their ULP.
struct PowerOfTwoInSteps {
  Float64s first, second;
};

// 2^k, for -2044 <= k <= 2046. The steps are 2^floor(k/2) and 2^(k - floor(k/2)).
DINORC_INLINE PowerOfTwoInSteps power_of_two_in_steps(NearestInteger k) {
  const UInt64s half = (k.bits >> 1) << float64_exponent_shift;
  const UInt64s rest = (k.bits << float64_exponent_shift) - half;
  return {bits_as<Float64s>(half + float64_one_bits), bits_as<Float64s>(rest + float64_one_bits)};
}

// 2^-k, for -2046 <= k <= 2044.
DINORC_INLINE PowerOfTwoInSteps reciprocal_power_of_two_in_steps(NearestInteger k) {
  const UInt64s half = (k.bits >> 1) << float64_exponent_shift;
  const UInt64s rest = (k.bits << float64_exponent_shift) - half;
  return {bits_as<Float64s>(float64_one_bits - half), bits_as<Float64s>(float64_one_bits - rest)};
}

// x = 2^exponent * fraction with fraction in [c, 2 c), c = 0.697, for positive normal x. With the bits of c
// as origin instead of those of 1, the exponent field steps where the fraction does: the logarithm of the
// fraction is then small on both sides of 1 and nothing cancels. c is a little less than sqrt(1/2), so that
// the worst rounding errors of log above and below 1 are alike.
struct ExponentAndFraction {
  Float64s exponent, fraction;
};

DINORC_INLINE ExponentAndFraction exponent_and_fraction(Float64s x) {
  const std::uint64_t origin = 0x3FE6500000000000u;
  const UInt64s field = bits_as<UInt64s>(x) + (float64_one_bits - origin);
  const UInt64s fraction = (field & 0x000FFFFFFFFFFFFFu) + origin;
  // 2^52 + an integer below 2^52 has the integer as its low bits; the bias 1023 goes with the 2^52.
  const UInt64s exponent = (field >> float64_exponent_shift) | 0x4330000000000000u;
  return {bits_as<Float64s>(exponent) - (0x1p52 + 1023.0), bits_as<Float64s>(fraction)};
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
