// The most multiplications and additions a core can do, for each instruction set.
#pragma once

// A billion operations a second of independent multiplications and additions that stay in registers: what a
// kernel without fused multiply-add can reach at best.
using PeakFunction = double (*)();

#define DINORC_DECLARE_PEAK(instruction_set)      \
  namespace dinorc::benchmarks::instruction_set { \
  double peak_gflops_float32();                   \
  double peak_gflops_float64();                   \
  }

DINORC_DECLARE_PEAK(baseline)
#if defined(DINORC_X86_KERNELS)
DINORC_DECLARE_PEAK(avx2)
DINORC_DECLARE_PEAK(avx512)
#endif

#undef DINORC_DECLARE_PEAK
