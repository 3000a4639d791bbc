// exp, tanh, sigmoid and log of vectors of binary64 and binary32, the same bits on every instruction set.
//
// Nothing here but + - * / in a written order, selection between two computed values, and integer operations
// on the bits: no C library, no tables (plain SSE2 has no gather), no branches.
#pragma once

#include "kernels/arithmetic/math_float32.hpp"
#include "kernels/arithmetic/math_float64.hpp"
