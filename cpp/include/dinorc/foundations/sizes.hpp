// Arithmetic of sizes.
#pragma once

#include <cstddef>
#include <new>

namespace dinorc {

// Sums and products of sizes that throw, as new[] does, where the result would overflow.
constexpr std::size_t sum_of_sizes(std::size_t a, std::size_t b) {
  if (a > static_cast<std::size_t>(-1) - b) throw std::bad_array_new_length();
  return a + b;
}

constexpr std::size_t product_of_sizes(std::size_t a, std::size_t b) {
  if (b != 0 && a > static_cast<std::size_t>(-1) / b) throw std::bad_array_new_length();
  return a * b;
}

// a / b, rounded up.
constexpr std::size_t ceiling_quotient(std::size_t a, std::size_t b) { return a / b + (a % b == 0 ? 0 : 1); }

}  // namespace dinorc
