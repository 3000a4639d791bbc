// Methods that hold against objects made by __new__ without __init__, and against None.
#pragma once

#include <pybind11/pybind11.h>

#include <string>
#include <utility>

namespace dinorc::bindings {

// The C++ object in a Python one. pybind11 would hand out a null pointer for None and, for an object that no
// constructor has run for, memory that nobody has written to; here both raise TypeError.
template <typename Class>
Class& constructed(const pybind11::object& self) {
  if (!pybind11::isinstance<Class>(self)) {
    throw pybind11::type_error("self is not an object of the class that the method belongs to");
  }
  auto* const instance = reinterpret_cast<pybind11::detail::instance*>(self.ptr());
  const pybind11::detail::value_and_holder value = instance->get_value_and_holder();
  if (!value.holder_constructed()) throw pybind11::type_error("the object's __init__ has not been called");
  return *static_cast<Class*>(value.value_ptr());
}

// A method as what module.def takes.
template <typename Class, typename Result, typename... Arguments>
auto method(Result (Class::*member)(Arguments...)) {
  return [member](const pybind11::object& self, Arguments... arguments) {
    return (constructed<Class>(self).*member)(std::forward<Arguments>(arguments)...);
  };
}

template <typename Class, typename Result, typename... Arguments>
auto method(Result (*function)(Class&, Arguments...)) {
  return [function](const pybind11::object& self, Arguments... arguments) {
    return function(constructed<Class>(self), std::forward<Arguments>(arguments)...);
  };
}

}  // namespace dinorc::bindings
