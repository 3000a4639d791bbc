// The methods of CharacterNetwork that look at prefixes of names.
#pragma once

#include "character_network.hpp"

namespace dinorc::bindings {

void bind_prefixes(py::class_<AnyCharacterNetwork>& network);

}  // namespace dinorc::bindings
