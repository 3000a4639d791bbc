// Names that are not to be given: those of a list, and what is too much like them.
#pragma once

#include <cstddef>
#include <memory>

#include "dinorc/names/known_names.hpp"

namespace dinorc {

struct UnwantedNames {
  std::shared_ptr<const KnownNames> known = nullptr;  // null: no name
  std::size_t min_distance = 0;                       // from every known name, in edits

  bool has(CharacterIds name) const { return known != nullptr && known->has(name); }
  bool has_near(CharacterIds name) const {
    return known != nullptr && min_distance > 0 && known->has_within(name, min_distance - 1);
  }
};

}  // namespace dinorc
