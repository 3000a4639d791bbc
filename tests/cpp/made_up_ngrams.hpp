// Lists of names as n-grams are counted from, and n-gram models, the same in every run.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dinorc/ngrams/ngram_counter.hpp"
#include "dinorc/ngrams/ngram_tree.hpp"
#include "dinorc/predictors/ngram_predictor.hpp"
#include "dinorc/threads/interruption.hpp"
#include "made_up_network.hpp"

namespace dinorc::check {

// Distinct, in ascending order, with numbers of copies.
struct CountedNames {
  std::vector<Name> names;
  std::vector<std::uint32_t> copies;
};

inline CountedNames made_up_counted_names(std::size_t count, std::size_t vocabulary_size, std::size_t longest,
                                          std::uint64_t seed) {
  CountedNames made{made_up_names(count, vocabulary_size, longest, seed), {}};
  std::sort(made.names.begin(), made.names.end());
  made.names.erase(std::unique(made.names.begin(), made.names.end()), made.names.end());
  for (std::size_t i = 0; i < made.names.size(); ++i) {
    made.copies.push_back(i % 4 == 0 ? static_cast<std::uint32_t>(1 + i % 7) : 1);
  }
  return made;
}

inline NGramCounter counted(const CountedNames& names, std::size_t vocabulary_size, std::size_t order) {
  const Interrupted interrupted = never_interrupted;
  Interruption interruption(interrupted);
  NGramCounter counter;
  CHECK(counter.count(list_of(names.names), names.copies, vocabulary_size, order, interruption));
  return counter;
}

// Discounts for contexts of so many lengths, each other than the next.
inline std::vector<Discounts> made_up_discounts(std::size_t order) {
  std::vector<Discounts> discounts;
  for (std::size_t length = 0; length < order; ++length) {
    const double share = 0.5 + 0.03 * static_cast<double>(length);
    discounts.push_back({share, 1.5 * share, 2.0 * share});
  }
  return discounts;
}

inline NGramPredictor made_up_ngrams(std::size_t vocabulary_size, std::size_t order,
                                     std::size_t kept_probabilities) {
  const CountedNames names = made_up_counted_names(60, vocabulary_size, 7, 400 + order);
  NGramTree tree(counted(names, vocabulary_size, order).table(order), vocabulary_size);
  return NGramPredictor(std::move(tree), made_up_discounts(order), kept_probabilities);
}

}  // namespace dinorc::check
