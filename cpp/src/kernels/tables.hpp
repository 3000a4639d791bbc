// The tables that are compiled in, one pair for each instruction set.
#pragma once

#include "dinorc/kernels.hpp"

namespace dinorc::kernels::baseline {

extern const KernelTable<float> float32_table;
extern const KernelTable<double> float64_table;

}  // namespace dinorc::kernels::baseline
