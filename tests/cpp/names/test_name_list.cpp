// Lists of names: what lies where, and the order of their characters.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "check.hpp"
#include "dinorc/names/name_list.hpp"
#include "made_up_network.hpp"

namespace dinorc::check {
namespace {

// By the characters as vectors compare, equal names in the order of their indices.
std::vector<std::uint32_t> naive_order(const std::vector<Name>& names) {
  std::vector<std::uint32_t> order(names.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&names](std::uint32_t a, std::uint32_t b) { return names[a] < names[b]; });
  return order;
}

TEST("a list has the names that were put into it") {
  const std::vector<Name> names = made_up_names(30, 5, 6, 1);
  const NameList list = list_of(names);
  CHECK_EQUAL(list.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    CHECK_EQUAL(Name(list[i].begin(), list[i].end()), names[i]);
  }
}

TEST("the order is that of the characters") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const Context context("seed ", seed);
    const std::vector<Name> names = made_up_names(60, 2 + seed % 4, 1 + seed % 5, seed);
    CHECK_EQUAL(sorted_order(list_of(names)), naive_order(names));
  }
}

TEST("no_character comes first, and a name before the longer ones that begin with it") {
  const std::vector<Name> names = {{1, 2, 0},         {1, 0},    {0},       {1, no_character, 0}, {2, 0},
                                   {no_character, 0}, {1, 1, 0}, {1, 2, 0}, {1, 2, 1, 0}};
  CHECK_EQUAL(sorted_order(list_of(names)), (std::vector<std::uint32_t>{5, 2, 3, 1, 6, 0, 7, 8, 4}));
  CHECK_EQUAL(sorted_order(list_of(names)), naive_order(names));
}

// Nothing keeps the end of a name from appearing inside a name, too.
TEST("a name that is the beginning of another, its end included, comes before it") {
  const std::vector<Name> names = {{1, 0, 2, 0}, {1, 0}, {1, 0, 0}, {0, 0}, {0}, {1, 0}};
  CHECK_EQUAL(sorted_order(list_of(names)), (std::vector<std::uint32_t>{4, 3, 1, 5, 2, 0}));
}

TEST("no names, and a single one, have an order, too") {
  CHECK_EQUAL(sorted_order(NameList{}), std::vector<std::uint32_t>{});
  CHECK_EQUAL(sorted_order(list_of({{3, 1, 0}})), std::vector<std::uint32_t>{0});
}

}  // namespace
}  // namespace dinorc::check
