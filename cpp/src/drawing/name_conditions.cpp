#include "dinorc/drawing/name_conditions.hpp"

#include <algorithm>
#include <utility>

namespace dinorc {

NameAutomaton NameAutomaton::of_any_name(std::size_t vocabulary_size) {
  NameAutomaton automaton{vocabulary_size, std::vector<std::int32_t>(vocabulary_size, 0), {1}};
  automaton.next_states[end_of_name] = -1;
  return automaton;
}

NameConditions::NameConditions(NameAutomaton automaton, std::vector<CharacterId> prefix,
                               std::size_t min_length, std::size_t max_length)
    : automaton_(std::move(automaton)),
      prefix_(std::move(prefix)),
      min_length_(min_length),
      max_length_(max_length) {
  find_hopeful_states();
  State state = hopeful_[row_of_length_[0]][first_state] != 0 ? first_state : no_state;
  for (std::size_t i = 0; i < prefix_.size() && state != no_state; ++i) state = after(state, prefix_[i], i);
  can_be_met_ = state != no_state;
}

// From the greatest length down: a state is hopeful at a length if a name may end there, or if one that it
// leads to is hopeful at the next length. From min_length up this hardly changes from one length to the next,
// and not at all once it has not changed.
void NameConditions::find_hopeful_states() {
  const std::size_t states = automaton_.states();
  std::vector<std::vector<std::int32_t>> successors(states);
  for (std::size_t state = 0; state < states; ++state) {
    const auto begin =
        automaton_.next_states.begin() + static_cast<std::ptrdiff_t>(state * automaton_.vocabulary_size);
    std::vector<std::int32_t>& all = successors[state];
    std::copy_if(begin, begin + static_cast<std::ptrdiff_t>(automaton_.vocabulary_size),
                 std::back_inserter(all), [](std::int32_t next) { return next >= 0; });
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
  row_of_length_.resize(max_length_ + 1);
  std::vector<std::uint8_t> row(states);
  bool is_settled = false;
  for (std::size_t length = max_length_ + 1; length-- > 0;) {
    if (!is_settled || length < min_length_) {
      for (State state = 0; state < states; ++state) {
        row[state] =
            may_end(state, length) ||
            (length < max_length_ &&
             std::any_of(
                 successors[state].begin(), successors[state].end(),
                 [&](std::int32_t next) { return hopeful_.back()[static_cast<std::size_t>(next)] != 0; }));
      }
      if (hopeful_.empty() || row != hopeful_.back()) {
        hopeful_.push_back(row);
      } else {
        is_settled = length >= min_length_;
      }
    }
    row_of_length_[length] = static_cast<std::uint32_t>(hopeful_.size() - 1);
  }
}

}  // namespace dinorc
