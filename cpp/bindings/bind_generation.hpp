// The methods of CharacterNetwork that draw names.
#pragma once

#include "character_network.hpp"

namespace dinorc::bindings {

void bind_generation(py::class_<AnyCharacterNetwork>& network);

}  // namespace dinorc::bindings
