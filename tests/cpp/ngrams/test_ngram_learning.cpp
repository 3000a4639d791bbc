// Order and discounts by names held out: the same everywhere, and better than others.
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

#include "check.hpp"
#include "dinorc/ngrams/fitted_discounts.hpp"
#include "dinorc/ngrams/held_out_names.hpp"
#include "dinorc/ngrams/ngram_learning.hpp"
#include "made_up_ngrams.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t vocabulary_size = 6;

LearnedNGrams learned(const CountedNames& names, NGramOrders orders, std::uint64_t seed = 0) {
  LearnedNGrams result;
  CHECK(learn_ngrams(list_of(names.names), names.copies, vocabulary_size, orders, seed, never_interrupted,
                     result));
  return result;
}

std::vector<double> all_discounts(const LearnedNGrams& ngrams) {
  std::vector<double> all;
  for (const Discounts& discounts : ngrams.discounts)
    all.insert(all.end(), discounts.begin(), discounts.end());
  return all;
}

std::vector<std::uint32_t> indices_of(const CountedNames& names) {
  std::vector<std::uint32_t> indices(names.names.size());
  std::iota(indices.begin(), indices.end(), std::uint32_t{0});
  return indices;
}

TEST("the order of least loss is taken, as if no other had been tried") {
  const CountedNames names = made_up_counted_names(90, vocabulary_size, 8, 600);
  const LearnedNGrams chosen = learned(names, {1, 5});
  CHECK_EQUAL(chosen.losses.size(), 5u);
  for (std::size_t order = 1; order <= 5; ++order) {
    const LearnedNGrams given = learned(names, {order, order});
    CHECK_EQUAL(given.table.order, order);
    CHECK_EQUAL(given.discounts.size(), order);
    CHECK_SAME_BITS(given.losses, std::vector<double>{chosen.losses[order - 1]});
    CHECK(chosen.losses[chosen.table.order - 1] <= given.losses[0]);
    if (order == chosen.table.order) {
      CHECK_SAME_BITS(all_discounts(given), all_discounts(chosen));
      CHECK_EQUAL(given.table.counts, chosen.table.counts);
    }
  }
}

TEST("every instruction set learns the same bits") {
  const CountedNames names = made_up_counted_names(90, vocabulary_size, 8, 601);
  const std::string before = name_in_use();
  const LearnedNGrams expected = learned(names, {2, 4});
  for (const std::string& set : usable_instruction_sets()) {
    const Context context(set);
    use_instruction_set(set);
    const LearnedNGrams again = learned(names, {2, 4});
    CHECK_SAME_BITS(all_discounts(again), all_discounts(expected));
    CHECK_SAME_BITS(again.losses, expected.losses);
  }
  use_instruction_set(before);
}

TEST("a single name has the least order, and nothing to judge it by") {
  const LearnedNGrams ngrams = learned({{{1, 2, 1, 0}}, {3}}, {2, 8});
  CHECK_EQUAL(ngrams.table.order, 2u);
  CHECK(ngrams.losses.empty());
  CHECK_SAME_BITS(all_discounts(ngrams), all_discounts(learned({{{5, 0}}, {1}}, {2, 2})));
}

TEST("of a long list, some thousands of names are held out") {
  const CountedNames names = made_up_counted_names(40'000, vocabulary_size, 12, 602);
  CHECK(names.names.size() > 15'000);
  const LearnedNGrams ngrams = learned(names, {2, 3});
  CHECK(ngrams.losses[0] > 1.0 && ngrams.losses[0] < 1.8);
}

// Learning takes many times as long as it waits between two questions.
TEST("learning ends where the user wants it to") {
  const CountedNames names = made_up_counted_names(400'000, vocabulary_size, 24, 602);
  LearnedNGrams result;
  CHECK(!learn_ngrams(
      list_of(names.names), names.copies, vocabulary_size, {12, 12}, 0, [] { return true; }, result));
}

TEST("what names share is kept once, and counts for each of them") {
  const CountedNames names = made_up_counted_names(90, vocabulary_size, 8, 603);
  const NGramCounter counter =
      counted({{names.names.begin(), names.names.begin() + 40}, names.copies}, vocabulary_size, 4);
  const NGramTree tree(counter.table(4), vocabulary_size);
  HeldOutNames together, alone;
  together.add(tree, counter.counts(4), list_of(names.names), indices_of(names));
  for (const std::uint32_t index : indices_of(names)) {
    alone.add(tree, counter.counts(4), list_of(names.names), std::span(&index, 1));
  }
  CHECK_EQUAL(together.size(), alone.size());
  for (const std::size_t order : {1u, 3u, 4u}) {
    CHECK(together.evidence(order - 1, order).size() < alone.evidence(order - 1, order).size());
    const FittedDiscounts expected = fit_discounts(alone, order), fitted = fit_discounts(together, order);
    CHECK_EQUAL(fitted.loss, expected.loss);
    CHECK(fitted.discounts == expected.discounts);
  }
}

TEST("held-out names that say much move the discounts, none leave them as they are") {
  const CountedNames names = made_up_counted_names(90, vocabulary_size, 8, 603);
  const NGramCounter counter = counted(names, vocabulary_size, 3);
  const NGramTree tree(counter.table(3), vocabulary_size);
  HeldOutNames known, none;
  known.add(tree, counter.counts(3), list_of(names.names), indices_of(names));
  const FittedDiscounts usual = fit_discounts(none, 3), fitted = fit_discounts(known, 3);
  CHECK_EQUAL(usual.loss, 0.0);
  for (std::size_t length = 0; length < 3; ++length) {
    for (std::size_t kind = 0; kind < discount_kinds; ++kind) {
      CHECK(fitted.discounts[length][kind] > 0.0);
      CHECK(usual.discounts[length][kind] < static_cast<double>(kind + 1));
    }
  }
  // The names are those that were counted: nothing should be taken from the longest n-grams.
  CHECK(fitted.discounts[2][0] < 0.8 * usual.discounts[2][0]);
}

}  // namespace
}  // namespace dinorc::check
