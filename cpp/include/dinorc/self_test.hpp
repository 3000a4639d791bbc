// A short computation whose bits are known: does this build on this processor keep the float contract?
#pragma once

#include <cstdint>
#include <string>

namespace dinorc {

// The hash of a few training steps of either trainer, of scores and samples, and of exp, tanh, sigmoid and
// log at some points, in both float types, with the kernels in use. About half a millisecond.
std::uint64_t self_test_hash();

// What self_test_hash() is under version 1 of the float contract.
inline constexpr std::uint64_t expected_self_test_hash = 0x16FAF4A2DFB29D7Eu;

// Compares the two. Where they differ, the baseline kernels are used from then on, and what is returned says
// so; otherwise it is empty. To be called before any other thread computes.
std::string verify_kernels(std::uint64_t expected = expected_self_test_hash);

}  // namespace dinorc
