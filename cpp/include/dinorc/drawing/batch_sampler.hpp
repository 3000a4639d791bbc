// Names drawn from a network, many at a time.
#pragma once

#include <cstddef>

#include "dinorc/drawing/name_request.hpp"
#include "dinorc/network/character_network.hpp"
#include "dinorc/threads/worker.hpp"

namespace dinorc {

// Draws the names of a request. Each depends on the seed and its number alone: neither how many are asked for
// nor the number of workers makes a difference. Where it was interrupted, it returns no name.
template <typename Real>
SampledNames sample_names(CharacterNetwork<Real>& network, const NameRequest& request, std::size_t workers,
                          const Interrupted& interrupted);

}  // namespace dinorc
