// Models of names made of others, and the weights that suit the members of an ensemble.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "arrays.hpp"
#include "bind_predictions.hpp"
#include "bindings.hpp"
#include "compute.hpp"
#include "dinorc/predictors/ensemble_predictor.hpp"
#include "dinorc/predictors/label_mixture.hpp"
#include "dinorc/predictors/labelled_predictor.hpp"
#include "dinorc/scoring/mixture_weights.hpp"
#include "ensemble.hpp"
#include "methods.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

// A copy of one weight of 0 or more for each member, whose sum is 1 or nearly so.
std::vector<double> checked_weights(const char* name, const py::array& array, std::size_t members) {
  ArrayArguments arguments;
  const VectorView<const double> view = arguments.read_all<double>(name, array);
  const std::vector<double> weights(view.data, view.data + view.size);
  double sum = 0.0;
  bool are_valid = weights.size() == members;
  for (const double weight : weights) {
    are_valid = are_valid && weight >= 0.0;
    sum += weight;
  }
  if (!are_valid || !(std::fabs(sum - 1.0) < 1e-6)) {
    throw py::value_error(std::string(name) + " must be " + std::to_string(members) +
                          " numbers of 0 or more, and their sum 1");
  }
  return weights;
}

py::tuple mixture_weights(const py::array& log_probabilities, const py::array& prior,
                          double prior_characters) {
  require_matrix("log_probabilities", log_probabilities);
  const auto members = static_cast<std::size_t>(log_probabilities.shape(0));
  const auto characters = static_cast<std::size_t>(log_probabilities.shape(1));
  ArrayArguments arguments;
  const MatrixView<const double> view =
      arguments.read_matrix<double>("log_probabilities", log_probabilities, members, characters);
  std::vector<double> numbers(view.data, view.data + members * characters);
  for (const double number : numbers) {
    if (!(number <= 0.0)) throw py::value_error("log_probabilities must be 0 or less");
  }
  const std::vector<double> start = checked_weights("prior", prior, members);
  if (!(prior_characters >= 0.0 && prior_characters < std::numeric_limits<double>::infinity())) {
    throw py::value_error("prior_characters must be a finite number of 0 or more");
  }
  const MixtureWeights found = compute([&] {
    return find_mixture_weights({numbers.data(), members, characters, characters}, start, prior_characters);
  });
  return py::make_tuple(array_of<double>(found.weights), found.loss);
}

}  // namespace

Members::Members(const py::list& members) {
  if (members.empty()) throw py::value_error("members is empty; expected one model or more");
  for (const py::handle member : members) {
    owners_.push_back(py::reinterpret_borrow<py::object>(member));
    members_.push_back(&predicting_model(owners_.back()));
    const std::size_t first = vocabulary_size(), size = members_.back()->vocabulary_size();
    if (size != first) {
      throw py::value_error("members have vocabularies of " + std::to_string(first) + " and " +
                            std::to_string(size) + " characters; expected the same for all");
    }
  }
}

void Members::predict(const std::function<void(const std::vector<const Predictor*>&)>& function) {
  std::vector<const Predictor*> predictors;
  predict_with(predictors, function);
}

// Inside the calls of the members before, which release the GIL, asks the next one for its predictor.
void Members::predict_with(std::vector<const Predictor*>& predictors,
                           const std::function<void(const std::vector<const Predictor*>&)>& function) {
  members_[predictors.size()]->predict([&](const Predictor& predictor) {
    predictors.push_back(&predictor);
    if (predictors.size() == members_.size()) {
      function(predictors);
    } else {
      const py::gil_scoped_acquire acquire;
      predict_with(predictors, function);
    }
  });
}

AnyEnsemble::AnyEnsemble(const py::list& members, const py::array& weights)
    : members_(members), weights_(checked_weights("weights", weights, members.size())) {}

void AnyEnsemble::predict(const std::function<void(const Predictor&)>& function) {
  members_.predict([&](const std::vector<const Predictor*>& predictors) {
    function(EnsemblePredictor(predictors, weights_));
  });
}

AnyLabelMixture::AnyLabelMixture(const py::list& labels, const py::array& log_shares) : labels_(labels) {
  ArrayArguments arguments;
  const VectorView<const double> view = arguments.read_all<double>("log_shares", log_shares);
  log_shares_.assign(view.data, view.data + view.size);
  const auto is_valid = [](double share) { return std::isfinite(share) && share <= 0.0; };
  if (log_shares_.size() != labels.size() || !std::all_of(log_shares_.begin(), log_shares_.end(), is_valid)) {
    throw py::value_error("log_shares must be " + std::to_string(labels.size()) +
                          " finite numbers of 0 or less");
  }
}

void AnyLabelMixture::predict(const std::function<void(const Predictor&)>& function) {
  labels_.predict([&](const std::vector<const Predictor*>& predictors) {
    function(LabelMixture(predictors, log_shares_));
  });
}

LabelledNetwork::LabelledNetwork(py::object network, const py::int_& label)
    : owner_(std::move(network)), network_(constructed<AnyCharacterNetwork>(owner_)) {
  const auto labels = static_cast<long long>(network_.shape().label_count);
  const long long number = integer_in_range("label", label, 0, labels - 1);
  label_ = static_cast<CharacterId>(network_.vocabulary_size()) + static_cast<CharacterId>(number);
}

void LabelledNetwork::predict(const std::function<void(const Predictor&)>& function) {
  network_.predict([&](const Predictor& predictor) { function(LabelledPredictor(predictor, label_)); });
}

py::array LabelledNetwork::hidden_states(const py::array& prefix) {
  return network_.hidden_states(prefix, label_);
}

void bind_ensemble(py::module_& module) {
  auto ensemble = new_class<AnyEnsemble>(module, "Ensemble", "Models of the same vocabulary, mixed.");
  ensemble
      .def("__init__", constructor(make_new<AnyEnsemble, const py::list&, const py::array&>),
           py::detail::is_new_style_constructor(), py::arg("members"), py::arg("weights"))
      .def_property_readonly("weights", method(&AnyEnsemble::weights), "A copy of them.");
  bind_predictions(ensemble);

  auto mixture = new_class<AnyLabelMixture>(module, "LabelMixture",
                                            "Models of the same vocabulary, of which each name follows one.");
  mixture.def("__init__", constructor(make_new<AnyLabelMixture, const py::list&, const py::array&>),
              py::detail::is_new_style_constructor(), py::arg("labels"), py::arg("log_shares"));
  bind_predictions(mixture);

  auto labelled = new_class<LabelledNetwork>(module, "LabelledNetwork", "A network's names of one label.");
  labelled
      .def("__init__", constructor(make_new<LabelledNetwork, py::object, const py::int_&>),
           py::detail::is_new_style_constructor(), py::arg("network"), py::arg("label"))
      .def("hidden_states", method(&LabelledNetwork::hidden_states), py::arg("prefix"),
           "The hidden output after the label and 0, 1, ... characters.");
  bind_predictions(labelled);

  module.def("mixture_weights", mixture_weights, py::arg("log_probabilities"), py::arg("prior"),
             py::arg("prior_characters"),
             "The weights with which the members, one a row, predict the characters best, and the loss of "
             "their mixture in nats per character.");
}

}  // namespace dinorc::bindings
