// Python integers as C++ integers of a known range.
#pragma once

#include <pybind11/pybind11.h>

#include <string>

namespace dinorc::bindings {

// Throws ValueError, whatever the size of the Python integer, unless lowest <= value <= highest.
inline long long integer_in_range(const char* name, const pybind11::int_& value, long long lowest,
                                  long long highest) {
  int overflow = 0;
  const long long result = PyLong_AsLongLongAndOverflow(value.ptr(), &overflow);
  if (result == -1 && PyErr_Occurred() != nullptr) throw pybind11::error_already_set();
  if (overflow != 0 || result < lowest || result > highest) {
    throw pybind11::value_error(std::string(name) + " is " + pybind11::str(value).cast<std::string>() +
                                "; expected " + std::to_string(lowest) + " to " + std::to_string(highest));
  }
  return result;
}

}  // namespace dinorc::bindings
