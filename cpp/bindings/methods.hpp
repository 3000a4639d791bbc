// Classes whose constructors survive an allocation that fails, and whose methods refuse None and objects made
// by __new__ without __init__.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <utility>

namespace dinorc::bindings {

// A class that can't be inherited from, so that a Python object has a single C++ object in it. pybind11's own
// __new__ would write through the null pointer of a failed allocation.
template <typename Class>
pybind11::class_<Class> new_class(pybind11::module_& module, const char* name, const char* doc) {
  const newfunc allocate = [](PyTypeObject* type, PyObject*, PyObject*) {
    PyObject* const object = type->tp_alloc(type, 0);
    if (object != nullptr) reinterpret_cast<pybind11::detail::instance*>(object)->allocate_layout();
    return object;
  };
  const auto set_up = [allocate](PyHeapTypeObject* type) { type->ht_type.tp_new = allocate; };
  return {module, name, pybind11::is_final(), pybind11::custom_type_setup(set_up), doc};
}

// An object from the arguments of its constructor, for constructor().
template <typename Class, typename... Arguments>
std::unique_ptr<Class> make_new(Arguments... arguments) {
  return std::make_unique<Class>(std::forward<Arguments>(arguments)...);
}

// __init__ in the form that class_.def takes, with is_new_style_constructor. pybind11's own init either
// enters the new object in its map of all objects where no exception may leave (a failed allocation there
// ends the process) or, given a function that makes the object, leaves a pointer to freed memory.
template <typename Class, typename... Arguments>
auto constructor(std::unique_ptr<Class> (*make)(Arguments...)) {
  return [make](pybind11::detail::value_and_holder& place, Arguments... arguments) {
    std::unique_ptr<Class> made = make(std::forward<Arguments>(arguments)...);
    if (place.holder_constructed()) return;  // an argument's __float__ has called __init__ meanwhile
    place.value_ptr() = made.get();
    try {
      place.type->init_instance(place.inst, &made);
    } catch (...) {
      place.value_ptr() = nullptr;
      throw;
    }
  };
}

// The C++ object in a Python one. pybind11 would hand out a null pointer for None, and uninitialised memory
// for an object whose constructor has not run; here both raise TypeError.
template <typename Class>
Class& constructed(const pybind11::object& self) {
  auto* const type = reinterpret_cast<PyTypeObject*>(pybind11::type::handle_of<Class>().ptr());
  if (!PyObject_TypeCheck(self.ptr(), type)) {  // isinstance would believe what __class__ says
    throw pybind11::type_error("self is not an object of the class that the method belongs to");
  }
  auto* const instance = reinterpret_cast<pybind11::detail::instance*>(self.ptr());
  const pybind11::detail::value_and_holder value = instance->get_value_and_holder();
  if (!value.holder_constructed()) throw pybind11::type_error("the object's __init__ has not been called");
  return *static_cast<Class*>(value.value_ptr());
}

// A method in the form that class_.def takes.
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
