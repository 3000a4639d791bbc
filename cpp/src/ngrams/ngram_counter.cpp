#include "dinorc/ngrams/ngram_counter.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace dinorc {
namespace {

constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();

// The beginning of a name, or a whole one, an end counting as a character.
struct Prefix {
  std::uint32_t parent;   // all but the last character
  CharacterId character;  // the last
  std::uint32_t length;
  std::uint32_t copies;  // how many names begin so
};

// The distinct prefixes of names, each before those that it begins.
std::vector<Prefix> prefixes_of(const NameList& names, std::span<const std::uint32_t> copies) {
  std::vector<Prefix> prefixes{{0, no_character, 0, 0}};
  std::vector<std::uint32_t> path{0};  // the prefixes of the name before
  CharacterIds before;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const CharacterIds name = names[i];
    const auto [here, there] = std::mismatch(name.begin(), name.end(), before.begin(), before.end());
    if (i > 0 && (here == name.end() || there == before.end() || *here <= *there)) {
      throw std::invalid_argument("the names are not distinct and in ascending order");
    }
    path.resize(static_cast<std::size_t>(here - name.begin()) + 1);
    while (path.size() <= name.size()) {
      if (prefixes.size() == most) throw std::length_error("the names have too many prefixes");
      const std::size_t length = path.size();
      prefixes.push_back({path.back(), name[length - 1], static_cast<std::uint32_t>(length), 0});
      path.push_back(static_cast<std::uint32_t>(prefixes.size() - 1));
    }
    prefixes.back().copies = copies[i];
    total += copies[i];
    before = name;
  }
  if (total > most) throw std::invalid_argument("there are more than 4,294,967,295 names, with copies");
  for (std::size_t i = prefixes.size() - 1; i > 0; --i) {
    prefixes[prefixes[i].parent].copies += prefixes[i].copies;
  }
  return prefixes;
}

// Sorts prefixes by keys[prefix], those with equal keys staying as they were. Writes where each key's end.
void sort_by(const std::vector<std::uint32_t>& keys, const std::vector<std::uint32_t>& prefixes,
             std::vector<std::uint32_t>& sorted, std::vector<std::uint32_t>& ends) {
  for (const std::uint32_t prefix : prefixes) ++ends[keys[prefix]];
  std::exclusive_scan(ends.begin(), ends.end(), ends.begin(), std::uint32_t{0});
  sorted.resize(prefixes.size());
  for (const std::uint32_t prefix : prefixes) sorted[ends[keys[prefix]]++] = prefix;
}

}  // namespace

// By its last k characters, a prefix is an n-gram of k characters: the context of the k - 1 before the last
// one, and that one. With the prefixes sorted by their last character once and for all, one more stable sort,
// by context, has them by n-gram; and the n-grams, in this order, are the contexts of the next length.
bool NGramCounter::count(const NameList& names, std::span<const std::uint32_t> copies,
                         std::size_t vocabulary_size, std::size_t order, Interruption& interruption) {
  const std::vector<Prefix> prefixes = prefixes_of(names, copies);
  std::vector<std::uint32_t> keys(prefixes.size());  // of each prefix, in the sort to come
  std::vector<std::uint32_t> by_character, by_ngram(prefixes.size() - 1);
  std::iota(by_ngram.begin(), by_ngram.end(), std::uint32_t{1});
  for (std::size_t i = 1; i < keys.size(); ++i) keys[i] = static_cast<std::uint32_t>(prefixes[i].character);
  std::vector<std::uint32_t> ends(vocabulary_size);
  sort_by(keys, by_ngram, by_character, ends);

  // Of each prefix, its last length - 1 characters as a context, by its number among those of this length.
  std::vector<std::uint32_t> contexts(prefixes.size(), 0);
  std::size_t context_count = 1, first_from_beginning = 1, total = 0;
  levels_.assign(order, {});
  for (std::size_t length = 1; length <= order; ++length) {
    if (interruption.is_wanted()) return false;
    for (std::size_t i = 1; i < keys.size(); ++i) keys[i] = contexts[prefixes[i].parent];
    std::erase_if(by_character, [&](std::uint32_t prefix) { return prefixes[prefix].length + 1 < length; });
    ends.assign(context_count, 0);
    sort_by(keys, by_character, by_ngram, ends);

    Level& level = levels_[length - 1];
    level.branches.resize(context_count);
    std::size_t longer_count = 0, longer_from_beginning = 0;
    std::size_t i = 0;
    for (std::size_t context = 0; context < context_count; ++context) {
      if (context % 65'536 == 0 && interruption.is_wanted()) return false;
      CharacterId last = no_character;
      for (; i < ends[context]; ++i) {
        const Prefix& prefix = prefixes[by_ngram[i]];
        if (prefix.character != last) {
          last = prefix.character;
          ++level.branches[context];
          level.characters.push_back(last);
          level.counts.push_back(0);
          if (last != end_of_name) ++longer_count;
        }
        level.counts.back() += prefix.copies;
        contexts[by_ngram[i]] = static_cast<std::uint32_t>(longer_count - 1);
      }
      if (context < first_from_beginning) {
        level.from_beginning = level.characters.size();
        longer_from_beginning = longer_count;
      }
    }
    total += level.characters.size();
    if (total > most - 2) throw std::length_error("the names have too many n-grams");

    if (length == 1) contexts[0] = static_cast<std::uint32_t>(longer_count++);  // the beginning of a name
    context_count = longer_count;
    first_from_beginning = longer_from_beginning;
  }
  return true;
}

NGramTable NGramCounter::table(std::size_t order) const {
  NGramTable table;
  table.order = order;
  const auto append = [](const auto& part, std::size_t first, auto& whole) {
    whole.insert(whole.end(), part.begin() + static_cast<std::ptrdiff_t>(first), part.end());
  };
  for (std::size_t length = 1; length <= order; ++length) {
    const Level& level = levels_[length - 1];
    append(level.branches, 0, table.branches);
    append(level.characters, 0, table.characters);
    append(level.counts, length == order ? 0 : level.from_beginning, table.counts);
  }
  return table;
}

std::vector<std::uint32_t> NGramCounter::counts(std::size_t order) const {
  std::vector<std::uint32_t> counts;
  for (std::size_t i = 0; i < order; ++i) {
    counts.insert(counts.end(), levels_[i].counts.begin(), levels_[i].counts.end());
  }
  return counts;
}

}  // namespace dinorc
