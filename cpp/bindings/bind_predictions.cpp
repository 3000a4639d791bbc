#include "bind_predictions.hpp"

#include <pybind11/stl.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "character_network.hpp"
#include "compute.hpp"
#include "dinorc/drawing/most_likely_names.hpp"
#include "dinorc/drawing/name_sampling.hpp"
#include "dinorc/predictors/prefix_reader.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "drawing.hpp"
#include "ensemble.hpp"
#include "methods.hpp"
#include "name_lists.hpp"
#include "ngram_model.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

void score_into(PredictingModel& model, const NameList& names, double unknown_log_probability,
                const py::int_& n_jobs, std::span<double> log_probabilities) {
  const std::size_t workers = worker_count(n_jobs);
  bool done = false;
  model.predict([&](const Predictor& predictor) {
    done = score_names(predictor, names, unknown_log_probability, workers, python_interrupted,
                       log_probabilities);
  });
  if (!done) throw py::error_already_set();
}

py::array_t<double> score(PredictingModel& model, const py::array& characters, const py::array& ends,
                          double unknown_log_probability, const py::int_& n_jobs) {
  const NameList names = name_list(characters, ends, no_character, model.vocabulary_size());
  py::array_t<double> result(static_cast<py::ssize_t>(names.size()));
  score_into(model, names, unknown_log_probability, n_jobs, {result.mutable_data(), names.size()});
  return result;
}

double mean_loss(PredictingModel& model, const py::array& characters, const py::array& ends,
                 const py::int_& n_jobs) {
  const NameList names = name_list(characters, ends, 0, model.vocabulary_size());
  std::vector<double> log_probabilities(names.size());
  score_into(model, names, 0.0, n_jobs, log_probabilities);
  double loss = 0.0;
  for (const double log_probability : log_probabilities) loss -= log_probability;
  return loss / static_cast<double>(names.characters.size());
}

py::array_t<double> score_each(PredictingModel& model, const py::array& characters, const py::array& ends,
                               const py::int_& n_jobs) {
  const NameList names = name_list(characters, ends, 0, model.vocabulary_size());
  const std::size_t workers = worker_count(n_jobs);
  py::array_t<double> result(static_cast<py::ssize_t>(names.ends.back()));
  const std::span<double> log_probabilities(result.mutable_data(), names.ends.back());
  bool done = false;
  model.predict([&](const Predictor& predictor) {
    done = score_each_character(predictor, names, workers, python_interrupted, log_probabilities);
  });
  if (!done) throw py::error_already_set();
  return result;
}

std::vector<double> score_name(PredictingModel& model, const py::array& characters,
                               double unknown_log_probability) {
  const std::vector<CharacterId> ids =
      character_ids("characters", characters, no_character, model.vocabulary_size());
  if (std::find(ids.begin(), ids.end(), end_of_name) != ids.end() - 1) {
    throw py::value_error("characters must end with 0 and have it nowhere else");
  }
  std::vector<double> result;
  model.predict([&](const Predictor& predictor) {
    result = score_characters(predictor, ids, unknown_log_probability);
  });
  return result;
}

py::array_t<double> next_characters(PredictingModel& model, const py::array& prefix) {
  const std::vector<CharacterId> ids = prefix_ids(prefix, model.vocabulary_size());
  std::vector<double> result;
  model.predict(
      [&](const Predictor& predictor) { result = next_character_log_probabilities(predictor, ids); });
  return array_of<double>(result);
}

py::tuple most_likely(PredictingModel& model, const py::int_& count, const py::object& conditions,
                      const py::object& known, const py::int_& min_distance, const py::int_& most_bytes) {
  const UnwantedNames unwanted = unwanted_names(known, min_distance);
  const NameSearch search{
      .conditions = conditions_for(conditions, model.vocabulary_size()),
      .unwanted = unwanted,
      .count = size_in_range("count", count, 1, most_names),
      .most_bytes = size_in_range("most_bytes", most_bytes, 0, std::numeric_limits<std::ptrdiff_t>::max()),
  };
  MostLikelyNames found;
  model.predict(
      [&](const Predictor& predictor) { found = most_likely_names(predictor, search, python_interrupted); });
  if (found.end == MostLikelyNames::End::interrupted) throw py::error_already_set();
  return py::make_tuple(array_of<CharacterId>(found.names.characters),
                        array_of<std::int64_t>(found.names.ends), array_of<double>(found.log_probabilities),
                        found.end == MostLikelyNames::End::complete);
}

py::tuple sample(PredictingModel& model, const py::int_& count, const py::int_& seed, const py::int_& limit,
                 const py::int_& n_jobs) {
  const NameRequest request{
      .seed = seed_of(seed),
      .count = size_in_range("count", count, 0, most_names),
      .max_length = size_in_range("limit", limit, 1, longest_name),
  };
  const std::size_t workers = worker_count(n_jobs);
  NameList names;
  model.predict([&](const Predictor& predictor) {
    names = sample_names(predictor, request, workers, python_interrupted).names;
  });
  if (names.size() < request.count) throw py::error_already_set();
  return py::make_tuple(array_of<CharacterId>(names.characters), array_of<std::int64_t>(names.ends));
}

// The classes of models: how an object of each is seen as a PredictingModel.
struct PredictingClass {
  py::handle type;
  PredictingModel& (*model_in)(const py::object& object);
};

std::vector<PredictingClass>& predicting_classes() {
  static std::vector<PredictingClass> classes;
  return classes;
}

// Makes a function of models a method of one of their classes.
template <typename Model, typename Result, typename... Arguments>
auto method_of(Result (*function)(PredictingModel&, Arguments...)) {
  return [function](const py::object& self, Arguments... arguments) {
    return function(constructed<Model>(self), std::forward<Arguments>(arguments)...);
  };
}

}  // namespace

PredictingModel& predicting_model(const py::object& object) {
  for (const PredictingClass& each : predicting_classes()) {
    if (py::type::handle_of(object).is(each.type)) return each.model_in(object);
  }
  throw py::type_error("a member is of type " +
                       py::type::handle_of(object).attr("__name__").cast<std::string>() +
                       "; expected a model of names of this module");
}

template <typename Model>
void bind_predictions(py::class_<Model>& model) {
  predicting_classes().push_back(
      {model, [](const py::object& object) -> PredictingModel& { return constructed<Model>(object); }});
  model
      .def("score", method_of<Model>(score), py::arg("characters"), py::arg("ends"),
           py::arg("unknown_log_probability"), py::arg("n_jobs"),
           "The log-probability of each name, in nats.")
      .def("score_characters", method_of<Model>(score_name), py::arg("characters"),
           py::arg("unknown_log_probability"),
           "The log-probability of each character of a name, its end included, in nats.")
      .def("score_each_character", method_of<Model>(score_each), py::arg("characters"), py::arg("ends"),
           py::arg("n_jobs"), "The log-probability of each character of all names, in nats.")
      .def("mean_loss", method_of<Model>(mean_loss), py::arg("characters"), py::arg("ends"),
           py::arg("n_jobs"), "Nats per character, ends included.")
      .def("sample", method_of<Model>(sample), py::arg("count"), py::arg("seed"), py::arg("limit"),
           py::arg("n_jobs"), "Names drawn from the model: their characters, and where each ends.")
      .def("next_characters", method_of<Model>(next_characters), py::arg("prefix"),
           "The log-probability of each character that may follow, the end of the name first, in nats.")
      .def("most_likely", method_of<Model>(most_likely), py::arg("count"), py::arg("conditions"),
           py::arg("known"), py::arg("min_distance"), py::arg("most_bytes"),
           "The most probable names that meet the conditions, best first: their characters, where each ends, "
           "their log-probabilities, and whether the search is complete; False: most_bytes was too little.");
}

// One line for each class.
template void bind_predictions(py::class_<AnyCharacterNetwork>&);
template void bind_predictions(py::class_<AnyEnsemble>&);
template void bind_predictions(py::class_<AnyLabelMixture>&);
template void bind_predictions(py::class_<LabelledNetwork>&);
template void bind_predictions(py::class_<NGramModel>&);

}  // namespace dinorc::bindings
