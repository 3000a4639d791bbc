// What a network knows at a prefix: what comes next, and its hidden output on the way.
#pragma once

#include <vector>

#include "dinorc/foundations/views.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/network/character_network.hpp"

namespace dinorc {

// Nats of each character that may follow the prefix, the end of the name first.
template <typename Real>
std::vector<double> next_character_log_probabilities(CharacterNetwork<Real>& network, CharacterIds prefix);

// Writes the hidden output after 0, 1, ... characters of the prefix: [prefix.size() + 1][hidden_size].
template <typename Real>
void hidden_states(CharacterNetwork<Real>& network, CharacterIds prefix, MatrixView<Real> result);

}  // namespace dinorc
