// The methods of every model of names that follow from what it predicts: scores, draws, searches.
#pragma once

#include <pybind11/pybind11.h>

namespace dinorc::bindings {

// For a class of PredictingModels; bind_predictions.cpp lists them.
template <typename Model>
void bind_predictions(pybind11::class_<Model>& model);

}  // namespace dinorc::bindings
