// The contexts of an n-gram model: what followed each, and which one to go on with after a character.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "dinorc/names/characters.hpp"
#include "dinorc/ngrams/ngram_table.hpp"

namespace dinorc {

// The most characters of an n-gram.
inline constexpr std::size_t most_order = 16;

class NGramTree {
 public:
  using Context = std::uint32_t;
  using NGram = std::uint32_t;

  struct Range {
    std::uint32_t begin;
    std::uint32_t end;
  };

  static constexpr Context empty_context = 0;
  static constexpr NGram no_ngram = std::numeric_limits<NGram>::max();

  // Throws std::invalid_argument where the table is not one of names of that many characters.
  NGramTree(NGramTable table, std::size_t vocabulary_size);

  std::size_t vocabulary_size() const { return vocabulary_size_; }
  std::size_t order() const { return level_begins_.size() - 1; }
  std::size_t context_count() const { return suffixes_.size(); }
  std::size_t ngram_count() const { return characters_.size(); }

  // The contexts of that many characters, 0 to order() - 1.
  Range contexts(std::size_t length) const {
    const std::size_t end = length + 1 < order() ? level_begins_[length + 1] : context_count();
    return {level_begins_[length], static_cast<Context>(end)};
  }

  // The context without its first character; of the empty one, itself.
  Context suffix(Context context) const { return suffixes_[context]; }

  // The n-grams of a context, in ascending order of their characters.
  Range ngrams(Context context) const { return {ngram_begins_[context], ngram_begins_[context + 1]}; }

  CharacterId character(NGram ngram) const { return characters_[ngram]; }

  // How many characters, the beginning of a name being one, have come before the n-gram; or, where nothing
  // can, how often it has come. With these counts Kneser and Ney work.
  std::uint32_t count(NGram ngram) const { return counts_[ngram]; }

  // The n-gram of this character in this context, or no_ngram.
  NGram find(Context context, CharacterId character) const;

  // The context of the beginning of a name.
  Context beginning() const { return beginning_; }

  // The longest context that ends with `context` or a part of it, and one more character, not the end of a
  // name.
  Context after(Context context, CharacterId character) const;

 private:
  void divide(std::size_t order, const std::vector<std::uint32_t>& branches);
  void link();
  void complete_counts(const std::vector<std::uint32_t>& counts);

  std::size_t vocabulary_size_;
  Context beginning_ = empty_context;
  std::vector<Context> level_begins_;     // [order], of each length
  std::vector<NGram> ngram_begins_;       // [contexts + 1]
  std::vector<Context> suffixes_;         // [contexts]
  std::vector<CharacterId> characters_;   // [n-grams]
  std::vector<Context> longer_contexts_;  // [n-grams], the longest context that each ends with
  std::vector<std::uint32_t> counts_;     // [n-grams]
};

}  // namespace dinorc
