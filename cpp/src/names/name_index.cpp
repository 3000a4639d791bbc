#include "dinorc/names/name_index.hpp"

#include <algorithm>

namespace dinorc {

// Multiply and shift, a character at a time: Fowler, Noll and Vo's scheme on words, its upper bits mixed
// down.
std::uint32_t NameIndex::hash_of(CharacterIds name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const CharacterId character : name) {
    hash = (hash ^ static_cast<std::uint32_t>(character)) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
  }
  return static_cast<std::uint32_t>(hash);
}

std::uint32_t NameIndex::find(CharacterIds name) const {
  return places_.empty() ? none : places_[place_of(name, hash_of(name))].number;
}

std::uint32_t NameIndex::add(CharacterIds name, std::uint32_t hash) {
  if (2 * (names_.size() + 1) > places_.size()) grow();
  Place& place = places_[place_of(name, hash)];
  if (place.number == none) {
    names_.characters.insert(names_.characters.end(), name.begin(), name.end());
    names_.ends.push_back(names_.characters.size());
    place = {static_cast<std::uint32_t>(names_.size() - 1), hash};
  }
  return place.number;
}

void NameIndex::expect([[maybe_unused]] std::uint32_t hash) const {
#if defined(__GNUC__)
  if (!places_.empty()) __builtin_prefetch(&places_[hash & (places_.size() - 1)]);
#endif
}

// Where the name is in the table, or where it would be.
std::size_t NameIndex::place_of(CharacterIds name, std::uint32_t hash) const {
  const std::size_t mask = places_.size() - 1;
  std::size_t place = hash & mask;
  for (; places_[place].number != none; place = (place + 1) & mask) {
    if (places_[place].hash != hash) continue;
    const CharacterIds other = names_[places_[place].number];
    if (std::equal(name.begin(), name.end(), other.begin(), other.end())) break;
  }
  return place;
}

// The names are distinct: each takes the first free place.
void NameIndex::grow() {
  std::vector<Place> before(std::max<std::size_t>(64, 2 * places_.size()));
  before.swap(places_);
  const std::size_t mask = places_.size() - 1;
  for (const Place& taken : before) {
    if (taken.number == none) continue;
    std::size_t place = taken.hash & mask;
    while (places_[place].number != none) place = (place + 1) & mask;
    places_[place] = taken;
  }
}

}  // namespace dinorc
