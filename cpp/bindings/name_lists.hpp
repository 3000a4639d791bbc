// Names and prefixes of names from NumPy arrays, and how much may be asked for.
#pragma once

#include <cstdint>
#include <vector>

#include "arrays.hpp"
#include "dinorc/names/name_list.hpp"

namespace dinorc::bindings {

constexpr long long largest_vocabulary = 0x110001;  // all code points, and the end of a name
constexpr long long most_names = 1'000'000'000;
constexpr long long longest_name = 65'536;  // see NameRequest

// A copy of any number of characters, the end of a name not among them.
inline std::vector<CharacterId> prefix_ids(const py::array& prefix, std::size_t vocabulary_size) {
  if (prefix.ndim() == 1 && prefix.size() == 0) return {};
  return character_ids("prefix", prefix, end_of_name + 1, vocabulary_size);
}

// A copy of names: their characters one after the other, each from `lowest` to below the size of the
// vocabulary, and where each name ends. There is at least one name, and none is empty.
inline NameList name_list(const py::array& characters, const py::array& ends, CharacterId lowest,
                          std::size_t vocabulary_size) {
  NameList names;
  names.characters = character_ids("characters", characters, lowest, vocabulary_size);
  require_usable<std::int64_t>(ends, "ends");
  if (ends.ndim() != 1 || ends.size() == 0) throw py::value_error("ends must be a vector, and not empty");
  const std::int64_t* const data = static_cast<const std::int64_t*>(ends.data());
  std::int64_t begin = 0;
  for (py::ssize_t i = 0; i < ends.size(); ++i) {
    const std::int64_t end = data[i];
    if (end <= begin || end > static_cast<std::int64_t>(names.characters.size())) {
      throw py::value_error("ends must rise, from at least 1 to at most the number of characters");
    }
    names.ends.push_back(static_cast<std::size_t>(end));
    begin = end;
  }
  return names;
}

}  // namespace dinorc::bindings
