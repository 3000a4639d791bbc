// The methods of every model of names that follow from what it predicts: scores, draws, searches.
#pragma once

#include <pybind11/pybind11.h>

#include "predicting_model.hpp"

namespace dinorc::bindings {

// For a class of PredictingModels; bind_predictions.cpp lists them.
template <typename Model>
void bind_predictions(pybind11::class_<Model>& model);

// The model in an object of one of these classes; TypeError for any other object.
PredictingModel& predicting_model(const pybind11::object& object);

}  // namespace dinorc::bindings
