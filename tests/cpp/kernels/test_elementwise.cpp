// The element-wise kernels of every instruction set against their formulas, number by number.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "check.hpp"
#include "made_up_numbers.hpp"
#include "special_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t largest_size = 67;  // four of the widest vectors, and some more
constexpr std::size_t guards = 17;        // one more than the widest vector holds

// For all sizes, operands and tables: `kernel(table, operand, target, size)` turns `target` into what
// `formula(operand, target)` is for each pair of numbers, and writes not a number behind the end. What is
// read ends with the memory, for the address sanitizer.
template <typename Real, typename Kernel, typename Formula>
void check_kernel(Kernel kernel, Formula formula) {
  MadeUpNumbers numbers(7);
  for (std::size_t size = 0; size <= largest_size; ++size) {
    const Context context("size ", size);
    const std::vector<Real> operand = mixed_numbers<Real>(numbers, size);
    const std::vector<Real> start = mixed_numbers<Real>(numbers, size + guards);
    std::vector<Real> expected = start;
    for (std::size_t i = 0; i < size; ++i) expected[i] = formula(operand[i], start[i]);
    for_each_table<Real>([&](const KernelTable<Real>& table) {
      std::vector<Real> target = start;
      kernel(table, operand.data(), target.data(), size);
      CHECK_SAME_BITS(target, expected);

      std::vector<Real> exact(start.begin(), start.begin() + static_cast<std::ptrdiff_t>(size));
      kernel(table, operand.data(), exact.data(), size);
      CHECK_SAME_BITS(exact, std::vector<Real>(expected.begin(), expected.end() - guards));
    });
  }
}

template <typename Real>
struct ElementaryFunction {
  const char* name;
  void (*KernelTable<Real>::*kernel)(const Real*, Real*, std::size_t);
  double (*reference)(double);  // the C library's, a last bit or two away from the truth
};

template <typename Real>
std::vector<ElementaryFunction<Real>> elementary_functions() {
  return {
      {"exp", &KernelTable<Real>::exp, [](double x) { return std::exp(x); }},
      {"tanh", &KernelTable<Real>::tanh, [](double x) { return std::tanh(x); }},
      {"sigmoid", &KernelTable<Real>::sigmoid,
       [](double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }},
      {"log", &KernelTable<Real>::log, [](double x) { return std::log(x); }},
  };
}

template <typename Real>
Real call_for_one(const KernelTable<Real>& table, const ElementaryFunction<Real>& function, Real x) {
  Real y{};
  (table.*function.kernel)(&x, &y, 1);
  return y;
}

TEST("exp, tanh, sigmoid and log give the same bits in every set, place and size") {
  for_each_type([]<typename Real>() {
    const KernelTable<Real>& plainest = kernels_for<Real>("baseline");
    for (const auto& function : elementary_functions<Real>()) {
      const Context context(function.name);
      check_kernel<Real>([&](const KernelTable<Real>& table, const Real* x, Real* y,
                             std::size_t size) { (table.*function.kernel)(x, y, size); },
                         [&](Real x, Real) { return call_for_one(plainest, function, x); });
    }
  });
}

TEST("exp, tanh, sigmoid and log may write where they read") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(8);
    for (const auto& function : elementary_functions<Real>()) {
      const Context context(function.name);
      const std::vector<Real> x = mixed_numbers<Real>(numbers, largest_size);
      for_each_table<Real>([&](const KernelTable<Real>& table) {
        std::vector<Real> separate(x.size()), in_place = x;
        (table.*function.kernel)(x.data(), separate.data(), x.size());
        (table.*function.kernel)(in_place.data(), in_place.data(), x.size());
        CHECK_SAME_BITS(in_place, separate);
      });
    }
  });
}

TEST("exp, tanh, sigmoid and log are near those of the C library") {
  for_each_type([]<typename Real>() {
    using Limits = std::numeric_limits<Real>;
    MadeUpNumbers numbers(9);
    for (const auto& function : elementary_functions<Real>()) {
      const Context context(function.name);
      for (int i = 0; i < 3000; ++i) {
        const Real x = numbers.numbers_of_many_sizes<Real>(1)[0];
        const Real argument = function.reference(-1.0) < 0 || x > 0 ? x : -x;
        const double expected = function.reference(static_cast<double>(argument));
        if (!(std::fabs(expected) >= static_cast<double>(Limits::min()))) continue;
        const double last_bit = std::fabs(expected) * static_cast<double>(Limits::epsilon());
        const double actual = static_cast<double>(call_for_one(active_kernels<Real>(), function, argument));
        if (std::fabs(expected) <= static_cast<double>(Limits::max())) {
          CHECK_NEAR(actual, expected, 2 * last_bit);
        } else {
          CHECK_EQUAL(actual, std::numeric_limits<double>::infinity());
        }
      }
    }
  });
}

TEST("exp, tanh, sigmoid and log at zero, infinity and NaN") {
  for_each_type([]<typename Real>() {
    const Real infinity = std::numeric_limits<Real>::infinity(), nan = std::numeric_limits<Real>::quiet_NaN();
    const Real smallest = std::numeric_limits<Real>::denorm_min();
    for_each_table<Real>([&](const KernelTable<Real>& table) {
      const auto check_values = [&](auto kernel, const std::vector<Real>& x, const std::vector<Real>& y) {
        std::vector<Real> result(x.size());
        kernel(x.data(), result.data(), x.size());
        CHECK_SAME_BITS(result, y);
      };
      check_values(table.exp, {0, Real{-0.0}, infinity, -infinity, nan, smallest, -smallest, 1000, -1000},
                   {1, 1, infinity, 0, nan, 1, 1, infinity, 0});
      check_values(table.tanh, {0, Real{-0.0}, infinity, -infinity, nan, smallest, -smallest, 1000, -1000},
                   {0, Real{-0.0}, 1, -1, nan, smallest, -smallest, 1, -1});
      check_values(table.sigmoid, {0, Real{-0.0}, infinity, -infinity, nan, smallest, 1000, -1000},
                   {Real{0.5}, Real{0.5}, 1, 0, nan, Real{0.5}, 1, 0});
      check_values(table.log, {0, Real{-0.0}, infinity, -infinity, nan, 1, -1, -smallest},
                   {-infinity, -infinity, infinity, nan, nan, 0, nan, nan});
    });
  });
}

TEST("add adds") {
  for_each_type([]<typename Real>() {
    check_kernel<Real>([](const KernelTable<Real>& table, const Real* x, Real* y,
                          std::size_t size) { table.add(x, y, size); },
                       [](Real x, Real y) -> Real { return y + x; });
  });
}

TEST("sum writes sums") {
  for_each_type([]<typename Real>() {
    check_kernel<Real>([](const KernelTable<Real>& table, const Real* x, Real* y,
                          std::size_t size) { table.sum(x, y, y, size); },
                       [](Real x, Real y) -> Real { return x + y; });
  });
}

TEST("add_weighted_exp adds the rounded product") {
  for_each_type([]<typename Real>() {
    const KernelTable<Real>& plainest = kernels_for<Real>("baseline");
    for (const Real weight : {static_cast<Real>(0.3), Real{1}, Real{0}}) {
      const Context context("weight ", weight);
      check_kernel<Real>([weight](const KernelTable<Real>& table, const Real* x, Real* sums,
                                  std::size_t size) { table.add_weighted_exp(weight, x, sums, size); },
                         [&](Real x, Real sum) -> Real {
                           Real y{};
                           plainest.exp(&x, &y, 1);
                           const Real product = weight * y;
                           return sum + product;
                         });
    }
  });
}

TEST("clip clips both ways and leaves NaN and the zeros as they are") {
  for_each_type([]<typename Real>() {
    for (const Real maximum : {Real{5}, Real{0.25}, Real{0}, std::numeric_limits<Real>::denorm_min(),
                               std::numeric_limits<Real>::infinity()}) {
      const Context context("maximum ", maximum);
      check_kernel<Real>([maximum](const KernelTable<Real>& table, const Real*, Real* x,
                                   std::size_t size) { table.clip(maximum, x, size); },
                         [maximum](Real, Real x) {
                           if (x > maximum) return maximum;
                           return x < -maximum ? -maximum : x;
                         });
    }
    for_each_table<Real>([](const KernelTable<Real>& table) {
      const Real infinity = std::numeric_limits<Real>::infinity();
      const Real nan = std::numeric_limits<Real>::quiet_NaN();
      std::vector<Real> x = {Real{-0.0}, Real{0}, nan, infinity, -infinity, 5, -5, 6, -6};
      table.clip(5, x.data(), x.size());
      CHECK_SAME_BITS(x, (std::vector<Real>{Real{-0.0}, Real{0}, nan, 5, -5, 5, -5, 5, -5}));
    });
  });
}

TEST("descend subtracts the rounded product") {
  for_each_type([]<typename Real>() {
    for (const Real learning_rate :
         {static_cast<Real>(0.01), Real{1}, std::numeric_limits<Real>::max(), Real{0}}) {
      const Context context("learning rate ", learning_rate);
      check_kernel<Real>(
          [learning_rate](const KernelTable<Real>& table, const Real* gradients, Real* parameters,
                          std::size_t size) { table.descend(learning_rate, gradients, parameters, size); },
          [learning_rate](Real gradient, Real parameter) -> Real {
            const Real step = learning_rate * gradient;
            return parameter - step;
          });
    }
  });
}

TEST("clip_and_descend is clip and then descend") {
  for_each_type([]<typename Real>() {
    constexpr Real infinity = std::numeric_limits<Real>::infinity();
    for (const Real maximum : {Real{5}, Real{0.25}, Real{0}, infinity}) {
      for (const Real learning_rate : {static_cast<Real>(0.01), std::numeric_limits<Real>::max()}) {
        const Context context("maximum ", maximum, ", learning rate ", learning_rate);
        check_kernel<Real>(
            [=](const KernelTable<Real>& table, const Real* gradients, Real* parameters, std::size_t size) {
              table.clip_and_descend({maximum, learning_rate}, gradients, parameters, size);
            },
            [=](Real gradient, Real parameter) -> Real {
              if (gradient > maximum) gradient = maximum;
              if (gradient < -maximum) gradient = -maximum;
              const Real step = learning_rate * gradient;
              return parameter - step;
            });
      }
    }
  });
}

TEST("tanh_backward is (1 - y y) (dy + dy_next)") {
  for_each_type([]<typename Real>() {
    check_kernel<Real>([](const KernelTable<Real>& table, const Real* y, Real* d,
                          std::size_t size) { table.tanh_backward(y, d, y, d, size); },
                       [](Real y, Real d_y) -> Real {
                         const Real square = y * y;
                         const Real slope = Real{1} - square;
                         const Real sum = d_y + y;
                         return slope * sum;
                       });
  });
}

TEST("divide_rows divides, with no reciprocal in between") {
  for_each_type([]<typename Real>() {
    for (const Real divisor : {Real{3}, Real{49}, static_cast<Real>(-0.1), std::numeric_limits<Real>::min(),
                               Real{0}, std::numeric_limits<Real>::infinity()}) {
      const Context context("divisor ", divisor);
      check_kernel<Real>([divisor](const KernelTable<Real>& table, const Real*, Real* x,
                                   std::size_t size) { table.divide_rows(&divisor, {x, 1, size, size}); },
                         [divisor](Real, Real x) -> Real {
                           volatile Real hidden = divisor;  // no folding, and none of 1 / divisor
                           return x / hidden;
                         });
    }
  });
}

TEST("all_finite finds a single infinity or NaN in any place") {
  for_each_type([]<typename Real>() {
    using Limits = std::numeric_limits<Real>;
    for_each_table<Real>([](const KernelTable<Real>& table) {
      for (std::size_t size = 0; size <= largest_size; ++size) {
        const Context context("size ", size);
        std::vector<Real> x(size, Limits::max());
        for (std::size_t i = 0; i < size; i += 3) x[i] = i % 2 == 0 ? -Limits::max() : Limits::denorm_min();
        CHECK(table.all_finite(x.data(), size));
        for (std::size_t place = 0; place < size; ++place) {
          for (const Real bad : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN()}) {
            const Real before = x[place];
            x[place] = bad;
            CHECK(!table.all_finite(x.data(), size));
            x[place] = before;
          }
        }
        x.push_back(Limits::quiet_NaN());
        CHECK(table.all_finite(x.data(), size));
      }
    });
  });
}

}  // namespace
}  // namespace dinorc::check
