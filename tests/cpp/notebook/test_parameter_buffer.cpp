// The flat buffer of all parameters and its named parts.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <vector>

#include "check.hpp"
#include "dinorc/notebook/parameter_buffer.hpp"
#include "naive_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

struct Sizes {
  std::size_t hidden, input, output;
};

constexpr Sizes all_sizes[] = {{1, 1, 1}, {5, 3, 9}, {16, 8, 4}, {17, 27, 1}, {50, 27, 27}, {33, 1, 40}};

template <typename Function>
void for_each_size(Function&& function) {
  for (const Sizes& sizes : all_sizes) {
    const Context context("hidden ", sizes.hidden, ", input ", sizes.input, ", output ", sizes.output);
    function(sizes);
  }
}

TEST("what is copied in comes out again") {
  for_each_type([]<typename Real>() {
    for_each_size([](const Sizes& sizes) {
      auto written = NaiveParameters<Real>::made_up(sizes.hidden, sizes.input, sizes.output, 19);
      ParameterBuffer<Real> made(written.arrays());
      CHECK_EQUAL(made.hidden_size(), sizes.hidden);
      CHECK_EQUAL(made.input_size(), sizes.input);
      CHECK_EQUAL(made.output_size(), sizes.output);
      ParameterBuffer<Real> filled(sizes.hidden, sizes.input, sizes.output);
      filled.copy_from(written.arrays());
      for (ParameterBuffer<Real>* buffer : {&made, &filled}) {
        NaiveParameters<Real> read(sizes.hidden, sizes.input, sizes.output);
        buffer->copy_to(read.arrays());
        CHECK_SAME_BITS(read.all(), written.all());
      }
      CHECK_SAME_BITS(filled.all(), made.all());
    });
  });
}

TEST("each part holds its array, the input weights transposed") {
  for_each_type([]<typename Real>() {
    for_each_size([](const Sizes& sizes) {
      auto p = NaiveParameters<Real>::made_up(sizes.hidden, sizes.input, sizes.output, 20);
      ParameterBuffer<Real> buffer(p.arrays());
      const NotebookArrays<Real> arrays = p.arrays();
      CHECK_EQUAL(buffer.input().rows, sizes.input);
      CHECK_EQUAL(buffer.input().columns, sizes.hidden);
      for (std::size_t j = 0; j < sizes.hidden; ++j) {
        for (std::size_t i = 0; i < sizes.input; ++i) CHECK_EQUAL(buffer.input()(i, j), arrays.Wax(j, i));
      }
      const auto check_rows = [](MatrixView<Real> part, MatrixView<Real> array) {
        CHECK_EQUAL(part.rows, array.rows);
        CHECK_EQUAL(part.columns, array.columns);
        for (std::size_t r = 0; r < array.rows; ++r) {
          CHECK_SAME_BITS((VectorView<Real>{part.row(r), part.columns}),
                          (VectorView<Real>{array.row(r), array.columns}));
        }
      };
      check_rows(buffer.recurrent(), arrays.Waa);
      check_rows(buffer.output(), arrays.Wya);
      CHECK_SAME_BITS(buffer.bias(), p.b);
      CHECK_SAME_BITS(buffer.output_bias(), p.by);
    });
  });
}

// Marks every number of the parts: what then is still zero is padding.
TEST("parts do not overlap, rows begin on cache lines, and the padding is zero") {
  for_each_type([]<typename Real>() {
    for_each_size([](const Sizes& sizes) {
      ParameterBuffer<Real> buffer(sizes.hidden, sizes.input, sizes.output);
      CHECK_SAME_BITS(buffer.all(), std::vector<Real>(buffer.all().size, Real{0}));
      const auto mark_row = [&](Real* row, std::size_t columns) {
        CHECK_EQUAL(reinterpret_cast<std::uintptr_t>(row) % alignment_bytes, 0);
        CHECK(row >= buffer.all().data);
        CHECK(row + padded<Real>(columns) <= buffer.all().data + buffer.all().size);
        for (std::size_t i = 0; i < columns; ++i) row[i] = row[i] + 1;
      };
      for (const MatrixView<Real>& part : {buffer.input(), buffer.recurrent(), buffer.output()}) {
        CHECK_EQUAL(part.row_stride, padded<Real>(sizes.hidden));
        for (std::size_t r = 0; r < part.rows; ++r) mark_row(part.row(r), part.columns);
      }
      mark_row(buffer.bias().data, buffer.bias().size);
      mark_row(buffer.output_bias().data, buffer.output_bias().size);
      std::size_t marked = 0;
      for (std::size_t i = 0; i < buffer.all().size; ++i) {
        const Real number = buffer.all()[i];
        CHECK(number == 0 || number == 1);
        marked += number == 1;
      }
      CHECK_EQUAL(marked, sizes.hidden * (sizes.input + sizes.hidden + sizes.output + 1) + sizes.output);

      buffer.copy_from(NaiveParameters<Real>::made_up(sizes.hidden, sizes.input, sizes.output, 21).arrays());
      Real* const first_row = buffer.input().row(0);
      CHECK_SAME_BITS((VectorView<Real>{first_row + sizes.hidden, padded<Real>(sizes.hidden) - sizes.hidden}),
                      std::vector<Real>(padded<Real>(sizes.hidden) - sizes.hidden, Real{0}));
    });
  });
}

TEST("sizes whose product no std::size_t holds throw") {
  for_each_type([]<typename Real>() {
    constexpr std::size_t half_of_the_bits = std::size_t{1} << (sizeof(std::size_t) * 4);
    constexpr std::size_t largest = std::numeric_limits<std::size_t>::max();
    CHECK_THROWS(std::bad_alloc, ParameterBuffer<Real>(half_of_the_bits, 1, 1));
    CHECK_THROWS(std::bad_alloc, ParameterBuffer<Real>(1, largest, 1));
    CHECK_THROWS(std::bad_alloc, ParameterBuffer<Real>(1, 1, largest));
  });
}

}  // namespace
}  // namespace dinorc::check
