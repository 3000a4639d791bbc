// What n-grams say about names that they were not counted from: all that discounts and order are judged by.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dinorc/names/name_list.hpp"
#include "dinorc/ngrams/discounts.hpp"
#include "dinorc/ngrams/ngram_tree.hpp"

namespace dinorc {

// The numbers of one context h and the character c that came after it, in the terms of discounts.hpp.
struct Evidence {
  double share;                                    // a(h c) / A(h)
  std::array<double, discount_kinds> units;        // 1 / A(h) for the discount of a(h c), else 0
  std::array<double, discount_kinds> kind_shares;  // N_j(h) / A(h)
};

// Names share most of their shorter n-grams, here a known context h with any character c after it. Each is
// kept once, by the length of its context.
class HeldOutNames {
 public:
  // Adds some of the names, their ends included. `counts` says how often each n-gram of the tree came.
  // Characters that the tree does not know are left out: a model of all names knows them.
  void add(const NGramTree& tree, const std::vector<std::uint32_t>& counts, const NameList& names,
           std::span<const std::uint32_t> indices);

  // How many characters there are.
  std::size_t size() const { return longest_ngrams_.size(); }

  // An n-gram by the length of its context, and its place among those of this length.
  struct NGram {
    std::uint32_t length;
    std::uint32_t place;
  };

  // The n-gram of one of the characters after the longest known context that a model of this order has.
  NGram longest_ngram(std::size_t character, std::size_t order) const {
    NGram ngram = longest_ngrams_[character];
    while (ngram.length >= order) ngram = {ngram.length - 1, levels_[ngram.length].suffixes[ngram.place]};
    return ngram;
  }

  // How many lengths of contexts there are.
  std::size_t lengths() const { return levels_.size(); }

  // The evidence of the n-grams with a context of this length, in a model of this order: in the longest
  // contexts n-grams count as often as they came.
  const std::vector<Evidence>& evidence(std::size_t length, std::size_t order) const {
    return length + 1 == order ? levels_[length].longest : levels_[length].shorter;
  }

  // Of each of them, the place of the n-gram after the context without its first character; 0 for the empty
  // one.
  const std::vector<std::uint32_t>& suffixes(std::size_t length) const { return levels_[length].suffixes; }

  // The probability of each character when it is not known at all.
  double uniform() const { return uniform_; }

 private:
  struct Level {
    std::vector<std::uint32_t> suffixes;
    std::vector<Evidence> shorter, longest;
  };

  double uniform_ = 1.0;
  std::vector<Level> levels_;          // by the length of the context
  std::vector<NGram> longest_ngrams_;  // of each character, whatever the order
};

}  // namespace dinorc
