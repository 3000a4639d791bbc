// What a search or a draw is to respect, as Python holds it.
#pragma once

#include <cstddef>
#include <memory>

#include "arrays.hpp"
#include "dinorc/drawing/name_conditions.hpp"
#include "dinorc/drawing/unwanted_names.hpp"

namespace dinorc::bindings {

// Conditions on letters and lengths, never changed.
struct AnyConditions {
  NameConditions conditions;
};

// Names to look others up in, never changed.
struct AnyKnownNames {
  std::shared_ptr<const KnownNames> names;
  std::size_t vocabulary_size;
};

// Conditions for a model of that many characters, which can be met.
const NameConditions& conditions_for(const py::object& conditions, std::size_t vocabulary_size);

// Of None, no name is unwanted.
UnwantedNames unwanted_names(const py::object& known, const py::int_& min_distance);

}  // namespace dinorc::bindings
