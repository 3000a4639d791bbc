// Names known, and names nearly known, against edit distances worked out one by one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "check.hpp"
#include "dinorc/names/known_names.hpp"
#include "made_up_conditions.hpp"
#include "made_up_network.hpp"

namespace dinorc::check {
namespace {

// Levenshtein's, by its recursive definition, of the first characters of both names; the ends count as one
// character more, which is the same.
std::size_t naive_distance(const Name& a, const Name& b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = i + j;
        continue;
      }
      const bool is_same = a[i - 1] == b[j - 1] && a[i - 1] != no_character;
      table[i][j] = std::min(
          {table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (is_same ? std::size_t{0} : 1)});
    }
  }
  return table[a.size()][b.size()];
}

std::size_t naive_distance(const std::vector<Name>& known, const Name& name) {
  std::size_t least = 1000;
  for (const Name& each : known) least = std::min(least, naive_distance(each, name));
  return least;
}

void check_against_naive(const std::vector<Name>& known, const std::vector<Name>& names) {
  const KnownNames list(list_of(known));
  std::size_t near = 0, far = 0;
  for (const Name& name : names) {
    const Context context("name ", shown(name));
    const std::size_t distance = naive_distance(known, name);
    CHECK_EQUAL(list.has(name), distance == 0);
    for (std::size_t edits = 0; edits <= 8; ++edits) {
      const Context context_of_edits(edits, " edits");
      const bool is_near = list.has_within(name, edits);
      CHECK_EQUAL(is_near, distance <= edits);
      ++(is_near ? near : far);
    }
  }
  CHECK(near > 0 && far > 0);
}

TEST("distances are those of the plainest code") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const std::size_t vocabulary_size = 3 + seed % 5;
    const std::size_t longest = 2 + seed % 9;
    const Context context("seed ", seed);
    check_against_naive(made_up_names(1 + seed * 3, vocabulary_size, longest, seed),
                        made_up_names(30, vocabulary_size, longest + 2, seed + 100));
  }
}

TEST("long names that begin alike") {
  std::vector<Name> known;
  for (const Name& end : made_up_names(20, 4, 6, 3)) {
    Name name(20, 1);
    name.insert(name.end(), end.begin(), end.end());
    known.push_back(name);
    name[10] = 2;
    known.push_back(name);
  }
  std::vector<Name> names = known;
  for (std::size_t i = 0; i < names.size(); ++i) names[i][i % 20] = 3;
  names.push_back({1, 1, 0});
  check_against_naive(known, names);
}

// A character that the vocabulary does not have is changed for any other, and is like no other.
TEST("known names with characters that no other name has") {
  std::vector<Name> known = made_up_names(60, 5, 6, 9);
  MadeUpNumbers numbers(10);
  for (Name& name : known) {
    for (std::size_t i = 0; i + 1 < name.size(); ++i) {
      if (numbers.below(4) == 0) name[i] = no_character;
    }
  }
  check_against_naive(known, made_up_names(40, 5, 8, 11));
  const KnownNames one(list_of({{1, no_character, 2, 0}}));
  CHECK(!one.has(Name{1, 3, 2, 0}));
  CHECK(!one.has_within(Name{1, 3, 2, 0}, 0));
  CHECK(one.has_within(Name{1, 3, 2, 0}, 1));
  CHECK(one.has_within(Name{1, 2, 0}, 1));
}

TEST("no known names, and the empty name") {
  const KnownNames none(NameList{});
  CHECK(!none.has(Name{0}));
  CHECK(!none.has_within(Name{0}, 100));
  const KnownNames empty(list_of({{0}}));
  CHECK(empty.has(Name{0}));
  CHECK(!empty.has(Name{1, 0}));
  CHECK(empty.has_within(Name{1, 1, 0}, 2));
  CHECK(!empty.has_within(Name{1, 1, 0}, 1));
}

}  // namespace
}  // namespace dinorc::check
