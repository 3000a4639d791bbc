// An ensemble of models of names, as Python holds it.
#pragma once

#include <vector>

#include "arrays.hpp"
#include "predicting_model.hpp"

namespace dinorc::bindings {

// Holds its members alive. Each stays what it is, and may change: the mixture is of what they are now.
class AnyEnsemble final : public PredictingModel {
 public:
  AnyEnsemble(const py::list& members, const py::array& weights);

  std::size_t vocabulary_size() const override { return members_.front()->vocabulary_size(); }
  void predict(const std::function<void(const Predictor&)>& function) override;

  py::array_t<double> weights() { return array_of<double>(weights_); }

 private:
  void predict_with(std::vector<const Predictor*>& predictors,
                    const std::function<void(const Predictor&)>& function);

  std::vector<py::object> owners_;
  std::vector<double> weights_;
  std::vector<PredictingModel*> members_;
};

}  // namespace dinorc::bindings
