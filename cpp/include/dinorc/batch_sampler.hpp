// Names drawn from a network, many at a time.
#pragma once

#include <cstdint>

#include "dinorc/character_network.hpp"
#include "dinorc/name_list.hpp"
#include "dinorc/worker.hpp"

namespace dinorc {

// Draws names number 0, ..., count - 1, each character from its distribution, until the end of the name or
// `limit` characters. The draws of a name depend on (seed, number) alone: asking for more names begins with
// the same ones, and the number of workers makes no difference. Where it was interrupted, it returns no name.
template <typename Real>
NameList sample_names(CharacterNetwork<Real>& network, std::size_t count, std::uint64_t seed,
                      std::size_t limit, std::size_t workers, const Interrupted& interrupted);

}  // namespace dinorc
