// Learns an n-gram model: counts, and an order and discounts by what they make of names held out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dinorc/names/name_list.hpp"
#include "dinorc/ngrams/discounts.hpp"
#include "dinorc/ngrams/ngram_table.hpp"
#include "dinorc/threads/interruption.hpp"

namespace dinorc {

struct LearnedNGrams {
  NGramTable table;
  std::vector<Discounts> discounts;  // by length of context
  std::vector<double> losses;        // of the orders to choose from: nats per held-out character; none of
                                     // a single name, where the least order is taken
};

// The orders to choose from.
struct NGramOrders {
  std::size_t least;
  std::size_t greatest;
};

// Names and copies are as NGramCounter::count wants them. Each name is held out once from the counts that
// judge it; of a long list, some thousands are. The seed decides on the parts. Returns false if interrupted.
bool learn_ngrams(const NameList& names, std::span<const std::uint32_t> copies, std::size_t vocabulary_size,
                  NGramOrders orders, std::uint64_t seed, const Interrupted& interrupted,
                  LearnedNGrams& learned);

}  // namespace dinorc
