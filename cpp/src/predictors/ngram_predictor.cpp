#include "dinorc/predictors/ngram_predictor.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "dinorc/kernels/kernels.hpp"

namespace dinorc {
namespace {

using Context = NGramTree::Context;

Context context_of(const std::byte* state) {
  Context context;
  std::memcpy(&context, state, sizeof context);
  return context;
}

class NGramReader final : public Reader {
 public:
  explicit NGramReader(const NGramPredictor& predictor)
      : logarithms_(predictor.vocabulary_size()), predictor_(predictor) {}

  void read(ConstStateRows before, std::span<const std::uint32_t> parents, CharacterIds characters,
            StateRows after) noexcept override {
    for (std::size_t row = 0; row < parents.size(); ++row) {
      const Context context = predictor_.after(context_of(before.row(parents[row])), characters[row]);
      std::memcpy(after.row(row), &context, sizeof context);
    }
  }

  // Log-probabilities are logits, too: the sum of their exponentials is 1.
  void predict(ConstStateRows states, const Predictions& wanted) noexcept override {
    const KernelTable<double>& kernels = active_kernels<double>();
    const std::size_t size = predictor_.vocabulary_size();
    for (std::size_t row = 0; row < states.rows; ++row) {
      predictor_.predict(context_of(states.row(row)), logarithms_.data());
      kernels.log(logarithms_.data(), logarithms_.data(), size);
      for (const MatrixView<double> result : {wanted.logits, wanted.log_probabilities}) {
        if (result.data != nullptr) std::copy_n(logarithms_.data(), size, result.row(row));
      }
      double largest{};
      if (wanted.terms.data == nullptr) continue;
      kernels.softmax_terms({logarithms_.data(), 1, size, size}, wanted.terms.rows_from(row, 1), &largest);
    }
  }

 private:
  std::vector<double> logarithms_;  // [vocabulary_size]
  const NGramPredictor& predictor_;
};

}  // namespace

NGramPredictor::NGramPredictor(NGramTree tree, std::span<const Discounts> discounts,
                               std::size_t kept_probabilities)
    : tree_(std::move(tree)),
      first_context_(tree_.beginning()),
      weights_(tree_.ngram_count()),
      lower_weights_(tree_.context_count()) {
  if (discounts.size() != tree_.order()) {
    throw std::invalid_argument("there are not as many discounts as lengths of contexts");
  }
  for (std::size_t length = 0; length < discounts.size(); ++length) {
    for (std::size_t kind = 0; kind < discount_kinds; ++kind) {
      const double discount = discounts[length][kind];
      if (!(discount > 0.0 && discount <= static_cast<double>(kind + 1))) {
        throw std::invalid_argument("a discount is out of range");
      }
    }
    weigh(tree_.contexts(length), discounts[length]);
  }
  const std::size_t kept =
      std::clamp<std::size_t>(kept_probabilities / vocabulary_size(), 1, tree_.context_count());
  AlignedMatrix<double> probabilities(kept, vocabulary_size());
  for (Context context = 0; context < kept; ++context) {
    double* const row = probabilities.view().row(context);
    if (context == NGramTree::empty_context) {
      std::fill_n(row, vocabulary_size(), 1.0 / static_cast<double>(vocabulary_size()));
    } else {
      std::copy_n(probabilities.view().row(tree_.suffix(context)), vocabulary_size(), row);
    }
    interpolate(context, row);
  }
  probabilities_ = std::move(probabilities);
}

void NGramPredictor::weigh(NGramTree::Range contexts, const Discounts& discounts) {
  for (Context context = contexts.begin; context < contexts.end; ++context) {
    const NGramTree::Range ngrams = tree_.ngrams(context);
    double total = 0.0;
    std::array<double, discount_kinds> kinds{};
    for (NGramTree::NGram ngram = ngrams.begin; ngram < ngrams.end; ++ngram) {
      total += static_cast<double>(tree_.count(ngram));
      kinds[discount_kind(tree_.count(ngram))] += 1.0;
    }
    for (NGramTree::NGram ngram = ngrams.begin; ngram < ngrams.end; ++ngram) {
      const std::uint32_t count = tree_.count(ngram);
      weights_[ngram] = (static_cast<double>(count) - discounts[discount_kind(count)]) / total;
    }
    double discounted = 0.0;
    for (std::size_t kind = 0; kind < discount_kinds; ++kind) discounted += discounts[kind] * kinds[kind];
    lower_weights_[context] = discounted / total;
  }
}

// From the probabilities after the context without its first character to those after the context.
void NGramPredictor::interpolate(Context context, double* probabilities) const noexcept {
  const double lower_weight = lower_weights_[context];
  for (std::size_t i = 0; i < vocabulary_size(); ++i) probabilities[i] = lower_weight * probabilities[i];
  const NGramTree::Range ngrams = tree_.ngrams(context);
  for (NGramTree::NGram ngram = ngrams.begin; ngram < ngrams.end; ++ngram) {
    double& probability = probabilities[static_cast<std::size_t>(tree_.character(ngram))];
    probability = weights_[ngram] + probability;
    if (probability > 1.0) probability = 1.0;  // by rounding
  }
}

// Upwards from the longest context whose probabilities are kept.
void NGramPredictor::predict(Context context, double* probabilities) const noexcept {
  std::array<Context, most_order> longer;
  std::size_t count = 0;
  for (; context >= probabilities_.view().rows; context = tree_.suffix(context)) longer[count++] = context;
  std::copy_n(probabilities_.view().row(context), vocabulary_size(), probabilities);
  while (count > 0) interpolate(longer[--count], probabilities);
}

std::unique_ptr<Reader> NGramPredictor::reader(std::size_t) const {
  return std::make_unique<NGramReader>(*this);
}

}  // namespace dinorc
