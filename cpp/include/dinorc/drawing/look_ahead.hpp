// How much a beginning promises: the chance, roughly, that a name which begins so becomes one that is wanted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dinorc/drawing/name_conditions.hpp"
#include "dinorc/drawing/sampling_rules.hpp"
#include "dinorc/predictors/predictor.hpp"
#include "dinorc/threads/interruption.hpp"

namespace dinorc {

// The model is asked about some names of its own, and its answers are averaged by the last characters of a
// prefix and by its length. For a model as simple as that, the chance that a name becomes a wanted one is
// worked out for all that a name can have read so far, from the greatest length down. The result steers; it
// decides nothing, since each name that is drawn by it has a weight that makes up for it.
class LookAhead {
 public:
  // Draws the names from streams of the seed's own purpose.
  LookAhead(const Predictor& predictor, const NameConditions& conditions, const SamplingRules& rules,
            std::uint64_t seed, const Interrupted& interrupted);

  // False where it was interrupted; nothing is promised then.
  bool is_ready() const { return !promises_.empty(); }

  // Of a prefix of that length that ends with these characters and has led to the state. It is above zero
  // where a wanted name may begin so, but for rounding.
  double promise(CharacterId last_but_one, CharacterId last, NameConditions::State state,
                 std::size_t length) const {
    const std::size_t row = length < lengths_ ? length : lengths_ - 1;
    return promises_[(row * contexts_ + context(last_but_one, last)) * states_ + state];
  }

 private:
  // With an order of 2, 1 or 0 characters. Before the first character there is none, which counts as 0.
  std::size_t context(CharacterId last_but_one, CharacterId last) const {
    const std::size_t one = last > 0 ? static_cast<std::size_t>(last) : 0;
    const std::size_t two = last_but_one > 0 ? static_cast<std::size_t>(last_but_one) : 0;
    return order_ == 2 ? two * vocabulary_size_ + one : order_ == 1 ? one : 0;
  }

  struct Averages;
  void choose_size(const NameConditions& conditions, std::size_t longest_seen);
  void work_out(const NameConditions& conditions, const Averages& averages);

  std::size_t vocabulary_size_;
  std::size_t states_;
  std::size_t order_ = 0;
  std::size_t contexts_ = 1;
  std::size_t lengths_ = 0;
  std::vector<double> promises_;  // [lengths][contexts][states]
};

}  // namespace dinorc
