#include "bindings.hpp"
#include "dinorc/self_test.hpp"

PYBIND11_MODULE(_core, module) {
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
}
