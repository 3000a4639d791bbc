// Names by number, and numbers by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "dinorc/names/name_list.hpp"

namespace dinorc {

// Distinct names, numbered in the order in which they were added. Names are compared by all their characters,
// the end included.
class NameIndex {
 public:
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

  std::size_t size() const { return names_.size(); }
  const NameList& names() const { return names_; }

  // The name's number, or none.
  std::uint32_t find(CharacterIds name) const;

  // The name's number, which is size() - 1 if it is a new one. It takes less time after a call of expect(),
  // some names before, with which the processor begins to fetch the place of the name.
  std::uint32_t add(CharacterIds name) { return add(name, hash_of(name)); }
  std::uint32_t add(CharacterIds name, std::uint32_t hash);
  void expect(std::uint32_t hash) const;

  static std::uint32_t hash_of(CharacterIds name);

 private:
  // Names with another hash need not be looked at, which are all over the memory.
  struct Place {
    std::uint32_t number = none;  // none: free
    std::uint32_t hash = 0;
  };

  std::size_t place_of(CharacterIds name, std::uint32_t hash) const;
  void grow();

  NameList names_;
  std::vector<Place> places_;  // a hash table with linear probing
};

}  // namespace dinorc
