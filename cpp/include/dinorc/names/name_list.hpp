// Many names, their characters one after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dinorc/names/characters.hpp"

namespace dinorc {

// Name i is characters[ends[i - 1]] to characters[ends[i]], ends[-1] being 0; its last character is the one
// that ends a name.
struct NameList {
  std::vector<CharacterId> characters;
  std::vector<std::size_t> ends;

  std::size_t size() const { return ends.size(); }

  CharacterIds operator[](std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends[index - 1];
    return {characters.data() + begin, ends[index] - begin};
  }
};

// The indices of the names in the order of their characters, equal names in the order of their indices.
std::vector<std::uint32_t> sorted_order(const NameList& names);

}  // namespace dinorc
