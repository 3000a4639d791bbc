// exp, tanh, sigmoid and log in binary64: at most 1 ULP from the true value, and monotone.
//
// One pattern serves all four: the last operation adds a small correction to a large exact (or nearly exact)
// number, so the result has the half ULP of that addition and little else. Where a quantity is needed to more
// than 53 bits it is kept as a sum of two doubles; the rounding error of large + small is recovered exactly
// by small - ((large + small) - large) (Dekker 1971; Muller et al., Handbook of Floating-Point Arithmetic).
//
// The largest errors found in 3 * 10^8 arguments a function: exp 0.73 ULP, tanh 0.75, sigmoid 0.75, log 0.76;
// where the result is subnormal 0.81. tests/python/core/test_math_accuracy.py holds them to 1.
//
// The coefficients are fits of our own in 200-bit arithmetic: polynomials by Remez exchange, the leading
// coefficients rounded to double first and the others fitted again; the quotient in tanh by interpolation in
// Chebyshev nodes. They are written in hexadecimal, so that no decimal conversion is involved.
#pragma once

#include "kernels/arithmetic/math_parts.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

// ln 2 in two parts (Cody & Waite 1980). The first has 42 bits, so its product with an integer of up to 11
// bits is exact; the sum of both is ln 2 to 2^-102.
constexpr double ln2_high = 0x1.62E42FEFA3800p-1;
constexpr double ln2_low = 0x1.EF35793C76730p-45;
constexpr double log2_e = 0x1.71547652B82FEp+0;

// exp(x) = 2^exponent * (1 + head + tail), |head| <= 0.3466.
struct ReducedExponential {
  NearestInteger exponent;
  Float64s head, tail;
};

// For |x| <= 750. With k the integer nearest to x / ln 2 and r = x - k ln 2:
//   head = x - k ln2_high is exact: the product is (see above), and the difference cancels leading bits;
//   tail = (exp(r) - 1 - r) - k ln2_low is at most 0.07, so its rounding errors are small beside 1.
// (exp(r) - 1 - r) / r^2 is a polynomial of degree 9 on |r| <= ln(2) / 2; it makes a relative error of
// 2^-57.9 in exp(r), that is 0.02 ULP. Evaluated by Estrin's scheme, because the chain of a Horner evaluation
// costs more than its three fewer products save.
DINORC_INLINE ReducedExponential reduce_exponential(Float64s x) {
  const NearestInteger k = nearest_integer(x * log2_e);
  const Float64s head = x - k.value * ln2_high;
  const Float64s head_error = k.value * ln2_low;
  const Float64s r = head - head_error;

  const Float64s r2 = r * r;
  const Float64s r4 = r2 * r2;
  const Float64s c01 = 0x1.000000000000Ap-1 + r * 0x1.5555555555503p-3;
  const Float64s c23 = 0x1.5555555550605p-5 + r * 0x1.1111111124D26p-7;
  const Float64s c45 = 0x1.6C16C184B5D6Bp-10 + r * 0x1.A01A013D641E4p-13;
  const Float64s c67 = 0x1.A019988ACCA30p-16 + r * 0x1.71DEF3B97CB4Ep-19;
  const Float64s c89 = 0x1.28AEDDC0DB4A6p-22 + r * 0x1.ADD8E2990168Fp-26;
  const Float64s quotient = (c01 + r2 * c23) + r4 * ((c45 + r2 * c67) + r4 * c89);
  return {k, head, r2 * quotient - head_error};
}

// Below -746 the result is 0 (less than half of the smallest subnormal number), above 710 it is infinity.
DINORC_INLINE Float64s exp(Float64s x) {
  const ReducedExponential e = reduce_exponential(at_least(at_most(x, 710.0), -746.0));
  const Float64s sum = 1.0 + e.head;
  const Float64s sum_error = (1.0 - sum) + e.head;  // exact, since |head| < 1
  const PowerOfTwoInSteps scale = power_of_two_in_steps(e.exponent);
  return ((sum + (sum_error + e.tail)) * scale.first) * scale.second;
}

// A multiple of 2^-25 near x, for |x| < 2^26: the product of two such numbers below 2 is exact.
DINORC_INLINE Float64s short_part(Float64s x) {
  const double shifter = 0x1.8p27;  // its last place is 2^-25
  return (x + shifter) - shifter;
}

// 1 / D with D = 2^-k + exp(r), for exp(x) = 2^k exp(r), k >= 0. It is the heart of the logistic function and
// of tanh, since 1 / (1 + exp(x)) = 2^-k / D has a numerator that is exact, and D is between 0.7 and 2.5.
//
// The reciprocal of the rounded D would be off by another ULP. So D and its reciprocal are each split into a
// short part and a rest; the product of the short parts is exact, and the remainder of the division gives the
// rest of the quotient (Dekker 1971). The result, high + low, is 1 / D to about 2^-57.
struct LogisticDenominator {
  Float64s rounded, high, low;
};

struct LogisticReciprocal {
  Float64s high, low;
};

// `scale` is 2^-k. In low nearly every operation is exact: high is close to the sum that it is taken from.
DINORC_INLINE LogisticDenominator logistic_denominator(Float64s scale, Float64s head, Float64s tail) {
  const Float64s one_and_scale = 1.0 + scale;
  const Float64s rounded = one_and_scale + (head + tail);
  const Float64s high = short_part(rounded);
  return {rounded, high, ((one_and_scale - high) + head) + tail};
}

// `quotient` is 1 / denominator.rounded.
DINORC_INLINE LogisticReciprocal logistic_reciprocal(Float64s quotient, LogisticDenominator denominator) {
  const Float64s high = short_part(quotient);
  const Float64s remainder = (1.0 - high * denominator.high) - high * denominator.low;
  return {high, remainder * quotient};
}

// 1 - scale * reciprocal, for a power of two `scale` and scale * reciprocal <= 0.7. The first difference is
// exact while scale >= 2^-28; later its rounding is felt (0.75 ULP at 2^-29), until the subtrahend is.
DINORC_INLINE Float64s one_minus(Float64s scale, LogisticReciprocal reciprocal) {
  return (1.0 - scale * reciprocal.high) - scale * reciprocal.low;
}

// 1 / (1 + exp(-x)). With s = 1 / (1 + exp(|x|)) <= 1/2 the result is s for negative x, to the last subnormal
// number, and 1 - s for positive x.
DINORC_INLINE Float64s sigmoid(Float64s x) {
  const ReducedExponential e = reduce_exponential(at_most(magnitude(x), 746.0));
  const PowerOfTwoInSteps steps = reciprocal_power_of_two_in_steps(e.exponent);
  const Float64s scale = steps.first * steps.second;
  // What 1 + scale loses, from 2^-53 on, is still some tenths of an ULP of a result that is near scale.
  const Float64s lost = scale - ((1.0 + scale) - 1.0);
  const LogisticDenominator denominator = logistic_denominator(scale, e.head, e.tail + lost);
  const LogisticReciprocal reciprocal = logistic_reciprocal(1.0 / denominator.rounded, denominator);
  const Float64s lower = ((reciprocal.high + reciprocal.low) * steps.first) * steps.second;
  return select(x < 0.0, lower, one_minus(scale, reciprocal));
}

// From 5/16 on, tanh(x) = 1 - 2 / (1 + exp(2 x)), where the subtrahend is below 0.7. Nearer to 0 that would
// cancel. There tanh(x) = x - x^3 P(x^2) / Q(x^2), with P and Q of degree 2 and a relative error of 2^-57.9;
// the subtrahend is at most a thirtieth of x, so its rounding errors hardly matter. The two branches share
// one division. At 22 and above the result is 1.
DINORC_INLINE Float64s tanh(Float64s x) {
  const Float64s a = at_most(magnitude(x), 22.0);
  const Float64s a2 = a * a;
  const Float64s p = 0x1.30B4C952526C8p+4 + a2 * (0x1.D8A16D50F8E69p-1 + a2 * 0x1.7EFC8A159044Ep-12);
  const Float64s q = 0x1.C90F2DFB7BA2Dp+5 + a2 * (0x1.99F4E0A260813p+4 + a2);

  const ReducedExponential e = reduce_exponential(a + a);
  const Float64s scale = reciprocal_power_of_two(e.exponent);
  const LogisticDenominator denominator = logistic_denominator(scale, e.head, e.tail);

  const auto near_zero = a < 0.3125;
  const Float64s numerator = select(near_zero, (a * a2) * p, broadcast(1.0));
  const Float64s quotient = numerator / select(near_zero, q, denominator.rounded);
  const Float64s far = one_minus(scale + scale, logistic_reciprocal(quotient, denominator));
  return with_sign_of(select(near_zero, a - quotient, far), x);
}

// x = 2^k (1 + f), log(x) = k ln 2 + log(1 + f), -0.303 < f < 0.395. As in fdlibm, with s = f / (2 + f):
//   log(1 + f) = 2 atanh(s) = 2 s + s R(s^2) = f - (f^2/2 - s (f^2/2 + R)),
// which has f, an exact number, as its leading term and relies on the rounded s only where that is multiplied
// by something small. R / s^2 is a polynomial of degree 6 in s^2 (|s| <= 0.1784), which makes a relative
// error of 2^-58.6 in log(1 + f). k ln2_high is exact, and its sum with f is kept with its rounding error.
DINORC_INLINE Float64s log(Float64s x) {
  // Subnormal numbers are made normal first.
  const auto subnormal = x < 0x1p-1022;
  const ExponentAndFraction parts = exponent_and_fraction(select(subnormal, x * 0x1p54, x));
  const Float64s k = parts.exponent - select(subnormal, broadcast(54.0), broadcast(0.0));
  const Float64s f = parts.fraction - 1.0;

  const Float64s s = f / (2.0 + f);
  const Float64s z = s * s;
  const Float64s z2 = z * z;
  const Float64s c01 = 0x1.55555555555BFp-1 + z * 0x1.99999999704BAp-2;
  const Float64s c23 = 0x1.2492495032FEDp-2 + z * 0x1.C71C462583454p-3;
  const Float64s c45 = 0x1.7468BB76F5CACp-3 + z * 0x1.3960AC8846B68p-3;
  const Float64s remainder = z * ((c01 + z2 * c23) + (z2 * z2) * (c45 + z2 * 0x1.319B3F84A358Fp-3));

  // f^2 / 2 in two parts, the first exact: its rounding would be an eighth of an ULP of the result.
  const Float64s f_high = short_part(f);
  const Float64s half_square_high = 0.5 * (f_high * f_high);
  const Float64s half_square_low = 0.5 * ((f - f_high) * (f + f_high));
  const Float64s product = s * ((half_square_high + half_square_low) + remainder);

  const Float64s base = k * ln2_high;
  const Float64s head = base + f;
  const Float64s head_error = (base - head) + f;  // exact: base is 0, or larger in magnitude than f
  const Float64s tail = (product + k * ln2_low) - half_square_low;
  const Float64s result = head + ((head_error - half_square_high) + tail);

  const Float64s infinity = broadcast(bits_as<double>(std::uint64_t{0x7FF0000000000000u}));
  const Float64s not_a_number = broadcast(bits_as<double>(std::uint64_t{0x7FF8000000000000u}));
  const Float64s outside = select(x < 0.0, not_a_number, 0.0 - infinity);
  const Float64s finite = select(x > 0.0, result, outside);
  return select(x < infinity, finite, x + x);  // infinity and NaN are their own logarithms
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
