// An n-gram model, as Python holds it.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>

#include "compute.hpp"
#include "dinorc/predictors/ngram_predictor.hpp"
#include "predicting_model.hpp"

namespace dinorc::bindings {

class NGramModel final : public PredictingModel {
 public:
  explicit NGramModel(NGramPredictor predictor) : predictor_(std::move(predictor)) {}

  std::size_t vocabulary_size() const override { return predictor_.vocabulary_size(); }

  void predict(const std::function<void(const Predictor&)>& function) override {
    compute([&] { function(predictor_); });
  }

 private:
  const NGramPredictor predictor_;
};

}  // namespace dinorc::bindings
