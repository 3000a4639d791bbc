// What is to be tested, found where it is registered: a new instruction set needs no new line in the tests.
#pragma once

#include <string>

#include "check.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc::check {

template <typename Real>
constexpr const char* name_of = sizeof(Real) == 8 ? "float64" : "float32";

// The name of the instruction set in use, as kernels_for() takes it.
inline std::string name_in_use() {
  for (const std::string& name : usable_instruction_sets()) {
    if (&kernels_for<double>(name) == &active_kernels<double>()) return name;
  }
  return "none";
}

// Calls function.operator()<Real>() for both float types.
template <typename Function>
void for_each_type(Function&& function) {
  {
    const Context context(name_of<float>);
    function.template operator()<float>();
  }
  const Context context(name_of<double>);
  function.template operator()<double>();
}

// Calls function.operator()<Real>() for both float types while each instruction set of this processor is in
// use in turn; at the end the one that was in use before is in use again.
template <typename Function>
void for_each_set_and_type(Function&& function) {
  const std::string before = name_in_use();
  for (const std::string& name : usable_instruction_sets()) {
    const Context context(name);
    use_instruction_set(name);
    for_each_type(function);
  }
  use_instruction_set(before);
}

// Calls function(table) with the table of every instruction set that this processor has.
template <typename Real, typename Function>
void for_each_table(Function&& function) {
  for (const std::string& name : usable_instruction_sets()) {
    const Context context(name);
    function(kernels_for<Real>(name));
  }
}

}  // namespace dinorc::check
