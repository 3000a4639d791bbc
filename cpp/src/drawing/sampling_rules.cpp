#include "dinorc/drawing/sampling_rules.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "dinorc/foundations/float_contract.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

CharacterWeights::CharacterWeights(const SamplingRules& rules, std::size_t vocabulary_size,
                                   FloatType float_type)
    : rules_(rules),
      float_type_(float_type),
      logits_(vocabulary_size),
      float_logits_(vocabulary_size),
      weights_(vocabulary_size),
      kept_weights_(vocabulary_size) {}

// With m the largest logit, the weight of character i is exp((logit_i - m) / temperature): nothing overflows,
// and however small the temperature, the likeliest character keeps weight 1 while the others fall to 0.
void CharacterWeights::compute(const double* logits, bool may_end, double* cumulative) {
  const std::size_t size = weights_.size();
  const bool keeps_all = rules_.top_k >= size && rules_.top_p == 1.0;
  std::copy_n(logits, size, logits_.begin());
  if (!may_end) logits_[end_of_name] = -std::numeric_limits<double>::infinity();
  if (rules_.temperature == 1.0 && keeps_all) {
    if (float_type_ == FloatType::float64) return add_up_terms(logits_.data(), cumulative);
    for (std::size_t i = 0; i < size; ++i) float_logits_[i] = static_cast<float>(logits_[i]);
    return add_up_terms(float_logits_.data(), cumulative);
  }
  const double largest = *std::max_element(logits_.begin(), logits_.end());
  for (std::size_t i = 0; i < size; ++i) weights_[i] = logits_[i] - largest;
  active_kernels<double>().divide(rules_.temperature, weights_.data(), size);
  active_kernels<double>().exp(weights_.data(), weights_.data(), size);
  if (!keeps_all) keep_likeliest();
  std::partial_sum(weights_.begin(), weights_.end(), cumulative);
}

// The terms of the softmax in the predictor's own type, which take the place of the logits.
template <typename Real>
void CharacterWeights::add_up_terms(Real* logits, double* cumulative) const {
  Real largest{};
  active_kernels<Real>().softmax_terms(logits, logits, weights_.size(), &largest);
  double sum = 0.0;
  for (std::size_t i = 0; i < weights_.size(); ++i) {
    sum += static_cast<double>(logits[i]);
    cumulative[i] = sum;
  }
}

// The likeliest characters leave a heap one by one, until the rules want no more of them. A NaN, which would
// confuse the heap, being neither less nor more than any logit, counts as the least likely.
void CharacterWeights::keep_likeliest() {
  const auto key = [this](CharacterId character) {
    const double logit = logits_[static_cast<std::size_t>(character)];
    return std::isnan(logit) ? -std::numeric_limits<double>::infinity() : logit;
  };
  const auto is_less_likely = [&](CharacterId a, CharacterId b) {
    return key(a) < key(b) || (key(a) == key(b) && a > b);
  };
  const auto rank_next = [&] {
    std::pop_heap(heap_.begin(), heap_.end(), is_less_likely);
    ranked_.push_back(heap_.back());
    heap_.pop_back();
  };
  const auto drop_all_but = [&](std::size_t kept) {
    std::fill(kept_weights_.begin(), kept_weights_.end(), 0.0);
    for (std::size_t i = 0; i < kept; ++i) {
      const auto character = static_cast<std::size_t>(ranked_[i]);
      kept_weights_[character] = weights_[character];
    }
    weights_.swap(kept_weights_);
  };

  heap_.resize(weights_.size());
  std::iota(heap_.begin(), heap_.end(), CharacterId{0});
  std::make_heap(heap_.begin(), heap_.end(), is_less_likely);
  ranked_.clear();
  const std::size_t most = std::min(rules_.top_k, weights_.size());
  if (most < weights_.size()) {
    while (ranked_.size() < most) rank_next();
    drop_all_but(most);
  }
  if (rules_.top_p < 1.0) {
    const double wanted = rules_.top_p * std::accumulate(weights_.begin(), weights_.end(), 0.0);
    double reached = 0.0;
    std::size_t kept = 0;
    do {
      if (kept == ranked_.size()) rank_next();
      reached += weights_[static_cast<std::size_t>(ranked_[kept])];
      ++kept;
    } while (kept < most && reached < wanted);
    drop_all_but(kept);
  }
}

// The first i with uniform * total < cumulative[i], by halving: cumulative weights never fall. The total is
// above that product; should it be NaN, the last character is chosen.
CharacterId choose(const double* cumulative, std::size_t vocabulary_size, double uniform) {
  const double target = uniform * cumulative[vocabulary_size - 1];
  std::size_t first = 0;
  for (std::size_t count = vocabulary_size - 1; count > 0;) {
    const std::size_t half = (count + 1) / 2;
    first += half * static_cast<std::size_t>(!(target < cumulative[first + half - 1]));  // without a branch
    count -= half;
  }
  return static_cast<CharacterId>(first);
}

}  // namespace dinorc
