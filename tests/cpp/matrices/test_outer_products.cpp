// Sums of outer products against the naive triple loop, to the bit.
#include <cstddef>
#include <thread>
#include <vector>

#include "check.hpp"
#include "dinorc/matrices/outer_products.hpp"
#include "made_up_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

struct Shape {
  std::size_t count;  // of outer products
  std::size_t rows, columns;
};

// The operands, rows with gaps, and the result that the plain loop gives.
template <typename Real>
struct Products {
  Products(const Shape& shape_of_all, std::size_t gap, Start start_of_sums, MadeUpNumbers& numbers)
      : shape(shape_of_all),
        left_stride(shape.rows + gap),
        right_stride(shape.columns + gap),
        start(start_of_sums),
        left_numbers(numbers.numbers_of_many_sizes<Real>(shape.count * left_stride)),
        right_numbers(numbers.numbers_of_many_sizes<Real>(shape.count * right_stride)),
        before(numbers.numbers_of_many_sizes<Real>(shape.rows * right_stride)),
        expected(before) {
    for (std::size_t m = 0; m < shape.rows; ++m) {
      for (std::size_t k = 0; k < shape.columns; ++k) {
        Real& sum = expected[m * right_stride + k];
        if (start == Start::from_zero) sum = Real{0};
        for (std::size_t n = 0; n < shape.count; ++n) sum = sum + left()(n, m) * right()(n, k);
      }
    }
  }

  MatrixView<const Real> left() const { return {left_numbers.data(), shape.count, shape.rows, left_stride}; }
  MatrixView<const Real> right() const {
    return {right_numbers.data(), shape.count, shape.columns, right_stride};
  }
  MatrixView<Real> view_of(std::vector<Real>& result) const {
    return {result.data(), shape.rows, shape.columns, right_stride};
  }

  Shape shape;
  std::size_t left_stride, right_stride;
  Start start;
  std::vector<Real> left_numbers, right_numbers, before, expected;
};

template <typename Number>
MatrixView<Number> columns_of(MatrixView<Number> matrix, std::size_t first, std::size_t end) {
  return {matrix.data + first, matrix.rows, end - first, matrix.row_stride};
}

TEST("a sum of any shape has the bits of the triple loop and leaves the gaps alone") {
  for_each_set_and_type([]<typename Real>() {
    MadeUpNumbers numbers(111);
    OuterProducts<Real> outer_products;  // the same for all: what one sum leaves in it must not matter
    std::size_t shapes = 0;
    for (const std::size_t count : {0, 1, 2, 127, 128, 129, 257}) {
      for (const std::size_t rows : {1, 3, 27, 32, 65, 130}) {
        for (const std::size_t columns : {1, 16, 31, 50, 64, 65, 130}) {
          const Context context(count, " products of ", rows, " x ", columns);
          const Start start = shapes++ % 2 == 0 ? Start::from_zero : Start::from_result;
          const Products<Real> products({count, rows, columns}, shapes % 3, start, numbers);
          std::vector<Real> result = products.before;
          outer_products.sum(products.left(), products.right(), products.view_of(result), start);
          CHECK_SAME_BITS(result, products.expected);
        }
      }
    }
  });
}

TEST("more columns than are packed at a time") {
  for_each_set_and_type([]<typename Real>() {
    MadeUpNumbers numbers(112);
    OuterProducts<Real> outer_products;
    for (const Shape& shape : {Shape{130, 5, 512}, Shape{130, 66, 513}, Shape{3, 2, 1100}}) {
      const Products<Real> products(shape, 1, Start::from_result, numbers);
      std::vector<Real> result = products.before;
      outer_products.sum(products.left(), products.right(), products.view_of(result), Start::from_result);
      CHECK_SAME_BITS(result, products.expected);
    }
  });
}

TEST("threads share the rows or the columns of the result, and its bits do not show how") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(113);
    const Shape shape{150, 70, 90};
    const Products<Real> products(shape, 0, Start::from_zero, numbers);
    for (std::size_t workers = 1; workers <= 5; ++workers) {
      for (const bool share_rows : {true, false}) {
        const Context context(workers, " workers, sharing ", share_rows ? "rows" : "columns");
        std::vector<Real> result = products.before;
        const MatrixView<Real> whole = products.view_of(result);
        std::vector<OuterProducts<Real>> workspaces(workers);
        std::vector<std::thread> threads;
        for (std::size_t worker = 0; worker < workers; ++worker) {
          threads.emplace_back([&, worker] {
            const std::size_t size = share_rows ? shape.rows : shape.columns;
            const std::size_t first = size * worker / workers, end = size * (worker + 1) / workers;
            if (share_rows) {
              workspaces[worker].sum(columns_of(products.left(), first, end), products.right(),
                                     whole.rows_from(first, end - first), Start::from_zero);
            } else {
              workspaces[worker].sum(products.left(), columns_of(products.right(), first, end),
                                     columns_of(whole, first, end), Start::from_zero);
            }
          });
        }
        for (std::thread& thread : threads) thread.join();
        CHECK_SAME_BITS(result, products.expected);
      }
    }
  });
}

}  // namespace
}  // namespace dinorc::check
