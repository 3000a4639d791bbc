// Hashes of names drawn under conditions: from what is left, and by looking ahead.
#pragma once

#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <vector>

#include "dinorc/drawing/name_drawing.hpp"
#include "dinorc/foundations/bit_hash.hpp"
#include "dinorc/names/known_names.hpp"
#include "ensemble_hash.hpp"

namespace dinorc {

// Names that have these two characters, one after the other, so many times.
inline NameAutomaton automaton_of_pairs(std::size_t vocabulary_size, std::size_t pairs) {
  const std::size_t states = 2 * pairs + 1;
  NameAutomaton automaton{vocabulary_size, {}, std::vector<std::uint8_t>(states, 0)};
  automaton.accepting.back() = 1;
  for (std::size_t state = 0; state < states; ++state) {
    const bool has_first = state % 2 == 1;
    automaton.next_states.push_back(-1);
    for (std::size_t character = 1; character < vocabulary_size; ++character) {
      std::size_t next = has_first ? state - 1 : state;
      if (state + 1 < states && character == 1) next = has_first ? state : state + 1;
      if (has_first && character == 2) next = state + 1;
      automaton.next_states.push_back(static_cast<std::int32_t>(next));
    }
  }
  return automaton;
}

inline void print_drawing_hash(const char* name, const Predictor& predictor, const NameConditions& conditions,
                               const UnwantedNames& unwanted, std::size_t wanted) {
  const Interrupted never = [] { return false; };
  NameDrawing drawing(conditions, unwanted, {.seed = 3, .is_unique = true, .most_candidates = 20'000});
  BitHash of_names;
  BitHash of_scores;
  std::size_t given = 0;
  while (drawing.report().end == NameDrawing::End::none) {
    drawing.draw(predictor, wanted - given, 2, never);
    const std::vector<Fate> verdicts(drawing.questions().size(), Fate::given);
    const SampledNames names = drawing.settle(verdicts, wanted - given);
    given += names.names.size();
    for (const CharacterId character : names.names.characters) {
      of_names.add(static_cast<std::uint64_t>(character), 4);
    }
    for (const double score : names.log_probabilities) of_scores.add(score);
  }
  BitHash of_share;
  of_share.add(drawing.report().share.share());
  of_share.add(drawing.report().pool);
  std::printf("drawing %s: %zu names %016" PRIx64 " scores %016" PRIx64 " share %016" PRIx64 "\n", name,
              given, of_names.value(), of_scores.value(), of_share.value());
}

// From a network with its initial parameters.
inline void print_drawing_hashes(const NameList& names, std::size_t vocabulary_size) {
  const NetworkPredictor<float> predictor = initial_network<float>(2, vocabulary_size, 33, 0);
  const UnwantedNames unwanted{.known = std::make_shared<KnownNames>(names), .min_distance = 3};
  print_drawing_hash("by length", predictor, {NameAutomaton::of_any_name(vocabulary_size), {}, 2, 9},
                     unwanted, 400);
  print_drawing_hash("of rare names", predictor, {automaton_of_pairs(vocabulary_size, 3), {}, 1, 14}, {}, 40);
}

}  // namespace dinorc
