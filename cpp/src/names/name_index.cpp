#include "dinorc/names/name_index.hpp"

#include <algorithm>

namespace dinorc {
namespace {

// Multiply and shift, a character at a time: Fowler, Noll and Vo's scheme on words, its upper bits mixed
// down.
std::uint64_t hash_of(CharacterIds name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const CharacterId character : name) {
    hash = (hash ^ static_cast<std::uint32_t>(character)) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
  }
  return hash;
}

}  // namespace

std::uint32_t NameIndex::find(CharacterIds name) const {
  return numbers_.empty() ? none : numbers_[place_of(name)];
}

std::uint32_t NameIndex::add(CharacterIds name) {
  if (2 * (names_.size() + 1) > numbers_.size()) grow();
  std::uint32_t& number = numbers_[place_of(name)];
  if (number == none) {
    names_.characters.insert(names_.characters.end(), name.begin(), name.end());
    names_.ends.push_back(names_.characters.size());
    number = static_cast<std::uint32_t>(names_.size() - 1);
  }
  return number;
}

// Where the name is in the table, or where it would be.
std::size_t NameIndex::place_of(CharacterIds name) const {
  const std::size_t mask = numbers_.size() - 1;
  std::size_t place = static_cast<std::size_t>(hash_of(name)) & mask;
  while (numbers_[place] != none) {
    const CharacterIds other = names_[numbers_[place]];
    if (std::equal(name.begin(), name.end(), other.begin(), other.end())) break;
    place = (place + 1) & mask;
  }
  return place;
}

void NameIndex::grow() {
  numbers_.assign(std::max<std::size_t>(64, 2 * numbers_.size()), none);
  for (std::uint32_t number = 0; number < names_.size(); ++number) {
    numbers_[place_of(names_[number])] = number;
  }
}

}  // namespace dinorc
