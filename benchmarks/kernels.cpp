// How fast the kernels are, and what part of the core's peak they reach: a table for each instruction set.
//
//   cmake -S . -B build/benchmarks -DDINORC_BUILD_PYTHON=OFF -DDINORC_BUILD_BENCHMARKS=ON
//   cmake --build build/benchmarks && build/benchmarks/benchmarks/benchmark_kernels
#include "dinorc/kernels/kernels.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/float_environment.hpp"
#include "dinorc/matrices/outer_products.hpp"
#include "dinorc/matrices/packed_matrix.hpp"
#include "peak.hpp"

namespace {

using dinorc::AlignedMatrix;
using dinorc::KernelTable;
using dinorc::MatrixProduct;

// The median over some repeats of the seconds of one call, each repeat long enough for the clock.
template <typename Function>
double seconds_a_call(Function&& function) {
  using Clock = std::chrono::steady_clock;
  constexpr int repeats = 15;
  constexpr double seconds_a_repeat = 0.01;
  const auto time = [&](long calls) {
    const auto start = Clock::now();
    for (long call = 0; call < calls; ++call) function();
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  long calls = 1;
  while (time(calls) < seconds_a_repeat) calls *= 2;
  std::vector<double> seconds;
  for (int repeat = 0; repeat < repeats; ++repeat)
    seconds.push_back(time(calls) / static_cast<double>(calls));
  std::nth_element(seconds.begin(), seconds.begin() + repeats / 2, seconds.end());
  return seconds[repeats / 2];
}

template <typename Real>
AlignedMatrix<Real> filled(std::size_t rows, std::size_t columns) {
  AlignedMatrix<Real> matrix(rows, columns);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) {
      matrix.view()(r, c) = static_cast<Real>((r * 7 + c * 3) % 11) / Real{16} - Real{0.3125};
    }
  }
  return matrix;
}

void print_speed(const char* name, std::size_t rows, std::size_t depth, std::size_t columns, double seconds,
                 double peak) {
  const double gflops = 2.0 * static_cast<double>(rows * depth * columns) / seconds * 1e-9;
  std::printf("  %-14s %4zu x %4zu x %4zu   %8.1f GFLOP/s   %3.0f %% of peak\n", name, rows, depth, columns,
              gflops, 100.0 * gflops / peak);
}

template <typename Real>
void print_product(const KernelTable<Real>& kernels, const char* name, std::size_t rows, std::size_t depth,
                   std::size_t columns, double peak) {
  AlignedMatrix<Real> left = filled<Real>(rows, depth);
  AlignedMatrix<Real> right = filled<Real>(depth, columns);
  AlignedMatrix<Real> result(rows, columns);
  const MatrixProduct<Real> product{
      .rows = rows,
      .columns = result.view().row_stride,
      .depth = depth,
      .left = left.view().data,
      .left_row_stride = static_cast<std::ptrdiff_t>(left.view().row_stride),
      .left_depth_stride = 1,
      .right = right.view().data,
      .right_depth_stride = static_cast<std::ptrdiff_t>(right.view().row_stride),
      .result = result.view().data,
      .result_row_stride = static_cast<std::ptrdiff_t>(result.view().row_stride),
      .accumulate = false,
  };
  const double seconds = seconds_a_call([&] { kernels.multiply(product); });
  print_speed(name, rows, depth, columns, seconds, peak);
}

// The products of a batch through a cell of four blocks, such as an LSTM: to all pre-activations, from their
// gradients back to the state, and to the gradients of the recurrent weights.
template <typename Real>
void print_batch(std::size_t hidden_size, double peak) {
  constexpr std::size_t rows = 256;
  const std::size_t columns = 4 * hidden_size;
  AlignedMatrix<Real> states = filled<Real>(rows, hidden_size);
  AlignedMatrix<Real> d_states(rows, hidden_size);
  AlignedMatrix<Real> z = filled<Real>(rows, columns);
  AlignedMatrix<Real> d_z = filled<Real>(rows, columns);
  AlignedMatrix<Real> weights = filled<Real>(columns, hidden_size);
  AlignedMatrix<Real> d_weights(columns, hidden_size);
  dinorc::PackedMatrix<Real> forth(hidden_size, columns), back(columns, hidden_size);
  forth.pack_transposed(weights.view());
  back.refer_to(weights.view());
  dinorc::OuterProducts<Real> outer_products;
  const double forward = seconds_a_call(
      [&] { dinorc::multiply<Real>(states.view(), forth, z.view(), dinorc::Start::from_zero); });
  const double backward = seconds_a_call(
      [&] { dinorc::multiply<Real>(d_z.view(), back, d_states.view(), dinorc::Start::from_zero); });
  const double gradient = seconds_a_call(
      [&] { outer_products.sum(d_z.view(), states.view(), d_weights.view(), dinorc::Start::from_zero); });
  print_speed("batch forward", rows, hidden_size, columns, forward, peak);
  print_speed("batch backward", rows, columns, hidden_size, backward, peak);
  print_speed("batch gradient", columns, rows, hidden_size, gradient, peak);
}

template <typename Real>
void print_function(const char* name, void (*function)(const Real*, Real*, std::size_t)) {
  constexpr std::size_t size = 1024;
  AlignedMatrix<Real> x = filled<Real>(1, size);
  AlignedMatrix<Real> y(1, size);
  const double seconds = seconds_a_call([&] { function(x.view().data, y.view().data, size); });
  std::printf("  %-14s %4zu numbers          %8.0f million/s\n", name, size, size / seconds * 1e-6);
}

template <typename Real>
void print_table(const std::string& instruction_set, const char* type, double peak) {
  dinorc::use_instruction_set(instruction_set);
  const KernelTable<Real>& kernels = dinorc::active_kernels<Real>();
  std::printf("%s, %s: peak %.1f GFLOP/s (multiplications and additions apart)\n", instruction_set.c_str(),
              type, peak);
  for (const std::size_t hidden_size : {50, 128, 256}) {
    print_product(kernels, "matrix-vector", 1, hidden_size, hidden_size, peak);
  }
  for (const std::size_t hidden_size : {50, 128, 256}) {
    print_product(kernels, "matrix-matrix", 64, hidden_size, hidden_size, peak);
  }
  for (const std::size_t hidden_size : {64, 128, 256, 512}) print_batch<Real>(hidden_size, peak);
  print_function<Real>("exp", kernels.exp);
  print_function<Real>("tanh", kernels.tanh);
  print_function<Real>("sigmoid", kernels.sigmoid);
  print_function<Real>("log", kernels.log);
}

struct Peaks {
  const char* instruction_set;
  PeakFunction float32;
  PeakFunction float64;
};

constexpr Peaks peaks[] = {
    {"baseline", dinorc::benchmarks::baseline::peak_gflops_float32,
     dinorc::benchmarks::baseline::peak_gflops_float64},
#if defined(DINORC_X86_KERNELS)
    {"avx2", dinorc::benchmarks::avx2::peak_gflops_float32, dinorc::benchmarks::avx2::peak_gflops_float64},
    {"avx512", dinorc::benchmarks::avx512::peak_gflops_float32,
     dinorc::benchmarks::avx512::peak_gflops_float64},
#endif
};

}  // namespace

int main() {
  const dinorc::FloatEnvironmentGuard guard;
  const std::vector<std::string> usable = dinorc::usable_instruction_sets();
  for (const Peaks& peak : peaks) {
    if (std::find(usable.begin(), usable.end(), peak.instruction_set) == usable.end()) continue;
    print_table<double>(peak.instruction_set, "float64", peak.float64());
    print_table<float>(peak.instruction_set, "float32", peak.float32());
  }
}
