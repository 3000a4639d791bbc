// What is taken from the counts of n-grams, to be given to characters that have not followed a context yet.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "dinorc/foundations/float_contract.hpp"

namespace dinorc {

// Modified Kneser-Ney smoothing, interpolated (Chen and Goodman, "An empirical study of smoothing techniques
// for language modeling", 1998). With a(h c) the count of character c after context h, h' the context without
// its first character, and N_j(h) how many characters have count j after h, 3 standing for 3 and more:
//
//   A(h)     = sum over c of a(h c)
//   gamma(h) = (D_1 N_1(h) + D_2 N_2(h) + D_3 N_3(h)) / A(h)
//   p(c | h) = (a(h c) - D_min(a, 3)) / A(h)  +  gamma(h) p(c | h')
//
// the first term for characters that have followed h only. The empty context goes on to the same probability
// for every character. Each length of context has discounts of its own.
//
// D_j is above 0, so that nothing has probability zero, and at most j.
inline constexpr std::size_t discount_kinds = 3;

using Discounts = std::array<double, discount_kinds>;

// The place among the discounts of the one for a count of at least 1.
constexpr std::size_t discount_kind(std::uint32_t count) {
  return std::min<std::size_t>(count, discount_kinds) - 1;
}

}  // namespace dinorc
