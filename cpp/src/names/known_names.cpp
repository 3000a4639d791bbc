#include "dinorc/names/known_names.hpp"

#include <algorithm>

namespace dinorc {

KnownNames::KnownNames(const NameList& names) {
  for (std::size_t i = 0; i < names.size(); ++i) index_.add(names[i]);
  order_ = sorted_order(index_.names());
  common_.resize(order_.size(), 0);
  for (std::size_t i = 1; i < order_.size(); ++i) {
    const CharacterIds name = index_.names()[order_[i]];
    const CharacterIds last = index_.names()[order_[i - 1]];
    const auto parting = std::mismatch(name.begin(), name.end(), last.begin(), last.end());
    common_[i] = static_cast<std::uint32_t>(parting.first - name.begin());
  }
}

// distances(d, j) = edits from the first d characters of a known name to the first j of `name`:
//
//   distances(d, j) = min(distances(d - 1, j) + 1, distances(d, j - 1) + 1,
//                         distances(d - 1, j - 1) + (known[d - 1] != name[j - 1]))
//
// Row d depends on the first d characters alone, so names in order share the rows of what they share. No
// entry of a row is less than the least of the row before: once that is above `edits`, so is every name that
// begins so.
bool KnownNames::has_within(CharacterIds name, std::size_t edits) const {
  const std::size_t columns = name.size();  // the end of the name is not among its letters
  std::vector<std::size_t> distances(columns);
  for (std::size_t j = 0; j < columns; ++j) distances[j] = j;
  std::size_t hopeless_from = static_cast<std::size_t>(-1);  // that many first characters are too far away
  for (std::size_t i = 0; i < order_.size(); ++i) {
    if (common_[i] >= hopeless_from) continue;
    hopeless_from = static_cast<std::size_t>(-1);
    const CharacterIds known = index_.names()[order_[i]];
    const std::size_t letters = known.size() - 1;
    distances.resize(columns * (std::min<std::size_t>(common_[i], letters) + 1));
    for (std::size_t d = common_[i] + 1; d <= letters && hopeless_from > d; ++d) {
      distances.resize(columns * (d + 1));
      const std::size_t* const before = distances.data() + columns * (d - 1);
      std::size_t* const row = distances.data() + columns * d;
      row[0] = d;
      std::size_t least = d;
      for (std::size_t j = 1; j < columns; ++j) {
        row[j] = std::min({before[j] + 1, row[j - 1] + 1, before[j - 1] + (known[d - 1] != name[j - 1])});
        least = std::min(least, row[j]);
      }
      if (least > edits) hopeless_from = d;
    }
    if (hopeless_from > letters && distances[columns * letters + columns - 1] <= edits) return true;
  }
  return false;
}

}  // namespace dinorc
