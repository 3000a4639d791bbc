#include "dinorc/ngrams/held_out_names.hpp"

#include <unordered_map>

namespace dinorc {
namespace {

// By the counts that count(ngram) gives.
template <typename Count>
Evidence evidence_of(const NGramTree& tree, NGramTree::Context context, NGramTree::NGram followed,
                     Count&& count) {
  double total = 0.0;
  std::array<double, discount_kinds> kinds{};
  const NGramTree::Range ngrams = tree.ngrams(context);
  for (NGramTree::NGram ngram = ngrams.begin; ngram < ngrams.end; ++ngram) {
    total += static_cast<double>(count(ngram));
    kinds[discount_kind(count(ngram))] += 1.0;
  }
  Evidence evidence{};
  for (std::size_t kind = 0; kind < discount_kinds; ++kind) evidence.kind_shares[kind] = kinds[kind] / total;
  if (followed != NGramTree::no_ngram) {
    evidence.share = static_cast<double>(count(followed)) / total;
    evidence.units[discount_kind(count(followed))] = 1.0 / total;
  }
  return evidence;
}

}  // namespace

void HeldOutNames::add(const NGramTree& tree, const std::vector<std::uint32_t>& counts, const NameList& names,
                       std::span<const std::uint32_t> indices) {
  uniform_ = 1.0 / static_cast<double>(tree.vocabulary_size());
  if (levels_.size() < tree.order()) levels_.resize(tree.order());
  std::unordered_map<std::uint64_t, NGram> known;  // by context and character
  known.reserve(16 * indices.size());
  std::vector<NGramTree::Context> contexts;  // without an n-gram yet
  for (const std::uint32_t index : indices) {
    NGramTree::Context longest = tree.beginning();
    for (const CharacterId character : names[index]) {
      if (tree.find(NGramTree::empty_context, character) != NGramTree::no_ngram) {
        const auto key = [&](NGramTree::Context context) {
          return std::uint64_t{context} * tree.vocabulary_size() + static_cast<std::uint64_t>(character);
        };
        // Where an n-gram is known, so are all that it ends with.
        auto found = known.end();
        contexts.clear();
        for (NGramTree::Context context = longest;; context = tree.suffix(context)) {
          found = known.find(key(context));
          if (found != known.end()) break;
          contexts.push_back(context);
          if (context == NGramTree::empty_context) break;
        }
        std::uint32_t length = found == known.end() ? 0 : found->second.length + 1;
        std::uint32_t suffix = found == known.end() ? 0 : found->second.place;
        for (std::size_t i = contexts.size(); i-- > 0; ++length) {
          const NGramTree::Context context = contexts[i];
          const NGramTree::NGram followed = tree.find(context, character);
          Level& level = levels_[length];
          const auto place = static_cast<std::uint32_t>(level.suffixes.size());
          level.suffixes.push_back(suffix);
          level.shorter.push_back(evidence_of(tree, context, followed,
                                              [&](NGramTree::NGram ngram) { return tree.count(ngram); }));
          level.longest.push_back(
              evidence_of(tree, context, followed, [&](NGramTree::NGram ngram) { return counts[ngram]; }));
          known.emplace(key(context), NGram{length, place});
          suffix = place;
        }
        longest_ngrams_.push_back({length - 1, suffix});
      }
      if (character != end_of_name) longest = tree.after(longest, character);
    }
  }
}

}  // namespace dinorc
