// Several models of names, mixed: as a model of its own, and the weights that suit them.
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
#include "dinorc/scoring/mixture_weights.hpp"
#include "ensemble.hpp"
#include "methods.hpp"

namespace dinorc::bindings {
namespace {

// A copy of one weight of 0 or more for each member, whose sum is 1 or nearly so.
std::vector<double> checked_weights(const char* name, const py::array& array, std::size_t members) {
  ArrayArguments arguments;
  const VectorView<const double> view = arguments.read_all<double>(name, array);
  const std::vector<double> weights(view.data, view.data + view.size);
  if (members == 0) throw py::value_error("members is empty; expected one model or more");
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

AnyEnsemble::AnyEnsemble(const py::list& members, const py::array& weights)
    : weights_(checked_weights("weights", weights, members.size())) {
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

void AnyEnsemble::predict(const std::function<void(const Predictor&)>& function) {
  std::vector<const Predictor*> predictors;
  predict_with(predictors, function);
}

// Inside the calls of the members before, which release the GIL, asks the next one for its predictor.
void AnyEnsemble::predict_with(std::vector<const Predictor*>& predictors,
                               const std::function<void(const Predictor&)>& function) {
  members_[predictors.size()]->predict([&](const Predictor& predictor) {
    predictors.push_back(&predictor);
    if (predictors.size() == members_.size()) {
      function(EnsemblePredictor(predictors, weights_));
    } else {
      const py::gil_scoped_acquire acquire;
      predict_with(predictors, function);
    }
  });
}

void bind_ensemble(py::module_& module) {
  auto ensemble = new_class<AnyEnsemble>(module, "Ensemble", "Models of the same vocabulary, mixed.");
  ensemble
      .def("__init__", constructor(make_new<AnyEnsemble, const py::list&, const py::array&>),
           py::detail::is_new_style_constructor(), py::arg("members"), py::arg("weights"))
      .def_property_readonly("weights", method(&AnyEnsemble::weights), "A copy of them.");
  bind_predictions(ensemble);
  module.def("mixture_weights", mixture_weights, py::arg("log_probabilities"), py::arg("prior"),
             py::arg("prior_characters"),
             "The weights with which the members, one a row, predict the characters best, and the loss of "
             "their mixture in nats per character.");
}

}  // namespace dinorc::bindings
