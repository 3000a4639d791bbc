// An n-gram model as a predictor: its state is the longest context that it knows.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/ngrams/discounts.hpp"
#include "dinorc/ngrams/ngram_tree.hpp"
#include "dinorc/predictors/predictor.hpp"

namespace dinorc {

class NGramPredictor final : public Predictor {
 public:
  // Probabilities kept ready: those after the shortest contexts, as many as a cache holds.
  static constexpr std::size_t usual_kept_probabilities = 65'536;

  // With discounts for each length of context, from 0. Throws std::invalid_argument where they are not so.
  // How many probabilities are kept makes no difference to any.
  NGramPredictor(NGramTree tree, std::span<const Discounts> discounts,
                 std::size_t kept_probabilities = usual_kept_probabilities);

  std::size_t vocabulary_size() const override { return tree_.vocabulary_size(); }
  FloatType float_type() const override { return FloatType::float64; }
  std::size_t state_bytes() const override { return sizeof(NGramTree::Context); }
  const std::byte* first_state() const override {
    return reinterpret_cast<const std::byte*>(&first_context_);
  }
  std::unique_ptr<Reader> reader(std::size_t rows) const override;

  // The longest context at the end of a context and one more character, which may be no_character.
  NGramTree::Context after(NGramTree::Context context, CharacterId character) const {
    return tree_.after(context, character);
  }

  // Writes the probability of each character after a context, the end of the name first.
  void predict(NGramTree::Context context, double* probabilities) const noexcept;

 private:
  void weigh(NGramTree::Range contexts, const Discounts& discounts);
  void interpolate(NGramTree::Context context, double* probabilities) const noexcept;

  NGramTree tree_;
  NGramTree::Context first_context_;
  std::vector<double> weights_;          // [n-grams], (a - D) / A
  std::vector<double> lower_weights_;    // [contexts], gamma
  AlignedMatrix<double> probabilities_;  // [contexts from the empty one on][vocabulary_size]
};

}  // namespace dinorc
