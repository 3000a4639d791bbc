// Python integers as C++ integers of a known range.
#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>
#include <cstdint>
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

// The same as a std::size_t.
inline std::size_t size_in_range(const char* name, const pybind11::int_& value, long long lowest,
                                 long long highest) {
  return static_cast<std::size_t>(integer_in_range(name, value, lowest, highest));
}

// The key of a counter-based stream: any 64 bits.
inline std::uint64_t seed_of(const pybind11::int_& seed) {
  const unsigned long long value = PyLong_AsUnsignedLongLong(seed.ptr());
  if (PyErr_Occurred() == nullptr) return value;
  PyErr_Clear();
  throw pybind11::value_error("seed is " + pybind11::str(seed).cast<std::string>() +
                              "; expected 0 to 2^64 - 1");
}

// How many threads work together.
inline std::size_t worker_count(const pybind11::int_& n_jobs) {
  return size_in_range("n_jobs", n_jobs, 1, 1024);
}

}  // namespace dinorc::bindings
