// Where Python ends and arithmetic begins.
#pragma once

#include <pybind11/pybind11.h>

#include "dinorc/foundations/float_environment.hpp"

namespace dinorc::bindings {

// Calls the function without the GIL and under the float contract's environment.
template <typename Function>
auto compute(Function&& function) {
  const pybind11::gil_scoped_release release;
  const FloatEnvironmentGuard guard;
  return function();
}

// Whether Ctrl-C was pressed or another signal's handler raised an exception, which is then set. A
// computation asks it on the thread that called it.
inline bool python_interrupted() {
  const pybind11::gil_scoped_acquire acquire;
  return PyErr_CheckSignals() != 0;
}

}  // namespace dinorc::bindings
