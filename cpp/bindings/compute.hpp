// Where Python ends and arithmetic begins.
#pragma once

#include <pybind11/pybind11.h>

#include "dinorc/float_environment.hpp"

namespace dinorc::bindings {

// Calls the function without the GIL and under the float contract's environment.
template <typename Function>
auto compute(Function&& function) {
  const pybind11::gil_scoped_release release;
  const FloatEnvironmentGuard guard;
  return function();
}

}  // namespace dinorc::bindings
