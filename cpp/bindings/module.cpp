#include <vector>

#include "bindings.hpp"
#include "dinorc/self_test.hpp"

PYBIND11_MODULE(_core_of_main_interpreter, module) {
  module.doc() = "The C++ core of dinorc. Python code checks arguments and explains; this module computes.";

  // Chooses the kernels, so that a wrong DINORC_ISA fails the import with its message, and tries them.
  module.attr("self_test_failure") = dinorc::verify_kernels();

  dinorc::bindings::bind_build_info(module);
  dinorc::bindings::bind_elementwise(module);
  dinorc::bindings::bind_random(module);
  dinorc::bindings::bind_network(module);
  dinorc::bindings::bind_sampling(module);
  dinorc::bindings::bind_training(module);
  dinorc::bindings::bind_character_network(module);
  dinorc::bindings::bind_batch_training(module);
  dinorc::bindings::bind_ensemble(module);
  dinorc::bindings::bind_ngrams(module);
  dinorc::bindings::bind_drawing(module);

  // Python would let an object's __class__ be set to another class of the same layout.
  for (const auto& [name, value] : module.attr("__dict__").cast<pybind11::dict>()) {
    if (!PyType_Check(value.ptr())) continue;
    reinterpret_cast<PyTypeObject*>(value.ptr())->tp_flags |= Py_TPFLAGS_IMMUTABLETYPE;
  }
}

namespace {

// Where a sub-interpreter imports the module, pybind11 would wait for a lock for ever.
bool refuse_sub_interpreter() {
  if (PyInterpreterState_Get() == PyInterpreterState_Main()) return false;
  PyErr_SetString(PyExc_ImportError, "dinorc works in the main interpreter only, not in a sub-interpreter");
  return true;
}

int first_step(PyObject*) { return refuse_sub_interpreter() ? -1 : 0; }

}  // namespace

// Since Python 3.13 this runs in the main interpreter, whichever imports the module; its steps do not.
extern "C" PYBIND11_EXPORT PyObject* PyInit__core() {
  if (refuse_sub_interpreter()) return nullptr;
  PyObject* result = PyInit__core_of_main_interpreter();
  if (result == nullptr || !PyObject_TypeCheck(result, &PyModuleDef_Type)) return result;
  auto* definition = reinterpret_cast<PyModuleDef*>(result);
  static std::vector<PyModuleDef_Slot> steps = [&] {
    std::vector<PyModuleDef_Slot> all = {{Py_mod_exec, reinterpret_cast<void*>(&first_step)}};
    const PyModuleDef_Slot* slot = definition->m_slots;
    while (slot->slot != 0) all.push_back(*slot++);
    all.push_back({0, nullptr});
    return all;
  }();
  definition->m_slots = steps.data();
  return result;
}
