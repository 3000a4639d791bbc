// Which table of kernels is in use.
#include "dinorc/kernels.hpp"
#include "kernels/tables.hpp"

namespace dinorc {

template <>
const KernelTable<float>& active_kernels<float>() {
  return kernels::baseline::float32_table;
}

template <>
const KernelTable<double>& active_kernels<double>() {
  return kernels::baseline::float64_table;
}

const char* instruction_set() {
#if defined(DINORC_SCALAR_KERNELS)
  return "scalar";
#elif defined(__SSE2__) || defined(_M_X64)
  return "sse2";
#elif defined(__aarch64__)
  return "neon";
#else
  return "generic";
#endif
}

}  // namespace dinorc
