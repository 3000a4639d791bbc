// Counts the n-grams of names, of all lengths up to a given one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dinorc/names/name_list.hpp"
#include "dinorc/ngrams/ngram_table.hpp"
#include "dinorc/threads/interruption.hpp"

namespace dinorc {

class NGramCounter {
 public:
  // Counts n-grams of up to `order` characters. The names are distinct and in ascending order; each counts as
  // many times as `copies` says. Returns false if interrupted. Throws std::invalid_argument where the names
  // are not so, or are more than 2^32 - 1, copies included, and std::length_error where there are too many
  // n-grams to be numbered.
  bool count(const NameList& names, std::span<const std::uint32_t> copies, std::size_t vocabulary_size,
             std::size_t order, Interruption& interruption);

  // The n-grams of up to `order` characters, which is at most what was counted.
  NGramTable table(std::size_t order) const;

  // How often each n-gram came that is in table(order).
  std::vector<std::uint32_t> counts(std::size_t order) const;

 private:
  // The n-grams of one length.
  struct Level {
    std::vector<std::uint32_t> branches;  // of each context
    std::vector<CharacterId> characters;
    std::vector<std::uint32_t> counts;
    std::size_t from_beginning;  // the first n-gram from the beginning of a name; they are the last
  };

  std::vector<Level> levels_;  // by length, from 1
};

}  // namespace dinorc
