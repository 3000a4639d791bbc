// Names from NumPy arrays: characters one after the other, and where each name ends.
#pragma once

#include <cstdint>

#include "arrays.hpp"
#include "dinorc/name_list.hpp"

namespace dinorc::bindings {

// A copy, each character from `lowest` to below the size of the vocabulary; at least one name, no empty one.
inline NameList name_list(const py::array& characters, const py::array& ends, CharacterId lowest,
                          std::size_t vocabulary_size) {
  NameList names;
  names.characters = character_ids("characters", characters, lowest, vocabulary_size);
  require_usable<std::int64_t>(ends, "ends");
  if (ends.ndim() != 1 || ends.size() == 0) throw py::value_error("ends has to be a vector, not empty");
  const std::int64_t* const data = static_cast<const std::int64_t*>(ends.data());
  std::int64_t begin = 0;
  for (py::ssize_t i = 0; i < ends.size(); ++i) {
    const std::int64_t end = data[i];
    if (end <= begin || end > static_cast<std::int64_t>(names.characters.size())) {
      throw py::value_error("ends have to rise, from 1 or more to the number of characters at most");
    }
    names.ends.push_back(static_cast<std::size_t>(end));
    begin = end;
  }
  return names;
}

}  // namespace dinorc::bindings
