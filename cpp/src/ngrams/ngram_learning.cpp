#include "dinorc/ngrams/ngram_learning.hpp"

#include <algorithm>
#include <utility>

#include "dinorc/foundations/sizes.hpp"
#include "dinorc/ngrams/fitted_discounts.hpp"
#include "dinorc/ngrams/held_out_names.hpp"
#include "dinorc/ngrams/ngram_counter.hpp"
#include "dinorc/ngrams/ngram_tree.hpp"
#include "dinorc/random/philox.hpp"
#include "dinorc/threads/thread_team.hpp"

namespace dinorc {
namespace {

constexpr std::size_t usual_parts = 10;  // that a list is divided in, each to be held out once
constexpr std::size_t most_names_in_a_part = 3000;
constexpr std::size_t enough_names = 2500;  // held out; then no further part is

// Some of the names, with their copies.
struct NamesWithCopies {
  NameList names;
  std::vector<std::uint32_t> copies;

  void add(CharacterIds name, std::uint32_t count) {
    names.characters.insert(names.characters.end(), name.begin(), name.end());
    names.ends.push_back(names.characters.size());
    copies.push_back(count);
  }
};

// Holds out part after part; returns false if interrupted.
bool hold_out(const NameList& names, std::span<const std::uint32_t> copies, std::size_t vocabulary_size,
              std::size_t order, std::uint64_t seed, Interruption& interruption, HeldOutNames& held_out) {
  const std::size_t size = names.size();
  const std::size_t parts =
      std::max(std::min(usual_parts, size), ceiling_quotient(size, most_names_in_a_part));
  PhiloxStream stream(seed, StreamPurpose::validation_split, 0);
  const std::vector<std::uint32_t> shuffled = shuffled_indices(size, stream);
  std::size_t count = 0;
  for (std::size_t part = 0; part < parts && count < enough_names; ++part) {
    const Part range = part_of(size, part, parts);
    std::vector<bool> is_held_out(size);
    for (std::size_t i = range.begin; i < range.end; ++i) is_held_out[shuffled[i]] = true;
    NamesWithCopies others;
    for (std::size_t i = 0; i < size; ++i) {
      if (!is_held_out[i]) others.add(names[i], copies[i]);
    }
    NGramCounter counter;
    if (!counter.count(others.names, others.copies, vocabulary_size, order, interruption)) return false;
    const NGramTree tree(counter.table(order), vocabulary_size);
    const std::vector<std::uint32_t> counts = counter.counts(order);
    const std::size_t part_size = range.end - range.begin;
    held_out.add(tree, counts, names, std::span(shuffled).subspan(range.begin, part_size));
    count += part_size;
  }
  return true;
}

}  // namespace

bool learn_ngrams(const NameList& names, std::span<const std::uint32_t> copies, std::size_t vocabulary_size,
                  NGramOrders orders, std::uint64_t seed, const Interrupted& interrupted,
                  LearnedNGrams& learned) {
  Interruption interruption(interrupted);
  HeldOutNames held_out;
  if (names.size() > 1 &&
      !hold_out(names, copies, vocabulary_size, orders.greatest, seed, interruption, held_out)) {
    return false;
  }
  std::size_t best_order = orders.least;
  double least_loss = 0.0;
  for (std::size_t order = orders.least; order <= orders.greatest; ++order) {
    if (interruption.is_wanted()) return false;
    FittedDiscounts fitted = fit_discounts(held_out, order);
    if (held_out.size() > 0) learned.losses.push_back(fitted.loss);
    if (order == orders.least || fitted.loss < least_loss) {
      best_order = order;
      least_loss = fitted.loss;
      learned.discounts = std::move(fitted.discounts);
    }
  }
  NGramCounter counter;
  if (!counter.count(names, copies, vocabulary_size, best_order, interruption)) return false;
  learned.table = counter.table(best_order);
  return true;
}

}  // namespace dinorc
