// The loop behind peak.hpp: as many independent chains of products and sums as hide their latency.
#include <time.h>

#include "kernels/arithmetic/vector.hpp"

namespace dinorc::benchmarks::DINORC_KERNEL_NAMESPACE {
namespace {

using namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE;

double seconds() {
  timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Products and sums in chains of their own: x = x * 1, y = y + 0, which keeps every number normal for ever.
template <typename Real>
double peak_gflops() {
  constexpr int chains = 6;
  constexpr int steps = 20000;
  volatile Real source = Real{1};
  const Vector<Real> one = broadcast<Real>(source);
  const Vector<Real> nothing = one - one;
  double best = 0.0;
  for (int repeat = 0; repeat < 200; ++repeat) {
    Vector<Real> x[chains];
    Vector<Real> y[chains];
    for (int c = 0; c < chains; ++c) x[c] = y[c] = one;
    const double start = seconds();
    for (int step = 0; step < steps; ++step) {
      for (int c = 0; c < chains; ++c) {
        x[c] = x[c] * one;
        y[c] = y[c] + nothing;
      }
    }
    const double elapsed = seconds() - start;
    Vector<Real> sum = one;
    for (int c = 0; c < chains; ++c) sum = sum + x[c] * y[c];
    Real numbers[lanes<Real>];
    store(numbers, sum);
    source = numbers[0] > Real{0} ? Real{1} : Real{2};  // so that nothing above can be left out
    const double gflops = 2.0 * chains * steps * static_cast<double>(lanes<Real>) / elapsed * 1e-9;
    if (gflops > best) best = gflops;
  }
  return best;
}

}  // namespace

double peak_gflops_float32() { return peak_gflops<float>(); }
double peak_gflops_float64() { return peak_gflops<double>(); }

}  // namespace dinorc::benchmarks::DINORC_KERNEL_NAMESPACE
