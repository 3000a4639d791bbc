// A list of names to look others up in: whether one is in it, or nearly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dinorc/names/name_index.hpp"

namespace dinorc {

class KnownNames {
 public:
  // Characters below 0 are such that no other name has.
  explicit KnownNames(const NameList& names);

  bool has(CharacterIds name) const { return index_.find(name) != NameIndex::none; }

  // Whether one of the names becomes `name` by at most `edits` insertions, deletions and changes of a
  // character: Levenshtein, "Binary codes capable of correcting deletions, insertions, and reversals", 1966.
  bool has_within(CharacterIds name, std::size_t edits) const;

 private:
  NameIndex index_;
  std::vector<std::uint32_t> order_;   // of the names, by their characters
  std::vector<std::uint32_t> common_;  // how many first characters each, in that order, shares with the last
};

}  // namespace dinorc
