// What every translation unit must keep for the same bits everywhere; a compiler that can't is refused here.
//
// The contract: IEEE 754 binary32 and binary64, + - * / and square root rounded to nearest, subnormals kept,
// in the order the source writes them. No fused multiply-add, no reassociation, no excess precision, and no
// exp, tanh or log from the C library.
#pragma once

#include <cstdint>
#include <limits>

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || \
    (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ != 0)
#error "dinorc: -ffast-math (or -Ofast) reorders floating-point arithmetic; build without it"
#endif

// 0: every operation in its own type; 16: the same, on a target that has a half-precision type as well.
#if defined(__FLT_EVAL_METHOD__) && __FLT_EVAL_METHOD__ != 0 && __FLT_EVAL_METHOD__ != 16
#error "dinorc: x87 arithmetic keeps excess precision; on 32-bit x86 build with -msse2 -mfpmath=sse"
#endif

#if defined(_MSC_VER) && !defined(__clang__)
#if defined(_M_FP_FAST)
#error "dinorc: /fp:fast reorders floating-point arithmetic; build with /fp:precise"
#endif
#pragma fp_contract(off)
#endif

namespace dinorc {

static_assert(std::numeric_limits<float>::is_iec559 && sizeof(float) == 4, "float must be IEEE binary32");
static_assert(std::numeric_limits<double>::is_iec559 && sizeof(double) == 8, "double must be IEEE binary64");

// Raised whenever any bit of any result changes.
inline constexpr std::uint32_t float_contract_version = 1;

}  // namespace dinorc
