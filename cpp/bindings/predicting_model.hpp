// A model of names as Python holds it, seen by code that only asks it what comes next.
#pragma once

#include <cstddef>
#include <functional>

#include "dinorc/predictors/predictor.hpp"

namespace dinorc::bindings {

class PredictingModel {
 public:
  virtual ~PredictingModel() = default;

  virtual std::size_t vocabulary_size() const = 0;

  // Calls the function with the model's predictor, without the GIL and in the float contract's environment.
  virtual void predict(const std::function<void(const Predictor& predictor)>& function) = 0;
};

}  // namespace dinorc::bindings
