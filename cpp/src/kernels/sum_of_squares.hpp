// The sum of the squares of many numbers, for norms.
#pragma once

#include "kernels/arithmetic/vector.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

DINORC_INLINE Float64s load_as_float64(const double* source) { return load(source); }

#if DINORC_VECTOR_EXTENSION
DINORC_INLINE Float64s load_as_float64(const float* source) {
  typedef float HalfFloat32s __attribute__((vector_size(vector_bytes / 2)));
  HalfFloat32s numbers;
  std::memcpy(&numbers, source, sizeof(numbers));
  return __builtin_convertvector(numbers, Float64s);
}
#else
DINORC_INLINE Float64s load_as_float64(const float* source) { return static_cast<double>(*source); }
#endif

// In binary64, as eight sums: x[i] x[i] goes to sum i % 8, in ascending order of i, and the eight are added
// up in ascending order at the end. A single sum would be a chain of additions that each wait for the one
// before; eight fill one vector of the widest kind, and several narrower ones give the same bits.
template <typename Real>
double sum_of_squares_kernel(const Real* x, std::size_t size) {
  constexpr std::size_t sums = 8;
  constexpr std::size_t vectors = sums / lanes<double>;
  Float64s totals[vectors] = {};
  const auto add_eight = [&totals](const Real* numbers) {
    for (std::size_t v = 0; v < vectors; ++v) {
      const Float64s number = load_as_float64(numbers + v * lanes<double>);
      totals[v] = totals[v] + number * number;
    }
  };
  std::size_t i = 0;
  for (; i + sums <= size; i += sums) add_eight(x + i);
  Real rest[sums] = {};  // zeros change no sum of squares
  for (std::size_t r = 0; i + r < size; ++r) rest[r] = x[i + r];
  add_eight(rest);

  double partial[sums];
  std::memcpy(partial, totals, sizeof(partial));
  double total = partial[0];
  for (std::size_t s = 1; s < sums; ++s) total = total + partial[s];
  return total;
}

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
