// Names drawn letter by letter, as the notebook's sample() draws them.
#pragma once

#include <cstdint>
#include <vector>

#include "dinorc/names/characters.hpp"
#include "dinorc/notebook/packed_network.hpp"

namespace dinorc {

// Starts from the zero input and the zero state. Draw number c (0, 1, ...) takes its random number from a
// stream seeded with seed + 2 c: the notebook seeds with counter + seed and raises both after each letter.
// Ends at the end character, or after `limit` characters with the end character appended. Throws
// std::invalid_argument where a seed leaves 0 to 2^32 - 1, or where the probabilities are not numbers.
template <typename Real>
std::vector<CharacterId> sample_name(const PackedNetwork<Real>& network, CharacterId end_character,
                                     std::int64_t seed, std::size_t limit);

}  // namespace dinorc
