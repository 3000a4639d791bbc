// Names drawn under conditions: what the letters have to be, which names are known, and the drawing itself.
#include <pybind11/stl.h>

#include <atomic>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "bind_predictions.hpp"
#include "bindings.hpp"
#include "compute.hpp"
#include "dinorc/drawing/name_drawing.hpp"
#include "drawing.hpp"
#include "methods.hpp"
#include "name_lists.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

constexpr long long most_states = 1'000'000;

NameAutomaton automaton_of(const py::array& next_states, const py::array& accepting) {
  require_matrix("next_states", next_states);
  require_usable<std::int32_t>(next_states, "next_states");
  require_usable<bool>(accepting, "accepting");
  const py::ssize_t states = next_states.shape(0);
  if (accepting.ndim() != 1 || accepting.size() != states || states > most_states) {
    throw py::value_error("next_states has shape " + describe_shape(next_states) + " and accepting " +
                          describe_shape(accepting) + "; expected a row and a number for each state");
  }
  const auto* const next = static_cast<const std::int32_t*>(next_states.data());
  const auto* const ends = static_cast<const bool*>(accepting.data());
  NameAutomaton automaton{static_cast<std::size_t>(next_states.shape(1)),
                          {next, next + next_states.size()},
                          {ends, ends + states}};
  for (const std::int32_t state : automaton.next_states) {
    if (state < -1 || state >= states) throw py::value_error("next_states has a state that is none");
  }
  return automaton;
}

std::unique_ptr<AnyConditions> make_conditions(const py::array& next_states, const py::array& accepting,
                                               const py::array& prefix, const py::int_& min_length,
                                               const py::int_& max_length) {
  NameAutomaton automaton = automaton_of(next_states, accepting);
  std::vector<CharacterId> ids = prefix_ids(prefix, automaton.vocabulary_size);
  const std::size_t least = size_in_range("min_length", min_length, 0, longest_name);
  const std::size_t most = size_in_range("max_length", max_length, 1, longest_name);
  if (most < least || most < ids.size()) {
    throw py::value_error("max_length is less than min_length or than the length of prefix");
  }
  return compute([&] {
    return std::make_unique<AnyConditions>(
        AnyConditions{NameConditions(std::move(automaton), std::move(ids), least, most)});
  });
}

bool can_be_met(AnyConditions& self) { return self.conditions.can_be_met(); }

std::unique_ptr<AnyKnownNames> make_known_names(const py::array& characters, const py::array& ends,
                                                const py::int_& vocabulary_size) {
  const std::size_t size = size_in_range("vocabulary_size", vocabulary_size, 2, largest_vocabulary);
  const NameList names = name_list(characters, ends, no_character, size);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].back() != end_of_name) throw py::value_error("each of the names must end with 0");
  }
  return compute([&] {
    return std::make_unique<AnyKnownNames>(AnyKnownNames{std::make_shared<KnownNames>(names), size});
  });
}

// A drawing from a model and under conditions that it keeps alive.
class AnyDrawing {
 public:
  AnyDrawing(py::object model, py::object conditions, UnwantedNames unwanted, const DrawingSettings& settings)
      : model_(std::move(model)),
        conditions_(std::move(conditions)),
        drawing_(conditions_for(conditions_, predicting_model(model_).vocabulary_size()), std::move(unwanted),
                 settings) {}

  py::tuple draw(const py::int_& wanted, const py::int_& n_jobs) {
    const Use use(*this);
    const std::size_t count = size_in_range("wanted", wanted, 1, most_names);
    const std::size_t workers = worker_count(n_jobs);
    bool done = false;
    predicting_model(model_).predict([&](const Predictor& predictor) {
      done = drawing_.draw(predictor, count, workers, python_interrupted);
    });
    if (!done) throw py::error_already_set();
    use.succeeded();
    const NameList& questions = drawing_.questions();
    return py::make_tuple(array_of<CharacterId>(questions.characters), array_of<std::int64_t>(questions.ends),
                          drawing_.needs_all_verdicts());
  }

  py::tuple settle(const py::array& verdicts, const py::int_& wanted) {
    const Use use(*this);
    const std::size_t count = size_in_range("wanted", wanted, 1, most_names);
    require_usable<std::uint8_t>(verdicts, "verdicts");
    if (verdicts.ndim() != 1 || static_cast<std::size_t>(verdicts.size()) != drawing_.questions().size()) {
      throw py::value_error("verdicts must be one for each question");
    }
    std::vector<Fate> fates_of_questions;
    for (py::ssize_t i = 0; i < verdicts.size(); ++i) {
      const std::uint8_t verdict = static_cast<const std::uint8_t*>(verdicts.data())[i];
      if (verdict >= fates) throw py::value_error("verdicts must be fates");
      fates_of_questions.push_back(static_cast<Fate>(verdict));
    }
    const SampledNames given = compute([&] { return drawing_.settle(fates_of_questions, count); });
    use.succeeded();
    return py::make_tuple(array_of<CharacterId>(given.names.characters),
                          array_of<std::int64_t>(given.names.ends),
                          array_of<double>(given.log_probabilities));
  }

  py::dict report() {
    const Use use(*this);
    const NameDrawing::Report& report = drawing_.report();
    py::dict result;
    static constexpr const char* ends[] = {"", "complete", "no other name", "candidates"};
    result["end"] = ends[static_cast<std::size_t>(report.end)];
    result["candidates"] = report.candidates;
    static constexpr const char* names[] = {"accepted",  "unfit",        "excluded",   "near",
                                            "malformed", "not_accepted", "duplicates", "not_chosen"};
    for (std::size_t i = 0; i < fates; ++i) result[names[i]] = report.counts[i];
    result["share"] = report.share.share();
    result["share_variance"] = report.share.variance();
    result["independent_draws"] = report.pool;
    result["tree_is_full"] = report.tree_is_full;
    use.succeeded();
    return result;
  }

 private:
  // One call at a time, and none after one that failed half-way.
  class Use {
   public:
    explicit Use(AnyDrawing& drawing) : drawing_(drawing) {
      if (drawing_.is_free_.exchange(false)) return;
      throw std::runtime_error("the drawing is in use by another thread, or a call of it has failed");
    }
    void succeeded() const { drawing_.is_free_ = true; }

   private:
    AnyDrawing& drawing_;
  };

  py::object model_;
  py::object conditions_;
  NameDrawing drawing_;
  std::atomic<bool> is_free_ = true;
};

void require_share(const char* name, double value, double highest) {
  if (value > 0.0 && value <= highest) return;
  throw py::value_error(std::string(name) + " is " + py::str(py::float_(value)).cast<std::string>() +
                        "; expected more than 0 and at most " +
                        py::str(py::float_(highest)).cast<std::string>());
}

std::unique_ptr<AnyDrawing> make_drawing(const py::object& model, const py::object& conditions,
                                         const py::object& known, const py::int_& min_distance, bool unique,
                                         const py::int_& seed, double temperature, const py::int_& top_k,
                                         double top_p, const py::int_& most_candidates) {
  const std::size_t vocabulary_size = predicting_model(model).vocabulary_size();
  const DrawingSettings settings{
      .seed = seed_of(seed),
      .rules = {.temperature = temperature,
                .top_k = size_in_range("top_k", top_k, 1, static_cast<long long>(vocabulary_size)),
                .top_p = top_p},
      .is_unique = unique,
      .most_candidates =
          size_in_range("most_candidates", most_candidates, 1, std::numeric_limits<std::int64_t>::max()),
  };
  require_share("temperature", temperature, std::numeric_limits<double>::max());
  require_share("top_p", top_p, 1.0);
  return std::make_unique<AnyDrawing>(model, conditions, unwanted_names(known, min_distance), settings);
}

}  // namespace

const NameConditions& conditions_for(const py::object& conditions, std::size_t vocabulary_size) {
  const NameConditions& result = constructed<AnyConditions>(conditions).conditions;
  if (result.automaton().vocabulary_size != vocabulary_size) {
    throw py::value_error("conditions are for " + std::to_string(result.automaton().vocabulary_size) +
                          " characters and the model has " + std::to_string(vocabulary_size));
  }
  if (!result.can_be_met()) throw py::value_error("no name can meet the conditions");
  return result;
}

UnwantedNames unwanted_names(const py::object& known, const py::int_& min_distance) {
  const std::size_t distance = size_in_range("min_distance", min_distance, 0, longest_name);
  if (known.is_none()) return {};
  return {constructed<AnyKnownNames>(known).names, distance};
}

void bind_drawing(py::module_& module) {
  new_class<AnyConditions>(module, "NameConditions", "What letters and lengths of names have to be.")
      .def("__init__", constructor(make_conditions), py::detail::is_new_style_constructor(),
           py::arg("next_states"), py::arg("accepting"), py::arg("prefix"), py::arg("min_length"),
           py::arg("max_length"))
      .def("can_be_met", method(can_be_met), "Whether any name meets them.");

  new_class<AnyKnownNames>(module, "KnownNames", "Names to look others up in.")
      .def("__init__", constructor(make_known_names), py::detail::is_new_style_constructor(),
           py::arg("characters"), py::arg("ends"), py::arg("vocabulary_size"));

  new_class<AnyDrawing>(module, "NameDrawing", "Names drawn from a model under conditions.")
      .def("__init__", constructor(make_drawing), py::detail::is_new_style_constructor(), py::arg("model"),
           py::arg("conditions"), py::arg("known"), py::arg("min_distance"), py::arg("unique"),
           py::arg("seed"), py::arg("temperature"), py::arg("top_k"), py::arg("top_p"),
           py::arg("most_candidates"))
      .def("draw", method(&AnyDrawing::draw), py::arg("wanted"), py::arg("n_jobs"),
           "Draws candidates; the new names among them that are to be judged: their characters, where each "
           "ends, "
           "and whether all verdicts are needed, or only until enough names are accepted.")
      .def("settle", method(&AnyDrawing::settle), py::arg("verdicts"), py::arg("wanted"),
           "The names given: their characters, where each ends, and their log-probabilities in nats.")
      .def("report", method(&AnyDrawing::report), "What became of the candidates, and why it ended.");
}

}  // namespace dinorc::bindings
