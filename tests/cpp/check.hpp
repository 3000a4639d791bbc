// A program of tests: cases with names, and checks that count, report and go on.
//
//   #include "check.hpp"
//
//   TEST("two and two make four") {
//     CHECK_EQUAL(2 + 2, 4);
//   }
//
// To be included by the one source file of the program, to which it gives main(). A check that fails writes
// file, line and expression to standard error; the program then exits with 1. It also does if an exception
// leaves a case, or if a case, or the whole program, checks nothing. NDEBUG makes no difference. Checks
// belong to the main thread: other threads compute, and what they computed is checked after they are joined.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <iterator>
#include <limits>
#include <ranges>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace dinorc::check {

struct TestCase {
  const char* name;
  void (*run)();
};

struct Progress {
  std::vector<TestCase> cases;
  std::vector<std::string> contexts;  // those that are open, the outermost first
  std::size_t checks = 0;
  std::size_t failures = 0;
  std::size_t failures_of_case = 0;
};

inline Progress& progress() {
  static Progress instance;
  return instance;
}

struct Registration {
  Registration(const char* name, void (*run)()) { progress().cases.push_back({name, run}); }
};

// All arguments, one after the other, as text.
template <typename... Parts>
std::string text_of(const Parts&... parts) {
  std::ostringstream stream;
  (stream << ... << parts);
  return std::move(stream).str();
}

// A scope whose failures are reported together with these words: which type, which shape.
class Context {
 public:
  template <typename... Parts>
  explicit Context(const Parts&... parts) {
    progress().contexts.push_back(text_of(parts...));
  }
  ~Context() { progress().contexts.pop_back(); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
};

struct Place {
  const char* file;
  int line;
  const char* expression;
};

inline constexpr std::size_t most_failures_shown = 20;  // of one case; the others are only counted

inline void report_failure(const Place& place, const std::string& details) {
  Progress& now = progress();
  ++now.failures;
  ++now.failures_of_case;
  if (now.failures_of_case > most_failures_shown) return;
  std::fprintf(stderr, "%s:%d: failed: %s\n", place.file, place.line, place.expression);
  for (const std::string& context : now.contexts) std::fprintf(stderr, "    with %s\n", context.c_str());
  if (!details.empty()) std::fprintf(stderr, "    %s\n", details.c_str());
}

inline void check_that(const Place& place, bool holds, const std::string& details = "") {
  ++progress().checks;
  if (!holds) report_failure(place, details);
}

// ---- How values are shown.

template <typename Integer>
concept PlainInteger = std::integral<Integer> && !std::same_as<Integer, bool>;

inline std::string shown(std::same_as<bool> auto value) { return value ? "true" : "false"; }

inline std::string shown(PlainInteger auto value) { return std::to_string(value); }

inline std::string shown(std::string_view value) { return text_of('"', value, '"'); }

inline std::string shown(std::floating_point auto value) {
  char text[100];
  std::snprintf(text, sizeof(text), "%a (%.17g)", static_cast<double>(value), static_cast<double>(value));
  return text;
}

template <std::ranges::range Range>
  requires(!std::convertible_to<Range, std::string_view>)
std::string shown(const Range& range) {
  std::string text = "{";
  for (const auto& value : range) text += (text.size() == 1 ? "" : ", ") + shown(value);
  return text + "}";
}

// ---- How values are compared.

template <typename Left, typename Right>
bool equal(const Left& left, const Right& right) {
  if constexpr (PlainInteger<Left> && PlainInteger<Right>) {
    return std::cmp_equal(left, right);  // no surprises between signed and unsigned
  } else {
    return left == right;
  }
}

template <typename Left, typename Right>
void check_equal(const Place& place, const Left& left, const Right& right) {
  const bool holds = equal(left, right);
  check_that(place, holds, holds ? "" : text_of("left is ", shown(left), ", right is ", shown(right)));
}

inline void check_near(const Place& place, double actual, double expected, double tolerance) {
  const double difference = actual < expected ? expected - actual : actual - expected;
  const bool holds = difference <= tolerance;  // false where one of them is NaN
  check_that(place, holds,
             holds ? "" : text_of(shown(actual), " is not within ", tolerance, " of ", shown(expected)));
}

// The bits of a number. Every NaN counts as the same: its sign and its payload depend on the processor and on
// the order in which a compiler hands over two operands, and no result of the core shows them.
template <std::floating_point Real>
auto bits_of(Real value) {
  using Bits = std::conditional_t<sizeof(Real) == 8, std::uint64_t, std::uint32_t>;
  static_assert(sizeof(Bits) == sizeof(Real));
  return std::bit_cast<Bits>(value == value ? value : std::numeric_limits<Real>::quiet_NaN());
}

template <typename Values>
auto numbers_in(const Values& values) {
  if constexpr (std::floating_point<Values>) {
    return std::span<const Values>(&values, 1);
  } else if constexpr (requires { std::span(values.data, values.size); }) {  // a VectorView
    return std::span(values.data, values.size);
  } else {
    return std::span(values);
  }
}

template <typename Actual, typename Expected>
void check_same_bits(const Place& place, const Actual& actual_values, const Expected& expected_values) {
  const auto actual = numbers_in(actual_values);
  const auto expected = numbers_in(expected_values);
  std::string details;
  bool holds = actual.size() == expected.size();
  if (!holds) details = text_of("sizes are ", actual.size(), " and ", expected.size());
  for (std::size_t i = 0; holds && i < actual.size(); ++i) {
    holds = bits_of(actual[i]) == bits_of(expected[i]);
    if (!holds) {
      details = text_of("number ", i, " of ", actual.size(), " is ", shown(actual[i]), ", expected ",
                        shown(expected[i]));
    }
  }
  check_that(place, holds, details);
}

// Returns the exception's message.
template <typename Exception, typename Function>
std::string check_throws(const Place& place, Function&& function) {
  std::string details = "nothing was thrown";
  try {
    function();
  } catch (const Exception& exception) {
    check_that(place, true);
    return exception.what();
  } catch (const std::exception& exception) {
    details = text_of("something else was thrown: ", exception.what());
  } catch (...) {
    details = "something else was thrown";
  }
  check_that(place, false, details);
  return "";
}

// ---- Running.

inline void run_case(const TestCase& test_case) {
  Progress& now = progress();
  const std::size_t checks_before = now.checks;
  now.failures_of_case = 0;
  const Place place{test_case.name, 0, "the case"};
  try {
    test_case.run();
    if (now.checks == checks_before) report_failure(place, "it checks nothing");
  } catch (const std::exception& exception) {
    report_failure(place, text_of("an exception left it: ", exception.what()));
  } catch (...) {
    report_failure(place, "an exception left it");
  }
  if (now.failures_of_case > most_failures_shown) {
    std::fprintf(stderr, "    ... and %zu more\n", now.failures_of_case - most_failures_shown);
  }
  std::printf("%s  %s (%zu checks)\n", now.failures_of_case == 0 ? "ok    " : "FAILED", test_case.name,
              now.checks - checks_before);
  std::fflush(stdout);
}

inline int run_all() {
  Progress& now = progress();
  for (const TestCase& test_case : now.cases) run_case(test_case);
  std::printf("%zu cases, %zu checks, %zu failed\n", now.cases.size(), now.checks, now.failures);
  return now.failures == 0 && now.checks > 0 ? 0 : 1;
}

}  // namespace dinorc::check

#define DINORC_JOINED_AGAIN(left, right) left##right
#define DINORC_JOINED(left, right) DINORC_JOINED_AGAIN(left, right)
#define DINORC_PLACE(expression) (::dinorc::check::Place{__FILE__, __LINE__, expression})

#define TEST(name)                                                                           \
  static void DINORC_JOINED(test_case_of_line_, __LINE__)();                                 \
  static const ::dinorc::check::Registration DINORC_JOINED(registration_of_line_, __LINE__)( \
      name, DINORC_JOINED(test_case_of_line_, __LINE__));                                    \
  static void DINORC_JOINED(test_case_of_line_, __LINE__)()

#define CHECK(...) \
  ::dinorc::check::check_that(DINORC_PLACE("CHECK(" #__VA_ARGS__ ")"), static_cast<bool>(__VA_ARGS__))

#define CHECK_EQUAL(left, right) \
  ::dinorc::check::check_equal(DINORC_PLACE("CHECK_EQUAL(" #left ", " #right ")"), (left), (right))

#define CHECK_NEAR(actual, expected, tolerance)                                                       \
  ::dinorc::check::check_near(DINORC_PLACE("CHECK_NEAR(" #actual ", " #expected ", " #tolerance ")"), \
                              (actual), (expected), (tolerance))

// Of two numbers, two vectors or two views.
#define CHECK_SAME_BITS(actual, expected)                                                                 \
  ::dinorc::check::check_same_bits(DINORC_PLACE("CHECK_SAME_BITS(" #actual ", " #expected ")"), (actual), \
                                   (expected))

// The value is the exception's message.
#define CHECK_THROWS(Exception, ...)                                                                       \
  ::dinorc::check::check_throws<Exception>(DINORC_PLACE("CHECK_THROWS(" #Exception ", " #__VA_ARGS__ ")"), \
                                           [&] { static_cast<void>(__VA_ARGS__); })

int main() { return dinorc::check::run_all(); }
