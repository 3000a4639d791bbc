// The n-grams of some names as a tree, in the fewest numbers that tell them: what a file holds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dinorc/names/characters.hpp"

namespace dinorc {

// An n-gram is a context, the n - 1 characters before, and the character that followed it somewhere in the
// names. The beginning of a name counts as a character of contexts, the first one: no context reaches beyond
// it. The end of a name is a character that only follows.
//
// Contexts are numbered by their length; the empty one is 0. Those of one length are in the order of the
// n-grams that they are themselves, and the beginning of a name, which is none, is the last of length 1: so
// the contexts that begin with it are the last of every length. N-grams are in the order of their contexts,
// and by character in each.
struct NGramTable {
  std::size_t order = 1;                // how long the longest n-grams are
  std::vector<std::uint32_t> branches;  // [contexts], how many different characters follow each
  std::vector<CharacterId> characters;  // [n-grams], that follow
  std::vector<std::uint32_t> counts;    // how often each n-gram came that no other one ends with: those of
                                        // full length and those from the beginning of a name
};

}  // namespace dinorc
