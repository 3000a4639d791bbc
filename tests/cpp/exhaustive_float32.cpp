// exp, tanh, sigmoid and log in binary32, for every one of the 2^32 arguments: at most 0.51 ULP from the true
// value, monotone, tanh odd to the bit, special values right, NaN in and NaN out.
//
//   exhaustive_float32 [--stride N] [--threads N]
//
// With --stride N every N-th argument is checked, and always the special values. The last column is a sum
// over the bits of all results, to be compared between instruction sets and compilers (for the same stride).
//
// The reference is the C library's binary64 function: an error of a few binary64 ULP there is 1e-8 ULP here.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <thread>
#include <vector>

#ifndef DINORC_KERNEL_NAMESPACE
#define DINORC_KERNEL_NAMESPACE baseline
#endif
#include "kernels/arithmetic/math.hpp"

namespace {

namespace kernels = dinorc::kernels::DINORC_KERNEL_NAMESPACE;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr double largest_error_allowed = 0.51;
constexpr std::uint64_t argument_count = std::uint64_t{1} << 32;
constexpr std::size_t block_size = 4096;  // a multiple of every vector length

using ArrayFunction = void (*)(const float* source, float* target, std::size_t count);
using Reference = double (*)(double x);

template <kernels::Float32s function(kernels::Float32s)>
void map_array(const float* source, float* target, std::size_t count) {
  constexpr std::size_t lanes = kernels::lanes<float>;
  for (std::size_t i = 0; i < count; i += lanes) {
    float buffer[lanes] = {};
    const std::size_t here = count - i < lanes ? count - i : lanes;
    std::memcpy(buffer, source + i, here * sizeof(float));
    kernels::store<float>(buffer, function(kernels::load<float>(buffer)));
    std::memcpy(target + i, buffer, here * sizeof(float));
  }
}

double true_exp(double x) { return std::exp(x); }
double true_tanh(double x) { return std::tanh(x); }
double true_log(double x) { return std::log(x); }
double true_sigmoid(double x) {
  return x < 0 ? std::exp(x) / (1.0 + std::exp(x)) : 1.0 / (1.0 + std::exp(-x));
}

struct SpecialValue {
  float argument, result;
};

struct Function {
  const char* name;
  ArrayFunction function;
  Reference reference;
  bool is_odd;
  std::vector<SpecialValue> special_values;
};

std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof(bits));
  return bits;
}

float float_of(std::uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof(x));
  return x;
}

// The arguments in ascending order: NaN with sign, -inf ... -0, +0 ... inf, NaN.
float nth_argument(std::uint64_t n) {
  const std::uint32_t key = static_cast<std::uint32_t>(n);
  return float_of(key < 0x80000000u ? 0xFFFFFFFFu - key : key - 0x80000000u);
}

// The distance from the true value in units of its last place; from the side of infinity, infinity is 2^128.
double error_in_ulp(float result, double truth) {
  if (std::isnan(truth) || std::isnan(result)) {
    return std::isnan(truth) && std::isnan(result) ? 0.0 : HUGE_VAL;
  }
  if (std::isinf(result) && std::fabs(truth) >= 0x1p128 && (result > 0) == (truth > 0)) return 0.0;
  const double value = std::isinf(result) ? std::copysign(0x1p128, result) : static_cast<double>(result);
  std::uint64_t bits;
  std::memcpy(&bits, &truth, sizeof(bits));
  int exponent = static_cast<int>((bits >> 52) & 0x7FF) - 1023;
  if (exponent < -126) exponent = -126;
  if (exponent > 127) exponent = 127;
  const std::uint64_t ulp_bits = static_cast<std::uint64_t>(exponent - 23 + 1023) << 52;
  double ulp;
  std::memcpy(&ulp, &ulp_bits, sizeof(ulp));
  return std::fabs(value - truth) / ulp;
}

struct Findings {
  double largest_error = 0.0;
  float largest_error_at = 0.0f;
  std::uint64_t not_monotone = 0, not_odd = 0, wrong_special_values = 0;
  float not_monotone_at = 0.0f, not_odd_at = 0.0f;
  std::uint64_t bit_sum = 0;

  void add(const Findings& other) {
    if (other.largest_error > largest_error) {
      largest_error = other.largest_error;
      largest_error_at = other.largest_error_at;
    }
    if (other.not_monotone > 0) not_monotone_at = other.not_monotone_at;
    if (other.not_odd > 0) not_odd_at = other.not_odd_at;
    not_monotone += other.not_monotone;
    not_odd += other.not_odd;
    bit_sum += other.bit_sum;
  }
};

// The arguments number first, first + stride, ... up to last. The one before first takes part in the check of
// monotonicity, so that nothing is lost between two threads.
Findings examine(const Function& f, std::uint64_t first, std::uint64_t last, std::uint64_t stride) {
  Findings findings;
  std::vector<float> arguments(block_size), results(block_size), mirrored(block_size);
  float previous = std::numeric_limits<float>::quiet_NaN();
  if (first >= stride) {
    const float before = nth_argument(first - stride);
    f.function(&before, &previous, 1);
  }
  for (std::uint64_t n = first; n < last;) {
    std::size_t count = 0;
    const std::uint64_t start = n;
    for (; count < block_size && n < last; ++count, n += stride) arguments[count] = nth_argument(n);
    f.function(arguments.data(), results.data(), count);
    for (std::size_t i = 0; i < count; ++i) {
      const float result = results[i];
      const double error = error_in_ulp(result, f.reference(arguments[i]));
      if (error > findings.largest_error) {
        findings.largest_error = error;
        findings.largest_error_at = arguments[i];
      }
      if (result < previous) {
        ++findings.not_monotone;
        findings.not_monotone_at = arguments[i];
      }
      previous = result;
      findings.bit_sum +=
          (start + i * stride + 1) * ((bits_of(result) + 1) * std::uint64_t{0x9E3779B97F4A7C15u});
    }
    if (f.is_odd) {
      for (std::size_t i = 0; i < count; ++i) arguments[i] = float_of(bits_of(arguments[i]) ^ 0x80000000u);
      f.function(arguments.data(), mirrored.data(), count);
      for (std::size_t i = 0; i < count; ++i) {
        if ((bits_of(mirrored[i]) ^ bits_of(results[i])) != 0x80000000u) {
          ++findings.not_odd;
          findings.not_odd_at = -arguments[i];
        }
      }
    }
  }
  return findings;
}

Findings examine_in_threads(const Function& f, std::uint64_t stride, std::size_t thread_count) {
  std::vector<Findings> parts(thread_count);
  std::vector<std::thread> threads;
  const std::uint64_t arguments = (argument_count + stride - 1) / stride;
  for (std::size_t t = 0; t < thread_count; ++t) {
    const std::uint64_t first = arguments * t / thread_count * stride;
    std::uint64_t last = arguments * (t + 1) / thread_count * stride;
    if (last > argument_count) last = argument_count;
    threads.emplace_back(
        [&parts, &f, t, first, last, stride] { parts[t] = examine(f, first, last, stride); });
  }
  Findings all;
  for (std::size_t t = 0; t < thread_count; ++t) {
    threads[t].join();
    all.add(parts[t]);
  }
  for (const SpecialValue& special : f.special_values) {
    float result;
    f.function(&special.argument, &result, 1);
    const bool right =
        std::isnan(special.result) ? std::isnan(result) : bits_of(result) == bits_of(special.result);
    if (!right) {
      ++all.wrong_special_values;
      std::printf("%s(%a) is %a and should be %a\n", f.name, special.argument, result, special.result);
    }
  }
  return all;
}

std::vector<Function> all_functions() {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float smallest = 0x1p-149f, normal = 0x1p-126f, largest = 0x1.FFFFFEp127f;
  return {
      {"exp",
       map_array<kernels::exp>,
       true_exp,
       false,
       {{0.0f, 1.0f},
        {-0.0f, 1.0f},
        {infinity, infinity},
        {-infinity, 0.0f},
        {nan, nan},
        {-nan, nan},
        {smallest, 1.0f},
        {-smallest, 1.0f},
        {largest, infinity},
        {-largest, 0.0f},
        // The last argument with a finite result and the first without; with a result above 0 and without.
        {0x1.62E42Ep6f, 0x1.FFFF08p127f},
        {0x1.62E430p6f, infinity},
        {-0x1.9FE368p6f, smallest},
        {-0x1.9FE36Ap6f, 0.0f}}},
      {"tanh",
       map_array<kernels::tanh>,
       true_tanh,
       true,
       {{0.0f, 0.0f},
        {-0.0f, -0.0f},
        {infinity, 1.0f},
        {-infinity, -1.0f},
        {nan, nan},
        {-nan, nan},
        {smallest, smallest},
        {-smallest, -smallest},
        {normal, normal},
        {-normal, -normal},
        {normal - smallest, normal - smallest},
        {largest, 1.0f},
        {-largest, -1.0f}}},
      {"sigmoid",
       map_array<kernels::sigmoid>,
       true_sigmoid,
       false,
       {{0.0f, 0.5f},
        {-0.0f, 0.5f},
        {infinity, 1.0f},
        {-infinity, 0.0f},
        {nan, nan},
        {-nan, nan},
        {smallest, 0.5f},
        {-smallest, 0.5f},
        {largest, 1.0f},
        {-largest, 0.0f},
        {-0x1.9FE368p6f, smallest},
        {-0x1.9FE36Ap6f, 0.0f}}},
      {"log",
       map_array<kernels::log>,
       true_log,
       false,
       {{0.0f, -infinity},
        {-0.0f, -infinity},
        {infinity, infinity},
        {-infinity, nan},
        {nan, nan},
        {-nan, nan},
        {1.0f, 0.0f},
        {-1.0f, nan},
        {-smallest, nan},
        {-largest, nan},
        {smallest, -0x1.9D1DA0p6f},
        {largest, 0x1.62E430p6f},
        {0x1.000002p0f, 0x1.FFFFFEp-24f},
        {0x1.FFFFFEp-1f, -0x1p-24f}}},
  };
}

}  // namespace

int main(int argument_total, char** arguments) {
  std::uint64_t stride = 1, thread_count = 2;
  for (int i = 1; i < argument_total; i += 2) {
    const std::uint64_t value = i + 1 < argument_total ? std::strtoull(arguments[i + 1], nullptr, 10) : 0;
    if (std::strcmp(arguments[i], "--stride") == 0 && value > 0) {
      stride = value;
    } else if (std::strcmp(arguments[i], "--threads") == 0 && value > 0) {
      thread_count = value;
    } else {
      std::fprintf(stderr, "usage: %s [--stride N] [--threads N], with N > 0\n", arguments[0]);
      return 2;
    }
  }

  bool good = true;
  for (const Function& f : all_functions()) {
    const Findings found = examine_in_threads(f, stride, static_cast<std::size_t>(thread_count));
    std::printf("%-8s largest error %.6f ULP at %a, bit sum %016llx\n", f.name, found.largest_error,
                found.largest_error_at, static_cast<unsigned long long>(found.bit_sum));
    if (found.not_monotone > 0) {
      std::printf("  falls %llu times, for one at %a\n", static_cast<unsigned long long>(found.not_monotone),
                  found.not_monotone_at);
    }
    if (found.not_odd > 0) {
      std::printf("  not odd %llu times, for one at %a\n", static_cast<unsigned long long>(found.not_odd),
                  found.not_odd_at);
    }
    std::fflush(stdout);
    good = good && found.largest_error <= largest_error_allowed && found.not_monotone == 0 &&
           found.not_odd == 0 && found.wrong_special_values == 0;
  }
  return good ? 0 : 1;
}
