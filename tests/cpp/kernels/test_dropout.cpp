// Dropout: which numbers are kept, and what becomes of the others.
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "check.hpp"
#include "dinorc/random/philox.hpp"
#include "special_numbers.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t guards = 17;  // one more than the widest vector holds

// The random word of number j, one at a time.
template <typename Real>
std::uint32_t naive_word(const Dropout<Real>& dropout, std::size_t j) {
  const auto block = philox4x32(
      {dropout.key[0], dropout.key[1]},
      {static_cast<std::uint32_t>(j / 4), dropout.counter[0], dropout.counter[1], dropout.counter[2]});
  return block[j % 4];
}

template <typename Real>
std::vector<Dropout<Real>> made_up_dropouts() {
  std::vector<Dropout<Real>> dropouts;
  MadeUpNumbers numbers(81);
  const auto word = [&numbers] { return static_cast<std::uint32_t>(numbers.word()); };
  for (const std::uint32_t threshold :
       {0u, 1u, 0x4CCCCCCDu, 0x7FFFFFFFu, 0x80000000u, 0xB0000000u, 0xFFFFFFFFu}) {
    dropouts.push_back({{word(), word()}, {word(), word(), word()}, threshold, static_cast<Real>(1.25)});
  }
  dropouts.push_back({{~0u, ~0u}, {~0u, ~0u, ~0u}, 0x80000000u, Real{2}});
  return dropouts;
}

TEST("dropout keeps what Philox says, in every set and size, and writes nothing behind the end") {
  for_each_type([]<typename Real>() {
    MadeUpNumbers numbers(82);
    for (const Dropout<Real>& dropout : made_up_dropouts<Real>()) {
      for (std::size_t size = 0; size <= 150; ++size) {
        const Context context("threshold ", dropout.threshold, ", size ", size);
        const auto x = mixed_numbers<Real>(numbers, size);  // ends with the memory
        const auto start = mixed_numbers<Real>(numbers, size + guards);
        std::vector<Real> expected = start;
        for (std::size_t j = 0; j < size; ++j) {
          expected[j] = naive_word(dropout, j) >= dropout.threshold ? x[j] * dropout.scale : Real{0};
        }
        for_each_table<Real>([&](const KernelTable<Real>& table) {
          std::vector<Real> y = start;
          table.dropout(dropout, x.data(), y.data(), size);
          CHECK_SAME_BITS(y, expected);

          std::vector<Real> in_place = x;
          table.dropout(dropout, in_place.data(), in_place.data(), size);
          CHECK_SAME_BITS(in_place, std::vector<Real>(expected.begin(), expected.end() - guards));
        });
      }
    }
  });
}

// The known answers of Random123 for counter and key all zero.
TEST("the words are those of Philox4x32-10") {
  constexpr std::array<std::uint32_t, 4> words = {0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u};
  for_each_type([&]<typename Real>() {
    for_each_table<Real>([&](const KernelTable<Real>& table) {
      for (std::size_t j = 0; j < words.size(); ++j) {
        const auto is_kept = [&](std::uint32_t threshold) {
          std::vector<Real> x(words.size(), Real{1});
          table.dropout({{0, 0}, {0, 0, 0}, threshold, Real{1}}, x.data(), x.data(), x.size());
          return x[j] != Real{0};
        };
        CHECK(is_kept(words[j]));
        CHECK(!is_kept(words[j] + 1));
      }
    });
  });
}

TEST("the share that is dropped is the one asked for") {
  for_each_type([]<typename Real>() {
    for_each_table<Real>([](const KernelTable<Real>& table) {
      for (const double rate : {0.1, 0.3, 0.5, 0.9}) {
        const Context context("rate ", rate);
        std::vector<Real> x(100000, Real{1});
        const auto threshold = static_cast<std::uint32_t>(rate * 0x1p32);
        table.dropout({{7, 8}, {1, 2, 3}, threshold, Real{1}}, x.data(), x.data(), x.size());
        double kept = 0;
        for (const Real number : x) kept += number;
        CHECK_NEAR(kept / 100000, 1 - rate, 0.008);  // five standard deviations at 0.5
      }
    });
  });
}

}  // namespace
}  // namespace dinorc::check
