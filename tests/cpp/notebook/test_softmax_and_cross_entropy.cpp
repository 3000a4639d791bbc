// Softmax and cross-entropy against their formulas, summed in ascending order.
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "check.hpp"
#include "dinorc/notebook/cross_entropy.hpp"
#include "made_up_numbers.hpp"
#include "naive_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

template <typename Real>
struct MaximumAndSum {
  Real maximum, sum;
};

// Turns `size` logits into the terms of their softmax.
template <typename Real>
MaximumAndSum<Real> softmax_terms(const KernelTable<Real>& table, const Real* logits, Real* terms,
                                  std::size_t size) {
  MaximumAndSum<Real> result{};
  table.softmax_terms({logits, 1, size, size}, {terms, 1, size, size}, &result.maximum);
  table.sum_rows({terms, 1, size, size}, &result.sum);
  return result;
}

// The loss of the first character of `targets` after these logits; writes the probabilities.
template <typename Real>
double loss_of_one_row(const std::vector<Real>& logits, CharacterIds targets,
                       std::vector<Real>& probabilities) {
  const std::size_t size = logits.size();
  std::vector<Real> workspace(3);
  return cross_entropy<Real>({logits.data(), 1, size, size}, targets, {probabilities.data(), 1, size, size},
                             {workspace.data(), 3, 1, 1});
}

TEST("softmax_terms of any length has the bits of the formula in every set") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(10);
    for (std::size_t size = 1; size <= 150; ++size) {
      const Context context("size ", size);
      const std::vector<Real> logits = numbers.numbers<Real>(size, Real{20});
      const NaiveSoftmax<Real> naive = naive_softmax(logits);
      for_each_table<Real>([&](const KernelTable<Real>& table) {
        constexpr std::size_t guards = 17;
        std::vector<Real> terms(size + guards, Real{-3});
        const auto [maximum, sum] = softmax_terms(table, logits.data(), terms.data(), size);
        CHECK_EQUAL(maximum, naive.maximum);
        CHECK_SAME_BITS(sum, naive.sum);
        CHECK_SAME_BITS(std::vector<Real>(terms.end() - guards, terms.end()),
                        std::vector<Real>(guards, Real{-3}));
        terms.resize(size);
        table.divide_rows(&sum, {terms.data(), 1, size, size});
        CHECK_SAME_BITS(terms, naive.probabilities);
      });
    }
  });
}

TEST("the maximum is found in every place") {
  for_each_type([]<typename Real>() {
    for_each_table<Real>([](const KernelTable<Real>& table) {
      for (std::size_t size = 1; size <= 67; ++size) {
        for (std::size_t place = 0; place < size; ++place) {
          std::vector<Real> logits(size, Real{-2000});
          logits[place] = Real{-1000};
          std::vector<Real> expected(size, Real{0});
          expected[place] = 1;
          const auto [maximum, sum] = softmax_terms(table, logits.data(), logits.data(), size);
          CHECK_EQUAL(maximum, Real{-1000});
          CHECK_EQUAL(sum, Real{1});
          CHECK_SAME_BITS(logits, expected);
        }
      }
    });
  });
}

TEST("the rows of a matrix are computed one by one, whatever their strides") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(63);
    constexpr std::size_t rows = 5, columns = 11, stride = 13, other_stride = 12;
    const std::vector<Real> logits = numbers.numbers<Real>(rows * stride, Real{6});
    for_each_table<Real>([&](const KernelTable<Real>& table) {
      std::vector<Real> terms(rows * other_stride, Real{-3}), maxima(rows), sums(rows);
      const MatrixView<Real> matrix{terms.data(), rows, columns, other_stride};
      table.softmax_terms({logits.data(), rows, columns, stride}, matrix, maxima.data());
      table.sum_rows(matrix, sums.data());
      table.divide_rows(sums.data(), matrix);
      for (std::size_t r = 0; r < rows; ++r) {
        const Real* const row = logits.data() + r * stride;
        const NaiveSoftmax<Real> naive = naive_softmax(std::vector<Real>(row, row + columns));
        CHECK_EQUAL(maxima[r], naive.maximum);
        CHECK_SAME_BITS(sums[r], naive.sum);
        CHECK_SAME_BITS((VectorView<Real>{matrix.row(r), columns}), naive.probabilities);
        CHECK_EQUAL(matrix.row(r)[columns], Real{-3});
      }
    });
  });
}

TEST("sum_rows adds each row upwards, any number of rows and columns") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(62);
    for (std::size_t rows = 0; rows <= 20; ++rows) {
      for (const std::size_t columns : {0, 1, 2, 7, 8, 27, 40}) {
        const Context context("rows ", rows, ", columns ", columns);
        const std::size_t stride = columns + rows % 3;
        const std::size_t size = rows == 0 ? 0 : (rows - 1) * stride + columns;
        const std::vector<Real> x = numbers.numbers_of_many_sizes<Real>(size);
        std::vector<Real> expected(rows + 1, Real{-3});
        for (std::size_t r = 0; r < rows; ++r) {
          expected[r] = 0;
          for (std::size_t c = 0; c < columns; ++c) expected[r] = expected[r] + x[r * stride + c];
        }
        for_each_table<Real>([&](const KernelTable<Real>& table) {
          std::vector<Real> sums(rows + 1, Real{-3});
          table.sum_rows({x.data(), rows, columns, stride}, sums.data());
          CHECK_SAME_BITS(sums, expected);
        });
      }
    }
  });
}

TEST("softmax of a single logit is one, and of equal ones equal") {
  for_each_type([]<typename Real>() {
    for (const Real logit : {Real{0}, Real{-0.0}, std::numeric_limits<Real>::max(), Real{-1000}}) {
      for (std::size_t size = 1; size <= 33; ++size) {
        std::vector<Real> row(size, logit);
        softmax<Real>({row.data(), size}, {row.data(), size});
        CHECK_SAME_BITS(row, std::vector<Real>(size, 1 / static_cast<Real>(size)));
      }
    }
  });
}

TEST("softmax in place is softmax to another place") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(11);
    std::vector<Real> logits = numbers.numbers<Real>(27, Real{5}), probabilities(27);
    softmax<Real>({logits.data(), 27}, {probabilities.data(), 27});
    CHECK_SAME_BITS(probabilities, naive_softmax(logits).probabilities);
    softmax<Real>({logits.data(), 27}, {logits.data(), 27});
    CHECK_SAME_BITS(logits, probabilities);
  });
}

TEST("minus infinity among the logits has probability zero") {
  for_each_type([]<typename Real>() {
    for_each_table<Real>([](const KernelTable<Real>& table) {
      const Real infinity = std::numeric_limits<Real>::infinity();
      std::vector<Real> logits(21, -infinity);
      logits[20] = Real{-0.0};
      logits[3] = 0;
      const auto [maximum, sum] = softmax_terms(table, logits.data(), logits.data(), 21);
      CHECK_EQUAL(maximum, Real{0});
      CHECK_EQUAL(sum, Real{2});
      std::vector<Real> expected(21, Real{0});
      expected[20] = expected[3] = 1;
      CHECK_SAME_BITS(logits, expected);
    });
  });
}

TEST("a NaN or plus infinity in any place makes the sum, and so every probability, NaN") {
  for_each_type([]<typename Real>() {
    using Limits = std::numeric_limits<Real>;
    MadeUpNumbers numbers(12);
    const std::vector<Real> logits = numbers.numbers<Real>(37, Real{5});
    for_each_table<Real>([&](const KernelTable<Real>& table) {
      for (std::size_t place = 0; place < logits.size(); ++place) {
        for (const Real bad : {Limits::quiet_NaN(), Limits::infinity()}) {
          std::vector<Real> row = logits;
          row[place] = bad;
          const std::size_t size = row.size();
          const Real sum = softmax_terms(table, row.data(), row.data(), size).sum;
          CHECK_SAME_BITS(sum, Limits::quiet_NaN());
          table.divide_rows(&sum, {row.data(), 1, size, size});
          CHECK_SAME_BITS(row, std::vector<Real>(row.size(), Limits::quiet_NaN()));
        }
      }
    });
  });
}

TEST("the loss is the sum over time of log(sum) - (logit - maximum), in double") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(13);
    constexpr std::size_t length = 9, size = 27, stride = 32;
    std::vector<Real> logits = numbers.numbers<Real>(length * stride, Real{6});
    const std::vector<CharacterId> targets = numbers.characters(length, size);
    double expected_loss = 0.0;
    std::vector<Real> expected = logits;
    for (std::size_t t = 0; t < length; ++t) {
      const std::vector<Real> row(logits.data() + t * stride, logits.data() + t * stride + size);
      const NaiveSoftmax<Real> naive = naive_softmax(row);
      const Real loss = naive_log(naive.sum) - (row[static_cast<std::size_t>(targets[t])] - naive.maximum);
      expected_loss = expected_loss + static_cast<double>(loss);
      std::copy(naive.probabilities.begin(), naive.probabilities.end(), expected.data() + t * stride);
    }

    std::vector<Real> probabilities = logits;  // beyond the columns: what was there
    std::vector<Real> workspace(3 * length);
    const MatrixView<Real> workspace_rows{workspace.data(), 3, length, length};
    const double loss = cross_entropy<Real>({logits.data(), length, size, stride}, targets,
                                            {probabilities.data(), length, size, stride}, workspace_rows);
    CHECK_SAME_BITS(loss, expected_loss);
    CHECK_SAME_BITS(probabilities, expected);

    const MatrixView<Real> in_place{logits.data(), length, size, stride};
    CHECK_SAME_BITS(cross_entropy<Real>(in_place, targets, in_place, workspace_rows), expected_loss);
    CHECK_SAME_BITS(logits, expected);

    cross_entropy_backward<Real>(targets, in_place);
    for (std::size_t t = 0; t < length; ++t) {
      Real& target = expected[t * stride + static_cast<std::size_t>(targets[t])];
      target = target - Real{1};
    }
    CHECK_SAME_BITS(logits, expected);
  });
}

TEST("the loss stays finite where the probability rounds to zero") {
  for_each_type([]<typename Real>() {
    const std::vector<Real> logits = {0, -5000};
    const std::vector<CharacterId> targets = {1};
    std::vector<Real> probabilities(2);
    const double loss = loss_of_one_row(logits, targets, probabilities);
    CHECK_EQUAL(loss, 5000.0);
    CHECK_SAME_BITS(probabilities, (std::vector<Real>{1, 0}));
  });
}

TEST("the loss of equal logits is the logarithm of their number") {
  for_each_type([]<typename Real>() {
    const std::vector<Real> logits(27, Real{3});
    const std::vector<CharacterId> targets = {26};
    std::vector<Real> probabilities(27);
    const double loss = loss_of_one_row(logits, targets, probabilities);
    CHECK_NEAR(loss, std::log(27.0), 4.0 * static_cast<double>(std::numeric_limits<Real>::epsilon()));
  });
}

}  // namespace
}  // namespace dinorc::check
