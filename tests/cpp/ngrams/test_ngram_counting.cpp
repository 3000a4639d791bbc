// N-grams counted level by level against n-grams counted one by one in a map.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

#include "check.hpp"
#include "dinorc/ngrams/ngram_counter.hpp"
#include "dinorc/ngrams/ngram_tree.hpp"
#include "made_up_ngrams.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t vocabulary_size = 5;
constexpr CharacterId beginning = 1000;  // of a name, as a character of contexts

using NGram = std::vector<CharacterId>;  // its context first

// How often each n-gram of up to `order` characters came.
std::map<NGram, std::uint32_t> naive_counts(const CountedNames& names, std::size_t order) {
  std::map<NGram, std::uint32_t> counts;
  for (std::size_t i = 0; i < names.names.size(); ++i) {
    NGram text{beginning};
    text.insert(text.end(), names.names[i].begin(), names.names[i].end());
    for (std::size_t end = 2; end <= text.size(); ++end) {
      for (std::size_t length = 1; length <= std::min(order, end); ++length) {
        counts[NGram(text.begin() + static_cast<std::ptrdiff_t>(end - length),
                     text.begin() + static_cast<std::ptrdiff_t>(end))] += names.copies[i];
      }
    }
  }
  return counts;
}

// The context of the tree with these characters.
NGramTree::Context context_of(const NGramTree& tree, const NGram& characters) {
  const bool is_from_beginning = !characters.empty() && characters[0] == beginning;
  NGramTree::Context context = is_from_beginning ? tree.beginning() : NGramTree::empty_context;
  for (std::size_t i = is_from_beginning ? 1 : 0; i < characters.size(); ++i) {
    context = tree.after(context, characters[i]);
  }
  return context;
}

template <typename Function>
void for_each_list_and_order(Function&& function) {
  for (const std::size_t count : {1, 2, 9, 80}) {
    for (const std::size_t order : {1, 2, 3, 5, 8, 16}) {
      const Context context("names ", count, ", order ", order);
      function(made_up_counted_names(count, vocabulary_size, 9, 500 + count), order);
    }
  }
}

TEST("every n-gram has its count, and no other is there") {
  for_each_list_and_order([](const CountedNames& names, std::size_t order) {
    const std::map<NGram, std::uint32_t> expected = naive_counts(names, order);
    std::map<NGram, std::set<CharacterId>> before;
    for (const auto& [ngram, count] : expected) {
      if (ngram.size() > 1) before[NGram(ngram.begin() + 1, ngram.end())].insert(ngram[0]);
    }
    const NGramCounter counter = counted(names, vocabulary_size, order);
    const std::vector<std::uint32_t> counts = counter.counts(order);
    const NGramTree tree(counter.table(order), vocabulary_size);
    CHECK_EQUAL(tree.order(), order);
    CHECK_EQUAL(tree.ngram_count(), expected.size());
    CHECK_EQUAL(counts.size(), expected.size());
    for (const auto& [ngram, count] : expected) {
      const NGramTree::Context context = context_of(tree, NGram(ngram.begin(), ngram.end() - 1));
      const NGramTree::NGram found = tree.find(context, ngram.back());
      CHECK(found != NGramTree::no_ngram);
      CHECK_EQUAL(counts[found], count);
      CHECK_EQUAL(tree.count(found), before.contains(ngram) ? before[ngram].size() : count);
    }
  });
}

TEST("a table of lower order is that of names counted up to that order") {
  for_each_list_and_order([](const CountedNames& names, std::size_t order) {
    const NGramTable lower = counted(names, vocabulary_size, 16).table(order);
    const NGramTable same = counted(names, vocabulary_size, order).table(order);
    CHECK_EQUAL(lower.order, same.order);
    CHECK_EQUAL(lower.branches, same.branches);
    CHECK_EQUAL(lower.characters, same.characters);
    CHECK_EQUAL(lower.counts, same.counts);
  });
}

TEST("a context goes on to the longest one that there is, and loses its beginning on the way") {
  const CountedNames names = made_up_counted_names(80, vocabulary_size, 9, 580);
  const std::map<NGram, std::uint32_t> all = naive_counts(names, 4);
  const NGramTree tree(counted(names, vocabulary_size, 4).table(4), vocabulary_size);
  std::map<NGram, NGramTree::Context> contexts{{{}, NGramTree::empty_context},
                                               {{beginning}, tree.beginning()}};
  for (const auto& [ngram, count] : all) {
    if (ngram.size() < 4 && ngram.back() != end_of_name) contexts[ngram] = context_of(tree, ngram);
  }
  CHECK_EQUAL(tree.context_count(), contexts.size());
  for (const auto& [characters, context] : contexts) {
    const NGram shorter(characters.begin() + (characters.empty() ? 0 : 1), characters.end());
    CHECK_EQUAL(tree.suffix(context), contexts[shorter]);
    const NGramTree::Range level = tree.contexts(characters.size());
    CHECK(level.begin <= context && context < level.end);
    for (CharacterId next = 1; next < static_cast<CharacterId>(vocabulary_size); ++next) {
      NGram longest = characters;
      longest.push_back(next);
      while (!contexts.contains(longest)) longest.erase(longest.begin());
      CHECK_EQUAL(tree.after(context, next), contexts[longest]);
    }
    CHECK_EQUAL(tree.after(context, no_character), NGramTree::empty_context);
  }
}

TEST("how many probabilities are kept ready makes no difference") {
  for (const std::size_t order : {1, 2, 5}) {
    const NGramPredictor all = made_up_ngrams(vocabulary_size, order, 100'000);
    for (const std::size_t kept : {0, 1, 31, 200}) {
      const NGramPredictor some = made_up_ngrams(vocabulary_size, order, kept);
      NGramTree::Context context = all.after(0, 1);
      for (const CharacterId next : {1, 2, 3, 1, 1, 4, 2, no_character, 2, 2, 3}) {
        context = all.after(context, next);
        std::vector<double> expected(vocabulary_size), probabilities(vocabulary_size);
        all.predict(context, expected.data());
        some.predict(context, probabilities.data());
        CHECK_SAME_BITS(probabilities, expected);
      }
    }
  }
}

TEST("names that are not distinct and in order are refused, and more than can be counted") {
  const Interrupted interrupted = never_interrupted;
  Interruption interruption(interrupted);
  NGramCounter counter;
  const auto count = [&](const std::vector<Name>& names, const std::vector<std::uint32_t>& copies) {
    return counter.count(list_of(names), copies, vocabulary_size, 3, interruption);
  };
  CHECK(count({{0}, {1, 0}, {1, 1, 0}, {2, 0}}, {1, 1, 1, 1}));
  CHECK_THROWS(std::invalid_argument, count({{1, 0}, {1, 0}}, {1, 1}));
  CHECK_THROWS(std::invalid_argument, count({{2, 0}, {1, 0}}, {1, 1}));
  CHECK_THROWS(std::invalid_argument, count({{1, 1, 0}, {1, 0}}, {1, 1}));
  CHECK(count({{1, 0}, {2, 0}}, {0xFFFFFFFE, 1}));
  CHECK_THROWS(std::invalid_argument, count({{1, 0}, {2, 0}}, {0xFFFFFFFF, 1}));
}

TEST("a table that no names have is refused") {
  const CountedNames names = made_up_counted_names(9, vocabulary_size, 6, 509);
  const NGramTable good = counted(names, vocabulary_size, 3).table(3);
  const auto refuse = [&](auto&& change) {
    NGramTable bad = good;
    change(bad);
    CHECK_THROWS(std::invalid_argument, NGramTree(std::move(bad), vocabulary_size));
  };
  CHECK_EQUAL(NGramTree(good, vocabulary_size).order(), 3u);
  refuse([](NGramTable& bad) { bad.order = 0; });
  refuse([](NGramTable& bad) { bad.order = most_order + 1; });
  refuse([](NGramTable& bad) { bad.order = 2; });
  refuse([](NGramTable& bad) { bad.order = 4; });
  refuse([](NGramTable& bad) { bad = {}; });
  refuse([](NGramTable& bad) { bad.branches[0] = 0; });
  refuse([](NGramTable& bad) { bad.branches[0] = 0xFFFFFFFF; });
  refuse([](NGramTable& bad) { bad.branches.push_back(1); });
  refuse([](NGramTable& bad) { bad.branches.pop_back(); });
  refuse([](NGramTable& bad) { bad.characters[0] = -1; });
  refuse([](NGramTable& bad) { bad.characters[1] = bad.characters[0]; });
  refuse([](NGramTable& bad) { bad.characters.back() = vocabulary_size; });
  refuse([](NGramTable& bad) { bad.characters.push_back(1); });
  refuse([](NGramTable& bad) { bad.counts[0] = 0; });
  refuse([](NGramTable& bad) { bad.counts.pop_back(); });
  refuse([](NGramTable& bad) { bad.counts.push_back(1); });
}

// Whatever the numbers are, they are either a model or refused.
TEST("no made-up table is read beyond its end") {
  const CountedNames names = made_up_counted_names(9, vocabulary_size, 6, 509);
  MadeUpNumbers numbers(77);
  std::size_t refused = 0;
  for (int trial = 0; trial < 4000; ++trial) {
    const std::size_t order = 1 + numbers.below(4);
    NGramTable table = counted(names, vocabulary_size, order).table(order);
    for (std::size_t changes = 1 + numbers.below(3); changes > 0; --changes) {
      table.branches[numbers.below(table.branches.size())] = static_cast<std::uint32_t>(numbers.below(7));
      table.characters[numbers.below(table.characters.size())] =
          static_cast<CharacterId>(numbers.below(7)) - 1;
      if (numbers.below(4) == 0) table.counts.resize(numbers.below(table.characters.size()), 1);
    }
    try {
      const NGramPredictor predictor(NGramTree(std::move(table), vocabulary_size), made_up_discounts(order));
      std::vector<double> probabilities(vocabulary_size);
      NGramTree::Context context = predictor.after(0, 1);
      for (CharacterId next : {1, 2, 3, 4, no_character, 1, 1, 1}) {
        context = predictor.after(context, next);
        predictor.predict(context, probabilities.data());
        for (const double probability : probabilities) CHECK(probability > 0.0 && probability <= 1.0);
      }
    } catch (const std::invalid_argument&) {
      ++refused;
    }
  }
  CHECK(refused > 2000 && refused < 4000);
}

}  // namespace
}  // namespace dinorc::check
