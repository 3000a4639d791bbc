// What the letters and the length of a name have to be, as a deterministic automaton.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "dinorc/names/characters.hpp"

namespace dinorc {

// An automaton reads a name character by character. State 0 is that of the empty name.
struct NameAutomaton {
  std::size_t vocabulary_size = 0;
  std::vector<std::int32_t> next_states;  // [states][vocabulary_size], -1: no wanted name goes on so
  std::vector<std::uint8_t> accepting;    // [states], whether a wanted name may end there

  std::size_t states() const { return accepting.size(); }

  // One state: any name is wanted.
  static NameAutomaton of_any_name(std::size_t vocabulary_size);
};

class NameConditions {
 public:
  using State = std::uint32_t;
  static constexpr State no_state = std::numeric_limits<State>::max();

  // Wanted are names that begin with the prefix, that the automaton accepts, and whose lengths are from
  // min_length to max_length.
  NameConditions(NameAutomaton automaton, std::vector<CharacterId> prefix, std::size_t min_length,
                 std::size_t max_length);

  const NameAutomaton& automaton() const { return automaton_; }
  const std::vector<CharacterId>& prefix() const { return prefix_; }
  std::size_t min_length() const { return min_length_; }
  std::size_t max_length() const { return max_length_; }

  // Whether any name at all is wanted.
  bool can_be_met() const { return can_be_met_; }

  static constexpr State first_state = 0;

  // Whether a wanted name may end after `length` characters that have led to the state.
  bool may_end(State state, std::size_t length) const {
    return length >= min_length_ && automaton_.accepting[state] != 0;
  }

  // The state after one more character; no_state if no wanted name begins so. `length` is that of what was
  // read before.
  State after(State state, CharacterId character, std::size_t length) const {
    if (length >= max_length_) return no_state;
    const std::int32_t next =
        automaton_.next_states[state * automaton_.vocabulary_size + static_cast<std::size_t>(character)];
    return next >= 0 && hopeful_[row_of_length_[length + 1]][static_cast<std::size_t>(next)] != 0
               ? static_cast<State>(next)
               : no_state;
  }

 private:
  void find_hopeful_states();

  NameAutomaton automaton_;
  std::vector<CharacterId> prefix_;
  std::size_t min_length_;
  std::size_t max_length_;
  // Whether a name of a certain length that has led to a state can be continued to a wanted one, or is one.
  std::vector<std::vector<std::uint8_t>> hopeful_;  // [rows][states], rows differ from their neighbours
  std::vector<std::uint32_t> row_of_length_;        // [max_length + 1]
  bool can_be_met_ = false;
};

}  // namespace dinorc
