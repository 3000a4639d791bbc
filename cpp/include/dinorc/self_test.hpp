// Short computations whose bits are known: does this build on this processor keep the float contract?
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace dinorc {

struct SelfTestHash {
  std::string_view part;
  std::uint64_t value;
};

// The hash of a part, in both float types, with the kernels in use; all take about half a millisecond:
//   "functions"        exp, tanh, sigmoid and log at some points
//   "notebook"         a few steps of the notebook's trainer, and a name from it
//   a cell's name      a few mini-batches of that cell, scores and samples
std::uint64_t self_test_hash(std::string_view part);

// What they are under version 1 of the float contract. A cell that isn't listed yet is left out at import; a
// test fails, and shows the line to add.
// clang-format off: one part a line
inline constexpr SelfTestHash expected_self_test_hashes[] = {
    {"functions", 0x6832022EFAD308C9u},
    {"notebook", 0x09C1F3495D2C2450u},
    {"rnn", 0xAEDB4973E1495C93u},
    {"gru", 0x616F14599E9D5C3Bu},
    {"lstm", 0x9686ABC1447C763Fu},
};
// clang-format on

// Computes the expected parts. If one differs, the baseline kernels are used from then on, and the text
// returned says so; otherwise it is empty. To be called before any other thread computes.
std::string verify_kernels(std::span<const SelfTestHash> expected = expected_self_test_hashes);

}  // namespace dinorc
