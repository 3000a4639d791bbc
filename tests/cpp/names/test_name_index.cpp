// Names by number: distinct ones in the order in which they came, found again however many there are.
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "check.hpp"
#include "dinorc/names/name_index.hpp"
#include "made_up_conditions.hpp"
#include "made_up_network.hpp"

namespace dinorc::check {
namespace {

TEST("an empty index has no name") {
  const NameIndex index;
  CHECK_EQUAL(index.size(), 0);
  CHECK_EQUAL(index.find(Name{1, 0}), NameIndex::none);
  CHECK_EQUAL(index.find(Name{0}), NameIndex::none);
}

TEST("names are numbered in the order in which they were added, and once") {
  for (const std::size_t count : {1, 31, 32, 33, 5000}) {
    for (const std::size_t vocabulary_size : {2, 4, 40}) {
      const Context context(count, " names of ", vocabulary_size, " characters");
      NameIndex index;
      std::map<Name, std::uint32_t> expected;
      std::vector<Name> in_order;
      for (const Name& name : made_up_names(count, vocabulary_size, 9, count)) {
        const auto [place, is_new] = expected.try_emplace(name, static_cast<std::uint32_t>(expected.size()));
        if (is_new) {
          CHECK_EQUAL(index.find(name), NameIndex::none);
          in_order.push_back(name);
        }
        CHECK_EQUAL(index.add(name), place->second);
        CHECK_EQUAL(index.size(), expected.size());
      }
      for (const auto& [name, number] : expected) CHECK_EQUAL(index.find(name), number);
      CHECK_EQUAL(names_in(index.names()), in_order);
    }
  }
}

TEST("the empty name, and names that begin as others do, are names of their own") {
  NameIndex index;
  const std::vector<Name> names = {
      {1, 2, 0}, {0}, {1, 0}, {1, 2, 1, 0}, {2, 1, 0}, {no_character, 0}, {1, no_character, 0}};
  for (std::size_t i = 0; i < names.size(); ++i) CHECK_EQUAL(index.add(names[i]), i);
  for (std::size_t i = 0; i < names.size(); ++i) CHECK_EQUAL(index.find(names[i]), i);
  for (const Name& other : {Name{2, 0}, Name{1, 1, 0}, Name{1, 2, 1, 2, 0}, Name{1, 2}}) {
    CHECK_EQUAL(index.find(other), NameIndex::none);
  }
}

}  // namespace
}  // namespace dinorc::check
