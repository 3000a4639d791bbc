// The topics of the module; each is defined in the bind_*.cpp of its name.
#pragma once

#include <pybind11/pybind11.h>

namespace dinorc::bindings {

void bind_batch_training(pybind11::module_& module);
void bind_build_info(pybind11::module_& module);
void bind_character_network(pybind11::module_& module);
void bind_drawing(pybind11::module_& module);
void bind_elementwise(pybind11::module_& module);
void bind_ensemble(pybind11::module_& module);
void bind_network(pybind11::module_& module);
void bind_ngrams(pybind11::module_& module);
void bind_random(pybind11::module_& module);
void bind_sampling(pybind11::module_& module);
void bind_training(pybind11::module_& module);

}  // namespace dinorc::bindings
