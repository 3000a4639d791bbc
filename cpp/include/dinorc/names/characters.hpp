// Characters as the core sees them: indices into the vocabulary.
#pragma once

#include <cstdint>
#include <span>

namespace dinorc {

using CharacterId = std::int32_t;

// Stands for no character at all: as an input, the zero vector.
inline constexpr CharacterId no_character = -1;

// Ends a name, in the networks that CharRNN trains; the notebook's functions are told theirs.
inline constexpr CharacterId end_of_name = 0;

using CharacterIds = std::span<const CharacterId>;

}  // namespace dinorc
