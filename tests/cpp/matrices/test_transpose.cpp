// Transposition by every instruction set: each number in its place, and nothing else touched.
#include <cstddef>
#include <limits>
#include <vector>

#include "check.hpp"
#include "dinorc/matrices/transpose.hpp"
#include "made_up_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

// Both matrices have gaps between their rows and end with their last number.
template <typename Real>
void check_transposition(std::size_t rows, std::size_t columns, std::size_t gap, MadeUpNumbers& numbers) {
  const Context context("rows ", rows, ", columns ", columns, ", gap ", gap);
  const std::size_t source_stride = columns + gap, target_stride = rows + gap;
  const bool is_empty = rows == 0 || columns == 0;
  const std::vector<Real> source = numbers.numbers<Real>(is_empty ? 0 : (rows - 1) * source_stride + columns);
  const std::vector<Real> start = numbers.numbers<Real>(is_empty ? 0 : (columns - 1) * target_stride + rows);
  std::vector<Real> expected = start;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) expected[c * target_stride + r] = source[r * source_stride + c];
  }
  for_each_table<Real>([&](const KernelTable<Real>& table) {
    std::vector<Real> target = start;
    table.transpose(source.data(), rows, columns, source_stride, target.data(), target_stride);
    CHECK_SAME_BITS(target, expected);
  });
  std::vector<Real> target = start;
  transpose<Real>({source.data(), rows, columns, source_stride},
                  {target.data(), columns, rows, target_stride});
  CHECK_SAME_BITS(target, expected);
}

TEST("a matrix of any shape") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(18);
    for (std::size_t rows = 0; rows <= 35; ++rows) {
      for (std::size_t columns = 0; columns <= 35; ++columns) {
        check_transposition<Real>(rows, columns, (rows + columns) % 4, numbers);
      }
    }
    check_transposition<Real>(200, 130, 0, numbers);
  });
}

TEST("numbers are copied as they are") {
  for_each_type([]<typename Real>() {
    using Limits = std::numeric_limits<Real>;
    const std::vector<Real> source = {
        Real{-0.0},          Limits::denorm_min(), Limits::infinity(), Limits::max(), Real{0},
        -Limits::infinity(), Limits::quiet_NaN(),  Limits::lowest(),   Real{-0.25},   -Limits::denorm_min()};
    for_each_table<Real>([&](const KernelTable<Real>& table) {
      std::vector<Real> once(10), twice(10);
      table.transpose(source.data(), 2, 5, 5, once.data(), 2);
      table.transpose(once.data(), 5, 2, 2, twice.data(), 5);
      CHECK_SAME_BITS(twice, source);
    });
  });
}

}  // namespace
}  // namespace dinorc::check
