// Models of names made of others: an ensemble, a mixture over labels, and a network's names of one label.
#pragma once

#include <functional>
#include <vector>

#include "arrays.hpp"
#include "character_network.hpp"
#include "predicting_model.hpp"

namespace dinorc::bindings {

// Models of the same vocabulary, held alive. Each stays what it is, and may change.
class Members {
 public:
  explicit Members(const py::list& members);

  std::size_t vocabulary_size() const { return members_.front()->vocabulary_size(); }

  // Calls the function with the predictors of all of them, as they are now.
  void predict(const std::function<void(const std::vector<const Predictor*>&)>& function);

 private:
  void predict_with(std::vector<const Predictor*>& predictors,
                    const std::function<void(const std::vector<const Predictor*>&)>& function);

  std::vector<py::object> owners_;
  std::vector<PredictingModel*> members_;
};

class AnyEnsemble final : public PredictingModel {
 public:
  AnyEnsemble(const py::list& members, const py::array& weights);

  std::size_t vocabulary_size() const override { return members_.vocabulary_size(); }
  void predict(const std::function<void(const Predictor&)>& function) override;

  py::array_t<double> weights() { return array_of<double>(weights_); }

 private:
  Members members_;
  std::vector<double> weights_;
};

class AnyLabelMixture final : public PredictingModel {
 public:
  AnyLabelMixture(const py::list& labels, const py::array& log_shares);

  std::size_t vocabulary_size() const override { return labels_.vocabulary_size(); }
  void predict(const std::function<void(const Predictor&)>& function) override;

 private:
  Members labels_;
  std::vector<double> log_shares_;
};

class LabelledNetwork final : public PredictingModel {
 public:
  LabelledNetwork(py::object network, const py::int_& label);

  std::size_t vocabulary_size() const override { return network_.vocabulary_size(); }
  void predict(const std::function<void(const Predictor&)>& function) override;

  // The hidden output after the label and 0, 1, ... characters.
  py::array hidden_states(const py::array& prefix);

 private:
  py::object owner_;
  AnyCharacterNetwork& network_;
  CharacterId label_;
};

}  // namespace dinorc::bindings
