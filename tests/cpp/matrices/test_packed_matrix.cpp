// Packed matrices and products with them, against the plain matrix and the naive triple loop.
#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include "check.hpp"
#include "dinorc/matrices/packed_matrix.hpp"
#include "made_up_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

// Numbers in rows with a gap after each.
template <typename Real>
struct Numbers {
  Numbers(std::size_t row_count, std::size_t column_count, std::size_t gap, MadeUpNumbers& source)
      : rows(row_count),
        columns(column_count),
        stride(column_count + gap),
        numbers(source.numbers_of_many_sizes<Real>(row_count * stride)) {}

  MatrixView<Real> view() { return {numbers.data(), rows, columns, stride}; }
  MatrixView<const Real> view() const { return {numbers.data(), rows, columns, stride}; }

  std::size_t rows, columns, stride;
  std::vector<Real> numbers;
};

template <typename Real>
Numbers<Real> transposed(const Numbers<Real>& matrix, MadeUpNumbers& source) {
  Numbers<Real> result(matrix.columns, matrix.rows, 1, source);
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    for (std::size_t c = 0; c < matrix.columns; ++c) result.view()(c, r) = matrix.view()(r, c);
  }
  return result;
}

template <typename Real>
void multiply_naively(MatrixView<const Real> left, MatrixView<const Real> right, MatrixView<Real> result,
                      Start start) {
  for (std::size_t n = 0; n < result.rows; ++n) {
    for (std::size_t c = 0; c < right.columns; ++c) {
      Real sum = start == Start::from_result ? result(n, c) : Real{0};
      for (std::size_t k = 0; k < right.rows; ++k) sum = sum + left(n, k) * right(k, c);
      result(n, c) = sum;
    }
  }
}

// Every number of every panel, the padding included.
template <typename Real>
std::vector<Real> contents(const PackedMatrix<Real>& packed) {
  std::vector<Real> numbers;
  for (std::size_t index = 0; index < packed.panels(); ++index) {
    const MatrixView<const Real> panel = packed.panel(index);
    numbers.insert(numbers.end(), panel.data, panel.data + panel.rows * panel.row_stride);
  }
  return numbers;
}

// Around the ends of vectors, of tiles, of panels, and of what is multiplied at a time; and those where a
// matrix becomes too large for a single panel.
constexpr std::size_t row_counts[] = {0, 1, 2, 27, 50, 96, 127, 128, 129, 260};
constexpr std::size_t column_counts[] = {1, 7, 16, 31, 32, 33, 50, 63, 64, 65, 96, 97, 128, 150, 193};

template <typename Function>
void for_each_shape(Function&& function) {
  for (const std::size_t rows : row_counts) {
    for (const std::size_t columns : column_counts) {
      const Context context(rows, " x ", columns);
      function(rows, columns);
    }
  }
}

TEST("panels hold the columns of the matrix one after the other, and zeros behind the last") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers source(101);
    for_each_shape([&](std::size_t rows, std::size_t columns) {
      const Numbers<Real> matrix(rows, columns, 2, source);
      PackedMatrix<Real> packed(rows, columns);
      CHECK_EQUAL(packed.rows(), rows);
      CHECK_EQUAL(packed.columns(), columns);
      packed.pack(matrix.view());
      std::size_t column = 0;
      for (std::size_t index = 0; index < packed.panels(); ++index) {
        const MatrixView<const Real> panel = packed.panel(index);
        CHECK_EQUAL(packed.first_column(index), column);
        CHECK_EQUAL(panel.rows, rows);
        CHECK_EQUAL(panel.row_stride, padded<Real>(panel.columns));
        for (std::size_t r = 0; r < rows; ++r) {
          std::vector<Real> expected(matrix.view().row(r) + column,
                                     matrix.view().row(r) + column + panel.columns);
          expected.resize(panel.row_stride);  // with zeros
          CHECK_SAME_BITS((VectorView<const Real>{panel.row(r), panel.row_stride}), expected);
        }
        column += panel.columns;
      }
      CHECK_EQUAL(column, columns);
    });
  });
}

TEST("a small matrix is one panel, a large one is several") {
  for_each_type([]<typename Real>() {
    CHECK_EQUAL(PackedMatrix<Real>(50, 50).panels(), 1);
    CHECK_EQUAL(PackedMatrix<Real>(0, 1000).panels(), 1);
    CHECK(PackedMatrix<Real>(256, 1024).panels() >= 16);
  });
}

TEST("pack_transposed() packs the transpose") {
  for_each_set_and_type([]<typename Real>() {
    MadeUpNumbers source(102);
    for_each_shape([&](std::size_t rows, std::size_t columns) {
      const Numbers<Real> matrix(rows, columns, 2, source);
      PackedMatrix<Real> plain(rows, columns), from_transpose(rows, columns);
      plain.pack(matrix.view());
      from_transpose.pack_transposed(transposed(matrix, source).view());
      CHECK_SAME_BITS(contents(from_transpose), contents(plain));
    });
  });
}

TEST("panels can be packed one by one, by several threads") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers source(103);
    for_each_shape([&](std::size_t rows, std::size_t columns) {
      const Numbers<Real> matrix(rows, columns, 2, source);
      const Numbers<Real> transpose = transposed(matrix, source);
      PackedMatrix<Real> whole(rows, columns), parts(rows, columns), transposed_parts(rows, columns);
      whole.pack(matrix.view());
      const std::size_t middle = parts.panels() / 2;
      std::thread other([&] {
        parts.pack_panels(matrix.view(), middle, parts.panels());
        transposed_parts.pack_transposed_panels(transpose.view(), 0, middle);
      });
      parts.pack_panels(matrix.view(), 0, middle);
      transposed_parts.pack_transposed_panels(transpose.view(), middle, parts.panels());
      other.join();
      CHECK_SAME_BITS(contents(parts), contents(whole));
      CHECK_SAME_BITS(contents(transposed_parts), contents(whole));
    });
  });
}

TEST("refer_to() takes a single padded panel as it is, and copies all others") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers source(104);
    const auto sees_changes = [&](std::size_t rows, std::size_t columns, std::size_t gap) {
      Numbers<Real> matrix(rows, columns, gap, source);
      PackedMatrix<Real> packed(rows, columns), copied(rows, columns);
      packed.refer_to(matrix.view());
      copied.pack(matrix.view());
      CHECK_SAME_BITS(packed.panel(0)(0, 0), matrix.view()(0, 0));
      if (gap == 0) CHECK_SAME_BITS(contents(packed), contents(copied));
      matrix.view()(0, 0) = Real{7};
      return packed.panel(0)(0, 0) == Real{7};
    };
    CHECK(sees_changes(50, 48, 0));
    CHECK(sees_changes(50, 50, padded<Real>(50) - 50));
    CHECK(!sees_changes(50, 50, 0));
    CHECK(!sees_changes(50, 50, 30));
    CHECK(!sees_changes(256, 128, 0));
  });
}

TEST("refer_to_panels() leaves to others what it is not asked for") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers source(105);
    const Numbers<Real> matrix(3, 16, 0, source);
    PackedMatrix<Real> packed(3, 16);
    packed.refer_to_panels(matrix.view(), 0, 0);
    CHECK(packed.panel(0).data != matrix.view().data);
    packed.refer_to_panels(matrix.view(), 0, 1);
    CHECK(packed.panel(0).data == matrix.view().data);
  });
}

TEST("a product has the bits of the triple loop, and leaves the gaps alone") {
  for_each_set_and_type([]<typename Real>() {
    MadeUpNumbers source(106);
    std::size_t shapes = 0;
    for_each_shape([&](std::size_t rows, std::size_t columns) {
      const Numbers<Real> right(rows, columns, 0, source);
      PackedMatrix<Real> packed(rows, columns);
      packed.pack(right.view());
      const std::size_t counts[] = {1 + shapes % 8, 17};
      const Start start = shapes++ % 2 == 0 ? Start::from_zero : Start::from_result;
      for (const std::size_t count : counts) {
        const Context context(count, " rows");
        const Numbers<Real> left(count, rows, 1, source);
        Numbers<Real> result(count, columns, shapes % 3, source), expected = result;
        multiply<Real>(left.view(), packed, result.view(), start);
        multiply_naively<Real>(left.view(), right.view(), expected.view(), start);
        CHECK_SAME_BITS(result.numbers, expected.numbers);
      }
    });
  });
}

TEST("a padded result keeps the zeros behind its columns") {
  for_each_set_and_type([]<typename Real>() {
    MadeUpNumbers source(107);
    for_each_shape([&](std::size_t rows, std::size_t columns) {
      const Numbers<Real> left(5, rows, 0, source), right(rows, columns, 0, source);
      PackedMatrix<Real> packed(rows, columns);
      packed.pack(right.view());
      AlignedMatrix<Real> result(5, columns), expected(5, columns);
      multiply<Real>(left.view(), packed, result.view().with_padding(), Start::from_result);
      multiply_naively<Real>(left.view(), right.view(), expected.view(), Start::from_result);
      const std::size_t size = 5 * result.view().row_stride;
      CHECK_SAME_BITS((VectorView<const Real>{result.view().data, size}),
                      (VectorView<const Real>{expected.view().data, size}));
    });
  });
}

TEST("a packed matrix serves every instruction set, whichever it was packed with") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers source(108);
    const Numbers<Real> left(7, 260, 0, source), right(260, 193, 0, source);
    Numbers<Real> expected(7, 193, 0, source);
    multiply_naively<Real>(left.view(), right.view(), expected.view(), Start::from_zero);
    const std::string before = name_in_use();
    for (const std::string& packed_with : usable_instruction_sets()) {
      use_instruction_set(packed_with);
      PackedMatrix<Real> packed(260, 193);
      packed.pack(right.view());
      for (const std::string& used_with : usable_instruction_sets()) {
        const Context context(packed_with, ", then ", used_with);
        use_instruction_set(used_with);
        Numbers<Real> result(7, 193, 0, source);
        multiply<Real>(left.view(), packed, result.view(), Start::from_zero);
        CHECK_SAME_BITS(result.numbers, expected.numbers);
      }
    }
    use_instruction_set(before);
  });
}

TEST("threads share the rows of a product, and its bits do not show how") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers source(109);
    constexpr std::size_t count = 61;
    const Numbers<Real> left(count, 260, 0, source), right(260, 193, 0, source);
    Numbers<Real> expected(count, 193, 0, source);
    PackedMatrix<Real> packed(260, 193);
    packed.pack(right.view());
    multiply_naively<Real>(left.view(), right.view(), expected.view(), Start::from_zero);
    for (std::size_t workers = 1; workers <= 5; ++workers) {
      Numbers<Real> result(count, 193, 0, source);
      std::vector<std::thread> threads;
      for (std::size_t worker = 0; worker < workers; ++worker) {
        threads.emplace_back([&, first = count * worker / workers, end = count * (worker + 1) / workers] {
          const auto rows_of = [&](auto matrix) { return matrix.rows_from(first, end - first); };
          multiply<Real>(rows_of(left.view()), packed, rows_of(result.view()), Start::from_zero);
        });
      }
      for (std::thread& thread : threads) thread.join();
      CHECK_SAME_BITS(result.numbers, expected.numbers);
    }
  });
}

}  // namespace
}  // namespace dinorc::check
