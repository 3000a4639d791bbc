// Conditions on letters and lengths: which beginnings are given up at once, against all names there are.
#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "check.hpp"
#include "dinorc/drawing/name_conditions.hpp"
#include "made_up_conditions.hpp"

namespace dinorc::check {
namespace {

using State = NameConditions::State;

constexpr std::size_t vocabulary_size = 4;
constexpr std::size_t longest = 5;

// Where the letters lead from the first state; no_state as soon as one of them leads nowhere.
State state_after(const NameConditions& conditions, const Name& letters) {
  State state = NameConditions::first_state;
  for (std::size_t i = 0; i < letters.size() && state != NameConditions::no_state; ++i) {
    state = conditions.after(state, letters[i], i);
  }
  return state;
}

// With all names in sight: a beginning is not given up if it is one of a wanted name, and may end if it is
// all of it. The prefix is up to those who draw.
void check_against_all_names(const NameAutomaton& automaton, std::size_t min_length, std::size_t max_length) {
  const Context context("lengths ", min_length, " to ", max_length);
  const NameConditions conditions(automaton, {}, min_length, max_length);
  std::set<Name> beginnings, wanted;
  for (const Name& name : wanted_names(conditions)) {
    wanted.insert(name);
    for (std::size_t length = 0; length < name.size(); ++length) {
      beginnings.emplace(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(length));
    }
  }
  CHECK_EQUAL(conditions.can_be_met(), !wanted.empty());
  if (wanted.empty()) return;
  for (Name name : all_names(vocabulary_size, max_length + 1)) {
    const Context context_of_name(shown(name));
    const bool is_wanted = wanted.contains(name);
    name.pop_back();
    const State state = state_after(conditions, name);
    CHECK_EQUAL(state != NameConditions::no_state, beginnings.contains(name));
    if (state != NameConditions::no_state) CHECK_EQUAL(conditions.may_end(state, name.size()), is_wanted);
  }
}

TEST("a beginning is given up where no wanted name begins so, and not before") {
  for (const auto& [name, automaton] : usual_automata(vocabulary_size)) {
    const Context context(name);
    for (std::size_t max_length = 0; max_length <= longest; ++max_length) {
      for (std::size_t min_length = 0; min_length <= max_length; ++min_length) {
        check_against_all_names(automaton, min_length, max_length);
      }
    }
  }
}

TEST("no name is as long as two lengths that contradict each other") {
  for (const auto& [name, automaton] : usual_automata(vocabulary_size)) {
    CHECK(!NameConditions(automaton, {}, 4, 3).can_be_met());
  }
}

TEST("prefixes that lead to a wanted name can be met") {
  for (const auto& [name, automaton] : usual_automata(vocabulary_size)) {
    const Context context(name);
    std::size_t met = 0;
    for (const auto& [min_length, max_length] : {std::pair{0, 3}, {2, 5}, {4, 4}}) {
      for (Name prefix : all_names(vocabulary_size, 4)) {
        prefix.pop_back();
        const Context context_of_prefix(shown(prefix), ", lengths ", min_length, " to ", max_length);
        const NameConditions conditions(automaton, prefix, static_cast<std::size_t>(min_length),
                                        static_cast<std::size_t>(max_length));
        const bool expected = prefix.size() <= conditions.max_length() && !wanted_names(conditions).empty();
        CHECK_EQUAL(conditions.can_be_met(), expected);
        met += expected ? 1 : 0;
      }
    }
    CHECK_EQUAL(met > 0, name != "no name");
  }
}

// Lengths that a long pattern can have are far apart: what is hopeful does not settle down from one length to
// the next, but depends on the remainder to the end.
TEST("lengths with gaps, up to the greatest of all") {
  constexpr int period = 7;
  const NameAutomaton automaton =
      automaton_of(2, {0, 0, 0, 1, 0, 0, 0}, [](int state, int) { return (state + 1) % period; });
  for (const std::size_t min_length : {0, 3, 100, 65'530}) {
    for (const std::size_t max_length : {65'533, 65'534, 65'535, 65'536}) {
      const Context context("lengths ", min_length, " to ", max_length);
      const NameConditions conditions(automaton, {}, min_length, max_length);
      std::size_t last = max_length;  // the greatest length of a name
      while (last % period != 3) --last;
      const bool is_met = last >= min_length;
      CHECK_EQUAL(conditions.can_be_met(), is_met);
      if (!is_met) continue;
      State state = NameConditions::first_state;
      std::size_t length = 0, ends = 0;
      while (length <= max_length) {
        ends += conditions.may_end(state, length) ? 1 : 0;
        state = conditions.after(state, 1, length);
        if (state == NameConditions::no_state) break;
        ++length;
      }
      CHECK_EQUAL(length, last);
      std::size_t expected = 0;
      for (std::size_t i = min_length; i <= last; ++i) expected += i % period == 3 ? 1 : 0;
      CHECK_EQUAL(ends, expected);
    }
  }
}

}  // namespace
}  // namespace dinorc::check
