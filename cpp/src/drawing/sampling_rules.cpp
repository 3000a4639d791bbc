#include "dinorc/drawing/sampling_rules.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "dinorc/foundations/float_contract.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

CharacterWeights::CharacterWeights(const SamplingRules& rules, std::size_t vocabulary_size)
    : rules_(rules), kept_weights_(vocabulary_size) {}

bool CharacterWeights::keep_all() const {
  return rules_.top_k >= kept_weights_.size() && rules_.top_p == 1.0;
}

// With m the largest logit, the weight of character i is exp((logit_i - m) / temperature): nothing overflows,
// and however small the temperature, the likeliest character keeps weight 1 while the others fall to 0.
void CharacterWeights::compute(const double* logits, double* weights) {
  const std::size_t size = kept_weights_.size();
  const double largest = *std::max_element(logits, logits + size);
  for (std::size_t i = 0; i < size; ++i) weights[i] = logits[i] - largest;
  active_kernels<double>().divide_rows(&rules_.temperature, {weights, 1, size, size});
  active_kernels<double>().exp(weights, weights, size);
  if (!keep_all()) keep_likeliest(logits, weights);
}

// The likeliest characters leave a heap one by one, until the rules want no more of them. A NaN, which would
// confuse the heap, being neither less nor more than any logit, counts as the least likely.
void CharacterWeights::keep_likeliest(const double* logits, double* weights) {
  const std::size_t size = kept_weights_.size();
  const auto key = [logits](CharacterId character) {
    const double logit = logits[static_cast<std::size_t>(character)];
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
      kept_weights_[character] = weights[character];
    }
    std::copy(kept_weights_.begin(), kept_weights_.end(), weights);
  };

  heap_.resize(size);
  std::iota(heap_.begin(), heap_.end(), CharacterId{0});
  std::make_heap(heap_.begin(), heap_.end(), is_less_likely);
  ranked_.clear();
  const std::size_t most = std::min(rules_.top_k, size);
  if (most < size) {
    while (ranked_.size() < most) rank_next();
    drop_all_but(most);
  }
  if (rules_.top_p < 1.0) {
    const double wanted = rules_.top_p * std::accumulate(weights, weights + size, 0.0);
    double reached = 0.0;
    std::size_t kept = 0;
    do {
      if (kept == ranked_.size()) rank_next();
      reached += weights[static_cast<std::size_t>(ranked_[kept])];
      ++kept;
    } while (kept < most && reached < wanted);
    drop_all_but(kept);
  }
}

void add_up(const double* weights, std::size_t vocabulary_size, double* cumulative) {
  double sum = 0.0;
  for (std::size_t i = 0; i < vocabulary_size; ++i) {
    sum += weights[i];
    cumulative[i] = sum;
  }
}

// By halving: cumulative weights never fall.
CharacterId choose(const double* cumulative, std::size_t vocabulary_size, double target) {
  std::size_t first = 0;
  for (std::size_t count = vocabulary_size - 1; count > 0;) {
    const std::size_t half = (count + 1) / 2;
    first += half * static_cast<std::size_t>(!(target < cumulative[first + half - 1]));  // without a branch
    count -= half;
  }
  return static_cast<CharacterId>(first);
}

}  // namespace dinorc
