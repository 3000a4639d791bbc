// Hashes of what n-gram models compute: discounts, counts, scores and draws.
#pragma once

#include <algorithm>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <utility>
#include <vector>

#include "dinorc/drawing/name_sampling.hpp"
#include "dinorc/foundations/bit_hash.hpp"
#include "dinorc/names/name_list.hpp"
#include "dinorc/ngrams/ngram_learning.hpp"
#include "dinorc/predictors/ngram_predictor.hpp"
#include "dinorc/scoring/name_scorer.hpp"

namespace dinorc {

// Each name once, in ascending order, and how often it is in the list.
inline std::pair<NameList, std::vector<std::uint32_t>> distinct_names(const NameList& names) {
  std::pair<NameList, std::vector<std::uint32_t>> distinct;
  auto& [list, copies] = distinct;
  for (const std::uint32_t index : sorted_order(names)) {
    const CharacterIds name = names[index];
    if (list.size() > 0 && std::ranges::equal(name, list[list.size() - 1])) {
      ++copies.back();
      continue;
    }
    list.characters.insert(list.characters.end(), name.begin(), name.end());
    list.ends.push_back(list.characters.size());
    copies.push_back(1);
  }
  return distinct;
}

inline void print_ngram_hashes(const NameList& names, std::size_t vocabulary_size, NGramOrders orders) {
  const Interrupted never = [] { return false; };
  const auto [list, copies] = distinct_names(names);
  LearnedNGrams learned;
  learn_ngrams(list, copies, vocabulary_size, orders, 1, never, learned);
  BitHash of_discounts, of_counts, of_scores, of_draws;
  of_discounts.add(VectorView<const double>{learned.losses.data(), learned.losses.size()});
  for (const Discounts& discounts : learned.discounts) {
    of_discounts.add(VectorView<const double>{discounts.data(), discounts.size()});
  }
  for (const CharacterId character : learned.table.characters) {
    of_counts.add(static_cast<std::uint64_t>(character), 4);
  }
  for (const std::uint32_t count : learned.table.counts) of_counts.add(std::uint64_t{count}, 4);

  const NGramPredictor predictor(NGramTree(std::move(learned.table), vocabulary_size), learned.discounts);
  std::vector<double> scores(names.size());
  score_names(predictor, names, -10.0, 2, never, std::span(scores));
  of_scores.add(VectorView<const double>{scores.data(), scores.size()});
  const NameRequest request{.seed = 3, .count = 100, .max_length = 30};
  for (const CharacterId character : sample_names(predictor, request, 2, never).names.characters) {
    of_draws.add(static_cast<std::uint64_t>(character), 4);
  }
  std::printf("ngram order %zu to %zu: discounts %016" PRIx64 " counts %016" PRIx64 " scores %016" PRIx64
              " draws %016" PRIx64 "\n",
              orders.least, orders.greatest, of_discounts.value(), of_counts.value(), of_scores.value(),
              of_draws.value());
}

}  // namespace dinorc
