#include "dinorc/ngrams/ngram_counter.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

namespace dinorc {
namespace {

constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();

// The distinct prefixes of names, an end counting as a character. A prefix comes before those that it begins.
struct Prefixes {
  std::vector<std::uint32_t> parents;   // without the last character
  std::vector<CharacterId> characters;  // the last
  std::vector<std::uint32_t> lengths;
  std::vector<std::uint32_t> copies;  // of the names that begin so

  Prefixes(const NameList& names, std::span<const std::uint32_t> copies_of_names) {
    add(0, no_character, 0);
    std::vector<std::uint32_t> path{0};  // the prefixes of the name before
    CharacterIds before;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const CharacterIds name = names[i];
      const auto [here, there] = std::mismatch(name.begin(), name.end(), before.begin(), before.end());
      if (i > 0 && (here == name.end() || there == before.end() || *here <= *there)) {
        throw std::invalid_argument("the names are not distinct and in ascending order");
      }
      const auto shared = static_cast<std::size_t>(here - name.begin());
      path.resize(shared + 1);
      for (std::size_t k = shared; k < name.size(); ++k) path.push_back(add(path.back(), name[k], k + 1));
      copies.back() = copies_of_names[i];
      total += copies_of_names[i];
      before = name;
    }
    if (total > most) throw std::invalid_argument("there are more than 4,294,967,295 names, with copies");
    for (std::size_t i = copies.size() - 1; i > 0; --i) copies[parents[i]] += copies[i];
  }

  std::size_t size() const { return parents.size(); }

 private:
  std::uint32_t add(std::uint32_t parent, CharacterId character, std::size_t length) {
    if (size() == most) throw std::length_error("the names have too many prefixes");
    parents.push_back(parent);
    characters.push_back(character);
    lengths.push_back(static_cast<std::uint32_t>(length));
    copies.push_back(0);
    return static_cast<std::uint32_t>(size() - 1);
  }
};

// The prefixes in the order of key(prefix), which is below `keys`; those with equal keys stay as they were.
template <typename Key>
void sort_by(Key&& key, std::size_t keys, const std::vector<std::uint32_t>& prefixes,
             std::vector<std::uint32_t>& sorted) {
  std::vector<std::uint32_t> places(keys + 1, 0);
  for (const std::uint32_t prefix : prefixes) ++places[key(prefix) + 1];
  for (std::size_t i = 0; i < keys; ++i) places[i + 1] += places[i];
  sorted.resize(prefixes.size());
  for (const std::uint32_t prefix : prefixes) sorted[places[key(prefix)]++] = prefix;
}

}  // namespace

// By its last k characters, a prefix is an n-gram of k characters: the context of the k - 1 before the last
// one, and that one. With the prefixes sorted by their last character once and for all, one more stable sort,
// by context, has them by n-gram; and the n-grams, in this order, are the contexts of the next length.
bool NGramCounter::count(const NameList& names, std::span<const std::uint32_t> copies,
                         std::size_t vocabulary_size, std::size_t order, Interruption& interruption) {
  const Prefixes prefixes(names, copies);
  std::vector<std::uint32_t> by_character, by_ngram(prefixes.size() - 1);
  std::iota(by_ngram.begin(), by_ngram.end(), std::uint32_t{1});
  const auto character = [&](std::uint32_t prefix) {
    return static_cast<std::size_t>(prefixes.characters[prefix]);
  };
  sort_by(character, vocabulary_size, by_ngram, by_character);

  // Of each prefix, the last length - 1 characters as a context, by its number among those of this length.
  std::vector<std::uint32_t> contexts(prefixes.size(), 0), longer_contexts(prefixes.size());
  const auto context = [&](std::uint32_t prefix) {
    return static_cast<std::size_t>(contexts[prefixes.parents[prefix]]);
  };
  std::size_t context_count = 1, first_from_beginning = 1, total = 0;
  levels_.assign(order, {});
  for (std::size_t length = 1; length <= order; ++length) {
    std::erase_if(by_character, [&](std::uint32_t prefix) { return prefixes.lengths[prefix] + 1 < length; });
    sort_by(context, context_count, by_character, by_ngram);

    Level& level = levels_[length - 1];
    level.branches.resize(context_count);
    std::size_t longer_count = 0, longer_from_beginning = 0;
    std::size_t last_context = context_count, last_character = vocabulary_size;
    for (std::size_t i = 0; i < by_ngram.size(); ++i) {
      if (i % 65'536 == 0 && interruption.is_wanted()) return false;
      const std::uint32_t prefix = by_ngram[i];
      if (context(prefix) != last_context || character(prefix) != last_character) {
        last_context = context(prefix);
        last_character = character(prefix);
        ++level.branches[last_context];
        level.characters.push_back(prefixes.characters[prefix]);
        level.counts.push_back(0);
        if (last_character != end_of_name) ++longer_count;
        if (last_context < first_from_beginning) {
          level.from_beginning = level.characters.size();
          longer_from_beginning = longer_count;
        }
      }
      level.counts.back() += prefixes.copies[prefix];
      longer_contexts[prefix] = static_cast<std::uint32_t>(longer_count - 1);
    }
    total += level.characters.size();
    if (total > most - 2) throw std::length_error("the names have too many n-grams");

    if (length == 1) {  // the beginning of a name, where the empty prefix ends
      longer_contexts[0] = static_cast<std::uint32_t>(longer_count);
      ++longer_count;
    }
    contexts.swap(longer_contexts);
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
