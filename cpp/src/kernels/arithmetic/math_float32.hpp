// exp, tanh, sigmoid and log in binary32: computed in binary64 with a relative error near 2^-34 or below, and
// rounded once. The result is nearly always the nearest binary32 number, and never further than 0.501 ULP
// from the true value, over all 2^32 arguments (tests/cpp/exhaustive_float32.cpp). All four are monotone.
//
// In binary64 nothing overflows or becomes subnormal on the way, and no sums of two doubles are needed; that
// and the shorter polynomials make these functions cheaper than their binary64 kin.
#pragma once

#include "kernels/arithmetic/math_parts.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// function(x), lane by lane, for a function of doubles. The doubles of one Float32s fill two Float64s; they
// are converted as one wide vector, which the compiler splits for the registers it has (GCC 12 makes poor
// code of converting the halves one by one).
#if DINORC_VECTOR_EXTENSION
template <Float64s function(Float64s)>
DINORC_INLINE Float32s through_float64(Float32s x) {
  typedef double WideFloat64s __attribute__((vector_size(2 * vector_bytes)));
  Float64s halves[2];
  const WideFloat64s wide = __builtin_convertvector(x, WideFloat64s);
  std::memcpy(halves, &wide, sizeof(wide));
  halves[0] = function(halves[0]);
  halves[1] = function(halves[1]);
  WideFloat64s result;
  std::memcpy(&result, halves, sizeof(result));
  return __builtin_convertvector(result, Float32s);
}
#else
template <Float64s function(Float64s)>
DINORC_INLINE Float32s through_float64(Float32s x) {
  return static_cast<float>(function(static_cast<double>(x)));
}
#endif

// 2^f for |f| <= 1/2: 1 + f times a polynomial of degree 6; relative error 2^-34.3, and exact at 0.
DINORC_INLINE Float64s exp_rounding_to_float32(Float64s x) {
  // x / ln 2 is off by 2^-46 at most (|x| < 128), far below what binary32 shows: no second part of ln 2 here.
  const Float64s y = x * 0x1.71547652B82FEp+0;
  const NearestInteger k = nearest_integer(y);
  const Float64s f = y - k.value;
  const Float64s f2 = f * f;
  const Float64s c01 = 0x1.62E42FF0E1901p-1 + f * 0x1.EBFBE077875C5p-3;
  const Float64s c23 = 0x1.C6B08AC06C696p-5 + f * 0x1.3B29F39D16FB9p-7;
  const Float64s c45 = 0x1.5D8A85FED6817p-10 + f * 0x1.445C84335FE45p-13;
  const Float64s quotient = (c01 + f2 * c23) + (f2 * f2) * (c45 + f2 * 0x1.FDE5FDE5E9129p-17);
  return (1.0 + f * quotient) * power_of_two(k);
}

// exp(x) = 2^k (c + f) / (c - f), with f the fraction of x / ln 2 and c = f coth(f ln(2) / 2), an even
// function of f: a polynomial of degree 3 in f^2 gives exp to 2^-40.9. For functions that divide anyway this
// is half the polynomial of a direct approach.
struct ExponentialRatio {
  NearestInteger exponent;
  Float64s fraction, even;
};

DINORC_INLINE ExponentialRatio exponential_ratio(Float64s y) {
  const NearestInteger k = nearest_integer(y);
  const Float64s f = y - k.value;
  const Float64s f2 = f * f;
  const Float64s even = (0x1.71547652BA4B0p+1 + f2 * 0x1.D9303FC864541p-4) +
                        (f2 * f2) * (-0x1.E4FF442EC989Dp-11 + f2 * 0x1.60F519FEAD7CCp-17);
  return {k, f, even};
}

// tanh(x) = (exp(2x) - 1) / (exp(2x) + 1) for 0 <= x <= 20. The numerator is written with (2^k - 1) c, an
// exact zero for k = 0, so that it is accurate down to the smallest x.
DINORC_INLINE Float64s tanh_rounding_to_float32(Float64s x) {
  const ExponentialRatio e = exponential_ratio(x * 0x1.71547652B82FEp+1);
  const Float64s scale = power_of_two(e.exponent);
  const Float64s less = scale - 1.0;
  const Float64s more = scale + 1.0;
  return (less * e.even + more * e.fraction) / (more * e.even + less * e.fraction);
}

DINORC_INLINE Float64s sigmoid_rounding_to_float32(Float64s x) {
  const ExponentialRatio e = exponential_ratio(x * 0x1.71547652B82FEp+0);
  const Float64s numerator = (e.even + e.fraction) * power_of_two(e.exponent);
  return numerator / (numerator + (e.even - e.fraction));
}

// As in binary64, with s = f / (2 + f) and 2 atanh(s) = s (2 + z R(z)), z = s^2; relative error 2^-37.0. A
// subnormal binary32 number is a normal double.
DINORC_INLINE Float64s log_rounding_to_float32(Float64s x) {
  const ExponentAndFraction parts = exponent_and_fraction(x);
  const Float64s f = parts.fraction - 1.0;
  const Float64s s = f / (2.0 + f);
  const Float64s z = s * s;
  const Float64s c01 = 0x1.555554DCF9BC6p-1 + z * 0x1.999AB70AD194Dp-2;
  const Float64s c23 = 0x1.242955541AAEEp-2 + z * 0x1.E55088761C238p-3;
  return parts.exponent * 0x1.62E42FEFA39EFp-1 + s * (2.0 + z * (c01 + (z * z) * c23));
}

// Beyond -110 and 90 the result is 0 or infinity.
DINORC_INLINE Float32s exp(Float32s x) {
  return through_float64<exp_rounding_to_float32>(at_least(at_most(x, 90.0f), -110.0f));
}

// From 10 on the result is 1.
DINORC_INLINE Float32s tanh(Float32s x) {
  return with_sign_of(through_float64<tanh_rounding_to_float32>(at_most(magnitude(x), 10.0f)), x);
}

// Below -110 the result is 0, above 20 it is 1.
DINORC_INLINE Float32s sigmoid(Float32s x) {
  return through_float64<sigmoid_rounding_to_float32>(at_least(at_most(x, 20.0f), -110.0f));
}

DINORC_INLINE Float32s log(Float32s x) {
  const Float32s infinity = broadcast(bits_as<float>(std::uint32_t{0x7F800000u}));
  const Float32s not_a_number = broadcast(bits_as<float>(std::uint32_t{0x7FC00000u}));
  const Float32s outside = select(x < 0.0f, not_a_number, 0.0f - infinity);
  const Float32s finite = select(x > 0.0f, through_float64<log_rounding_to_float32>(x), outside);
  return select(x < infinity, finite, x + x);  // infinity and NaN are their own logarithms
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
