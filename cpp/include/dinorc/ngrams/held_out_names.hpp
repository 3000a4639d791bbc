// What n-grams say about names that they were not counted from: all that discounts and order are judged by.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dinorc/names/characters.hpp"
#include "dinorc/ngrams/discounts.hpp"
#include "dinorc/ngrams/ngram_tree.hpp"

namespace dinorc {

// The numbers of one context h and the character c that came after it, in the terms of discounts.hpp.
struct Evidence {
  double share;                                    // a(h c) / A(h)
  double unit;                                     // 1 / A(h) where c has followed h before, else 0
  std::size_t kind;                                // of the discount of a(h c)
  std::array<double, discount_kinds> kind_shares;  // N_j(h) / A(h)
};

class HeldOutNames {
 public:
  // Adds a name, its end included. `counts` says how often each n-gram of the tree came. Characters that the
  // tree does not know are left out: a model of all names knows them.
  void add(const NGramTree& tree, const std::vector<std::uint32_t>& counts, CharacterIds name);

  // How many characters there are.
  std::size_t size() const { return ends_.size(); }

  // For one of the characters, from the empty context to the longest known one, at most `order` of them.
  std::size_t contexts(std::size_t character, std::size_t order) const {
    return std::min(order, ends_[character] - begin(character));
  }

  // The evidence of the context of this length in a model of this order: in the longest contexts n-grams
  // count as often as they came.
  const Evidence& evidence(std::size_t character, std::size_t length, std::size_t order) const {
    return (length + 1 == order ? longest_ : shorter_)[begin(character) + length];
  }

  // The probability of each character when it is not known at all.
  double uniform() const { return uniform_; }

 private:
  std::size_t begin(std::size_t character) const { return character == 0 ? 0 : ends_[character - 1]; }

  double uniform_ = 1.0;
  std::vector<Evidence> shorter_, longest_;  // of each character, by the length of the context
  std::vector<std::size_t> ends_;            // where those of each character end
};

}  // namespace dinorc
