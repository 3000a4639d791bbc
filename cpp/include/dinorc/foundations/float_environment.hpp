// A scope in which floating-point arithmetic follows the contract, whatever the caller had set.
#pragma once

#include <cstdint>

#if !defined(__SSE2__) && !defined(_M_X64) && !defined(__aarch64__)
#include <cfenv>
#endif

namespace dinorc {

#if defined(__SSE2__) || defined(_M_X64) || defined(__aarch64__)
using SavedFloatEnvironment = std::uint64_t;  // the control and status registers that the kernels depend on
#else
using SavedFloatEnvironment = std::fenv_t;
#endif

// Another library in the process may have switched this thread to flush-to-zero or to another rounding mode.
// The guard saves the thread's control and status bits, sets the IEEE defaults (round to nearest, subnormals
// kept, no traps), and puts the saved bits back at the end of the scope, status flags included: a caller who
// tests the flags sees none of ours.
class FloatEnvironmentGuard {
 public:
  FloatEnvironmentGuard();
  ~FloatEnvironmentGuard();
  FloatEnvironmentGuard(const FloatEnvironmentGuard&) = delete;
  FloatEnvironmentGuard& operator=(const FloatEnvironmentGuard&) = delete;

 private:
  SavedFloatEnvironment saved_;
};

}  // namespace dinorc
