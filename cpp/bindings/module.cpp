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

// Where a sub-interpreter imports the module, pybind11 would wait for a lock for ever.
extern "C" PYBIND11_EXPORT PyObject* PyInit__core() {
  if (PyInterpreterState_Get() == PyInterpreterState_Main()) return PyInit__core_of_main_interpreter();
  PyErr_SetString(PyExc_ImportError, "dinorc works in the main interpreter only, not in a sub-interpreter");
  return nullptr;
}
