#include "dinorc/foundations/float_environment.hpp"

#include "dinorc/foundations/float_contract.hpp"

#if defined(__SSE2__) || defined(_M_X64)
#include <immintrin.h>
#endif

namespace dinorc {

#if defined(__SSE2__) || defined(_M_X64)

// MXCSR with every exception masked, round to nearest, no flush-to-zero, no denormals-are-zero, no flag set.
constexpr std::uint32_t default_mxcsr = 0x1F80;

FloatEnvironmentGuard::FloatEnvironmentGuard() : saved_(_mm_getcsr()) { _mm_setcsr(default_mxcsr); }

FloatEnvironmentGuard::~FloatEnvironmentGuard() { _mm_setcsr(static_cast<std::uint32_t>(saved_)); }

#elif defined(__aarch64__)

namespace {

struct ControlAndStatus {
  std::uint32_t control;
  std::uint32_t status;
};

ControlAndStatus read_registers() {
  std::uint64_t control = 0;
  std::uint64_t status = 0;
  asm volatile("mrs %0, fpcr" : "=r"(control));
  asm volatile("mrs %0, fpsr" : "=r"(status));
  return {static_cast<std::uint32_t>(control), static_cast<std::uint32_t>(status)};
}

void write_registers(ControlAndStatus registers) {
  asm volatile("msr fpcr, %0" ::"r"(static_cast<std::uint64_t>(registers.control)));
  asm volatile("msr fpsr, %0" ::"r"(static_cast<std::uint64_t>(registers.status)));
}

}  // namespace

FloatEnvironmentGuard::FloatEnvironmentGuard() {
  const ControlAndStatus registers = read_registers();
  saved_ = static_cast<std::uint64_t>(registers.status) << 32 | registers.control;
  write_registers({0, registers.status});
}

FloatEnvironmentGuard::~FloatEnvironmentGuard() {
  write_registers({static_cast<std::uint32_t>(saved_), static_cast<std::uint32_t>(saved_ >> 32)});
}

#else

FloatEnvironmentGuard::FloatEnvironmentGuard() {
  std::fegetenv(&saved_);
  std::fesetenv(FE_DFL_ENV);
}

FloatEnvironmentGuard::~FloatEnvironmentGuard() { std::fesetenv(&saved_); }

#endif

}  // namespace dinorc
