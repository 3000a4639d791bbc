// Views, and aligned buffers with their padding.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <type_traits>
#include <vector>

#include "check.hpp"
#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/views.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

template <typename Real>
bool is_aligned(const Real* numbers) {
  return reinterpret_cast<std::uintptr_t>(numbers) % alignment_bytes == 0;
}

TEST("padded is the next whole cache line of numbers") {
  static_assert(padded<double>(0) == 0 && padded<double>(1) == 8 && padded<double>(8) == 8);
  static_assert(padded<double>(9) == 16 && padded<double>(50) == 56);
  static_assert(padded<float>(0) == 0 && padded<float>(1) == 16 && padded<float>(16) == 16);
  static_assert(padded<float>(17) == 32 && padded<float>(50) == 64);
  for (std::size_t columns = 0; columns < 200; ++columns) {
    CHECK(padded<double>(columns) >= columns && padded<double>(columns) < columns + 8);
    CHECK_EQUAL(padded<double>(columns) % 8, 0);
    CHECK(padded<float>(columns) >= columns && padded<float>(columns) < columns + 16);
    CHECK_EQUAL(padded<float>(columns) % 16, 0);
  }
}

TEST("a buffer is aligned and zero at first") {
  for_each_type([]<typename Real>() {
    for (std::size_t size = 0; size < 200; ++size) {
      AlignedBuffer<Real> buffer(size);
      CHECK_EQUAL(buffer.size(), size);
      CHECK(is_aligned(buffer.data()));
      CHECK_SAME_BITS(buffer.vector(), std::vector<Real>(size, Real{0}));
      for (std::size_t i = 0; i < size; ++i) buffer.vector()[i] = static_cast<Real>(i);  // all of it is ours
    }
  });
}

TEST("a buffer made of nothing holds nothing") {
  for_each_type([]<typename Real>() {
    const AlignedBuffer<Real> buffer;
    CHECK_EQUAL(buffer.size(), 0);
    CHECK(buffer.data() == nullptr);
    const AlignedMatrix<Real> matrix;
    CHECK_EQUAL(matrix.view().rows, 0);
    CHECK_EQUAL(matrix.view().columns, 0);
  });
}

TEST("a matrix pads its rows with zeros to whole vectors") {
  for_each_type([]<typename Real>() {
    for (const std::size_t rows : {0, 1, 2, 5}) {
      for (std::size_t columns = 0; columns < 70; ++columns) {
        const Context context("rows ", rows, ", columns ", columns);
        AlignedMatrix<Real> matrix(rows, columns);
        const MatrixView<Real> view = matrix.view();
        CHECK_EQUAL(view.rows, rows);
        CHECK_EQUAL(view.columns, columns);
        CHECK_EQUAL(view.row_stride, padded<Real>(columns));
        CHECK_SAME_BITS((VectorView<Real>{view.data, rows * view.row_stride}),
                        std::vector<Real>(rows * view.row_stride, Real{0}));
        for (std::size_t row = 0; row < rows; ++row) CHECK(is_aligned(view.row(row)));
      }
    }
  });
}

TEST("a buffer that is moved keeps its numbers and its place") {
  for_each_type([]<typename Real>() {
    AlignedBuffer<Real> buffer(5);
    Real* const place = buffer.data();
    buffer.data()[4] = 3;
    const AlignedBuffer<Real> moved = std::move(buffer);
    CHECK(moved.data() == place);
    CHECK_EQUAL(moved.size(), 5);
    CHECK_EQUAL(moved.data()[4], Real{3});
  });
}

TEST("a size in bytes that no std::size_t holds throws") {
  for_each_type([]<typename Real>() {
    constexpr std::size_t largest = std::numeric_limits<std::size_t>::max();
    constexpr std::size_t half_of_the_bits = std::size_t{1} << (sizeof(std::size_t) * 4);
    CHECK_THROWS(std::bad_alloc, AlignedBuffer<Real>(largest));
    CHECK_THROWS(std::bad_alloc, AlignedBuffer<Real>(largest / sizeof(Real) + 1));
    CHECK_THROWS(std::bad_alloc, AlignedMatrix<Real>(half_of_the_bits, half_of_the_bits));
    CHECK_THROWS(std::bad_alloc, AlignedMatrix<Real>(largest / 4, 4));
    CHECK_THROWS(std::bad_alloc, AlignedMatrix<Real>(2, largest));  // the padding alone would wrap around
    CHECK_THROWS(std::bad_alloc, AlignedMatrix<Real>(largest, largest));
  });
}

TEST("views reach the numbers that they were given") {
  for_each_type([]<typename Real>() {
    std::vector<Real> numbers(4 * 7);
    for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<Real>(i);
    const MatrixView<Real> view{numbers.data(), 4, 5, 7};
    CHECK_EQUAL(view(0, 0), Real{0});
    CHECK_EQUAL(view(3, 4), Real{25});
    CHECK(view.row(2) == numbers.data() + 14);
    view(1, 2) = -1;
    CHECK_EQUAL(numbers[9], Real{-1});

    const MatrixView<Real> middle = view.rows_from(1, 2);
    CHECK_EQUAL(middle.rows, 2);
    CHECK_EQUAL(middle.columns, 5);
    CHECK_EQUAL(middle.row_stride, 7);
    CHECK_EQUAL(middle(1, 4), Real{18});

    const MatrixView<Real> wide = view.with_padding();
    CHECK_EQUAL(wide.rows, 4);
    CHECK_EQUAL(wide.columns, 7);
    CHECK(wide.data == view.data);

    const MatrixView<const Real> read_only = view;
    CHECK(read_only.data == view.data && read_only.rows == 4 && read_only.columns == 5 &&
          read_only.row_stride == 7);
    const VectorView<const Real> vector = VectorView<Real>{numbers.data(), 3};
    CHECK(vector.data == numbers.data() && vector.size == 3);
    CHECK_EQUAL(vector[2], Real{2});
    static_assert(!std::is_convertible_v<MatrixView<const Real>, MatrixView<Real>>);
    static_assert(!std::is_convertible_v<VectorView<const Real>, VectorView<Real>>);
  });
}

}  // namespace
}  // namespace dinorc::check
