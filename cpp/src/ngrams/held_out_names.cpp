#include "dinorc/ngrams/held_out_names.hpp"

#include <algorithm>

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
    evidence.unit = 1.0 / total;
    evidence.kind = discount_kind(count(followed));
  }
  return evidence;
}

}  // namespace

void HeldOutNames::add(const NGramTree& tree, const std::vector<std::uint32_t>& counts, CharacterIds name) {
  uniform_ = 1.0 / static_cast<double>(tree.vocabulary_size());
  NGramTree::Context longest = tree.beginning();
  std::vector<NGramTree::Context> contexts;
  for (const CharacterId character : name) {
    if (tree.find(NGramTree::empty_context, character) != NGramTree::no_ngram) {
      contexts.clear();
      for (NGramTree::Context c = longest; c != NGramTree::empty_context; c = tree.suffix(c))
        contexts.push_back(c);
      contexts.push_back(NGramTree::empty_context);
      std::for_each(contexts.rbegin(), contexts.rend(), [&](NGramTree::Context context) {
        const NGramTree::NGram followed = tree.find(context, character);
        shorter_.push_back(
            evidence_of(tree, context, followed, [&](NGramTree::NGram ngram) { return tree.count(ngram); }));
        longest_.push_back(
            evidence_of(tree, context, followed, [&](NGramTree::NGram ngram) { return counts[ngram]; }));
      });
      ends_.push_back(shorter_.size());
    }
    if (character != end_of_name) longest = tree.after(longest, character);
  }
}

}  // namespace dinorc
