#include "dinorc/ngrams/ngram_tree.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace dinorc {
namespace {

void require(bool is_so, const char* otherwise) {
  if (!is_so) throw std::invalid_argument(std::string("no names have such n-grams: ") + otherwise);
}

}  // namespace

NGramTree::NGramTree(NGramTable table, std::size_t vocabulary_size)
    : vocabulary_size_(vocabulary_size), characters_(std::move(table.characters)) {
  require(table.order >= 1 && table.order <= most_order, "their order is out of range");
  require(std::max(table.branches.size(), characters_.size()) < std::numeric_limits<std::uint32_t>::max() - 1,
          "there are too many");
  divide(table.order, table.branches);
  link();
  complete_counts(table.counts);
}

// Where the contexts of each length begin, and the n-grams of each context. An n-gram that ends no name is a
// context of the next length; of the longest n-grams, link() will tell.
void NGramTree::divide(std::size_t order, const std::vector<std::uint32_t>& branches) {
  level_begins_ = {0};
  ngram_begins_ = {0};
  longer_contexts_.assign(characters_.size(), empty_context);
  std::size_t level_end = 1, ngram = 0;
  for (std::size_t length = 0; length < order; ++length) {
    require(level_end <= branches.size(), "some contexts are missing");
    std::size_t next_context = level_end;
    for (std::size_t context = level_begins_.back(); context < level_end; ++context) {
      const std::size_t begin = ngram, end = begin + branches[context];
      require(begin < end && end <= characters_.size(), "a context has none, or more than there are");
      for (; ngram < end; ++ngram) {
        const CharacterId lowest = ngram == begin ? end_of_name : characters_[ngram - 1] + 1;
        require(
            characters_[ngram] >= lowest && static_cast<std::size_t>(characters_[ngram]) < vocabulary_size_,
            "characters are out of range or out of order");
        if (length + 1 < order && characters_[ngram] != end_of_name) {
          longer_contexts_[ngram] = static_cast<Context>(next_context++);
        }
      }
      ngram_begins_.push_back(static_cast<NGram>(end));
    }
    if (length == 0 && order > 1) beginning_ = static_cast<Context>(next_context++);
    level_begins_.push_back(static_cast<Context>(level_end));
    level_end = next_context;
  }
  require(level_begins_.back() == branches.size() && ngram == characters_.size(), "there are too many");
}

// What an n-gram is without its first character, is the n-gram of the same character in the context without
// its first character; both contexts have theirs in order.
void NGramTree::link() {
  suffixes_.assign(ngram_begins_.size() - 1, empty_context);
  counts_.assign(characters_.size(), 0);
  const std::size_t last_level = order() == 1 ? 0 : level_begins_[order() - 1];
  for (Context context = 1; context < suffixes_.size(); ++context) {
    const Range shorter = ngrams(suffixes_[context]);
    NGram suffix = shorter.begin;
    for (NGram ngram = ngram_begins_[context]; ngram < ngram_begins_[context + 1]; ++ngram, ++suffix) {
      while (suffix < shorter.end && characters_[suffix] < characters_[ngram]) ++suffix;
      require(suffix < shorter.end && characters_[suffix] == characters_[ngram],
              "one is there without what it ends with");
      ++counts_[suffix];
      if (characters_[ngram] == end_of_name) continue;
      if (context < last_level) {
        suffixes_[longer_contexts_[ngram]] = longer_contexts_[suffix];
      } else {
        longer_contexts_[ngram] = longer_contexts_[suffix];
      }
    }
  }
}

// Those that no other one ends with have their counts from the table.
void NGramTree::complete_counts(const std::vector<std::uint32_t>& counts) {
  std::size_t next = 0;
  for (std::uint32_t& count : counts_) {
    if (count != 0) continue;
    require(next < counts.size() && counts[next] != 0, "counts are missing or zero");
    count = counts[next++];
  }
  require(next == counts.size(), "there are too many counts");
}

NGramTree::NGram NGramTree::find(Context context, CharacterId character) const {
  const auto begin = characters_.begin() + ngram_begins_[context];
  const auto end = characters_.begin() + ngram_begins_[context + 1];
  const auto found = std::lower_bound(begin, end, character);
  return found == end || *found != character ? no_ngram : static_cast<NGram>(found - characters_.begin());
}

NGramTree::Context NGramTree::after(Context context, CharacterId character) const {
  for (;; context = suffixes_[context]) {
    const NGram ngram = find(context, character);
    if (ngram != no_ngram) return longer_contexts_[ngram];
    if (context == empty_context) return empty_context;
  }
}

}  // namespace dinorc
