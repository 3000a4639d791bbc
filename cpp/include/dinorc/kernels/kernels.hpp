// The kernels in use, chosen for the processor that the program runs on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dinorc/kernels/kernel_table.hpp"

namespace dinorc {

// The table in use; Real is float or double. The best that the processor and the operating system support is
// chosen once, at first use; the environment variable DINORC_ISA names another one, for tests and bug
// reports. Throws std::runtime_error, at first use, where that one is unknown or can't be used here.
template <typename Real>
const KernelTable<Real>& active_kernels();

// The instruction sets that have a table here and that this processor supports, the plainest first.
std::vector<std::string> usable_instruction_sets();

// The table of one of them.
template <typename Real>
const KernelTable<Real>& kernels_for(std::string_view instruction_set);

// Uses the table of one of them from now on: for the self-test and for tests. No other thread may compute
// meanwhile.
void use_instruction_set(std::string_view name);

// The instruction set in use: "avx2", "avx512", or "baseline" followed by what that is on this architecture.
std::string instruction_set();

}  // namespace dinorc
