// What names have to be, for tests: automata with a word on each, and the plainest code that judges a name.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dinorc/drawing/name_conditions.hpp"
#include "made_up_network.hpp"

namespace dinorc::check {

// next(state, letter) is a state, or -1.
template <typename Function>
NameAutomaton automaton_of(std::size_t vocabulary_size, std::vector<std::uint8_t> accepting,
                           Function&& next) {
  NameAutomaton automaton{vocabulary_size, {}, std::move(accepting)};
  automaton.next_states.assign(automaton.states() * vocabulary_size, -1);
  for (std::size_t state = 0; state < automaton.states(); ++state) {
    for (std::size_t letter = 1; letter < vocabulary_size; ++letter) {
      automaton.next_states[state * vocabulary_size + letter] =
          static_cast<std::int32_t>(next(static_cast<int>(state), static_cast<int>(letter)));
    }
  }
  return automaton;
}

// Names that end with these letters. A state is how many of them are the last ones of the name.
inline NameAutomaton automaton_of_suffix(std::size_t vocabulary_size, const Name& suffix) {
  std::vector<std::uint8_t> accepting(suffix.size() + 1, 0);
  accepting.back() = 1;
  return automaton_of(vocabulary_size, accepting, [&suffix](int state, int letter) {
    Name read(suffix.begin(), suffix.begin() + state);
    read.push_back(letter);
    std::size_t length = std::min(read.size(), suffix.size());
    while (!std::equal(read.end() - static_cast<std::ptrdiff_t>(length), read.end(), suffix.begin()))
      --length;
    return static_cast<int>(length);
  });
}

struct NamedAutomaton {
  std::string name;
  NameAutomaton automaton;
};

// For three letters or more.
inline std::vector<NamedAutomaton> usual_automata(std::size_t vocabulary_size) {
  const std::size_t size = vocabulary_size;
  std::vector<NamedAutomaton> automata = {
      {"any name", NameAutomaton::of_any_name(size)},
      {"no 1 at the beginning",
       automaton_of(size, {1, 1}, [](int state, int letter) { return state == 0 && letter == 1 ? -1 : 1; })},
      {"1 is always followed by 2", automaton_of(size, {1, 0},
                                                 [](int state, int letter) {
                                                   if (state == 1 && letter != 2) return -1;
                                                   return letter == 1 ? 1 : 0;
                                                 })},
      {"it ends with 2 1", automaton_of_suffix(size, {2, 1})},
      {"an even length", automaton_of(size, {1, 0}, [](int state, int) { return 1 - state; })},
      {"a length of 3 n + 2", automaton_of(size, {0, 0, 1}, [](int state, int) { return (state + 1) % 3; })},
      {"an odd number of 3s, none of them at the end",
       automaton_of(size, {0, 1, 0, 0},
                    [](int state, int letter) {  // the number, and two more after a 3
                      return letter == 3 ? 3 - state % 2 : state % 2;
                    })},
      {"exactly 2 or 2 1 3",
       automaton_of(size, {0, 1, 0, 1},
                    [](int state, int letter) {
                      return state < 3 && letter == std::vector<int>{2, 1, 3}[static_cast<std::size_t>(state)]
                                 ? state + 1
                                 : -1;
                    })},
      {"no name", automaton_of(size, {0, 0}, [](int state, int) { return 1 - state; })},
  };
  for (const std::uint64_t seed : {1, 2, 3}) {
    MadeUpNumbers numbers(seed);
    const auto next = [&numbers](int, int) { return static_cast<int>(numbers.below(8)) - 2; };
    automata.push_back({"made up " + std::to_string(seed),
                        automaton_of(size, {0, 0, 1, 0, 0, static_cast<std::uint8_t>(seed % 2)}, next)});
  }
  return automata;
}

// Of a whole name, its end included.
inline bool is_accepted(const NameAutomaton& automaton, const Name& name) {
  std::int32_t state = 0;
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    state = automaton.next_states[static_cast<std::size_t>(state) * automaton.vocabulary_size +
                                  static_cast<std::size_t>(name[i])];
    if (state < 0) return false;
  }
  return automaton.accepting[static_cast<std::size_t>(state)] != 0;
}

inline bool begins_with(const Name& name, const Name& prefix) {
  return name.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), name.begin());
}

// All names of up to `longest` letters that begin with the prefix, ends included, the shortest first.
inline std::vector<Name> all_names(std::size_t vocabulary_size, std::size_t longest,
                                   const Name& prefix = {}) {
  std::vector<Name> names, last = {prefix};
  for (std::size_t length = prefix.size(); length <= longest; ++length) {
    std::vector<Name> longer;
    for (const Name& letters : last) {
      names.push_back(letters);
      names.back().push_back(end_of_name);
      for (std::size_t letter = 1; letter < vocabulary_size; ++letter) {
        longer.push_back(letters);
        longer.back().push_back(static_cast<CharacterId>(letter));
      }
    }
    last = longer;
  }
  return names;
}

// All names that meet the conditions.
inline std::vector<Name> wanted_names(const NameConditions& conditions) {
  std::vector<Name> names =
      all_names(conditions.automaton().vocabulary_size, conditions.max_length(), conditions.prefix());
  std::erase_if(names, [&conditions](const Name& name) {
    return name.size() <= conditions.min_length() || !is_accepted(conditions.automaton(), name);
  });
  return names;
}

inline std::vector<Name> names_in(const NameList& list) {
  std::vector<Name> names;
  for (std::size_t i = 0; i < list.size(); ++i) names.emplace_back(list[i].begin(), list[i].end());
  return names;
}

}  // namespace dinorc::check
