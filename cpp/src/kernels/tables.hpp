// The tables that are compiled in: one pair for each instruction set.
#pragma once

#include "dinorc/kernels/kernel_table.hpp"

#define DINORC_DECLARE_TABLES(instruction_set)    \
  namespace dinorc::kernels::instruction_set {    \
  extern const KernelTable<float> float32_table;  \
  extern const KernelTable<double> float64_table; \
  }

DINORC_DECLARE_TABLES(baseline)
#if defined(DINORC_X86_KERNELS)
DINORC_DECLARE_TABLES(avx2)
DINORC_DECLARE_TABLES(avx512)
#endif

#undef DINORC_DECLARE_TABLES
