// Training in mini-batches as an object that does some steps at a time.
#include <pybind11/stl.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <string>
#include <variant>

#include "bindings.hpp"
#include "character_network.hpp"
#include "compute.hpp"
#include "dinorc/training/batch_trainer.hpp"
#include "methods.hpp"
#include "name_lists.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

template <typename Real>
const OptimizerOperations<Real>& find_optimizer(const std::string& name) {
  std::string known;
  for (const OptimizerOperations<Real>& optimizer : optimizer_registry<Real>()) {
    if (name == optimizer.name) return optimizer;
    known += known.empty() ? optimizer.name : std::string(", ") + optimizer.name;
  }
  throw py::value_error("optimizer is " + name + "; expected one of: " + known);
}

std::vector<std::string> optimizers() {
  std::vector<std::string> names;
  for (const OptimizerOperations<float>& optimizer : optimizer_registry<float>()) {
    names.emplace_back(optimizer.name);
  }
  return names;
}

Schedule find_schedule(const std::string& name) {
  if (name == "one-cycle") return Schedule::one_cycle;
  if (name == "constant") return Schedule::constant;
  throw py::value_error("schedule is " + name + "; expected one of: one-cycle, constant");
}

// Copies of names in which each one's first character is a label, if the network knows any, and all others
// are of its vocabulary.
NameList names_for(const NetworkShape& shape, const py::array& characters, const py::array& ends) {
  NameList names = name_list(characters, ends, 0, shape.symbol_count());
  const auto is_label = [&](CharacterId id) { return static_cast<std::size_t>(id) >= shape.vocabulary_size; };
  for (std::size_t i = 0; i < names.size(); ++i) {
    const CharacterIds name = names[i];
    const std::size_t labels = shape.label_count == 0 ? 0 : 1;
    if (static_cast<std::size_t>(std::count_if(name.begin(), name.end(), is_label)) != labels ||
        (labels != 0 && !is_label(name.front()))) {
      throw py::value_error("each name must begin with a label, and have none elsewhere");
    }
  }
  return names;
}

// A copy of one finite weight above 0 for each name, or none.
std::vector<double> name_weights(const py::object& weights, std::size_t names) {
  if (weights.is_none()) return {};
  if (!py::isinstance<py::array>(weights)) throw py::type_error("weights must be an array, or None");
  ArrayArguments arguments;
  const VectorView<const double> view =
      arguments.read_all<double>("weights", py::reinterpret_borrow<py::array>(weights));
  const std::vector<double> result(view.data, view.data + view.size);
  double sum = 0.0;
  bool are_positive = result.size() == names;
  for (const double weight : result) {
    are_positive = are_positive && weight > 0.0;
    sum += weight;
  }
  if (!are_positive || !std::isfinite(sum)) {
    throw py::value_error("weights must be a number above 0 for each name, and their sum finite");
  }
  return result;
}

double number_in(const char* name, double value, double lowest, double below) {
  if (value >= lowest && value < below) return value;
  throw py::value_error(std::string(name) + " is " + py::str(py::float_(value)).cast<std::string>() +
                        "; out of its range");
}

constexpr double infinity = std::numeric_limits<double>::infinity();

// A trainer of either float type, used by one thread at a time. It holds the network that it trains.
class AnyBatchTrainer {
  // The GIL is released while a trainer runs, so a second thread can come here: it is turned away.
  template <typename Function>
  auto visit(Function&& function) {
    if (is_busy_.exchange(true)) throw std::runtime_error("the trainer is in use by another thread");
    struct Release {
      std::atomic<bool>& flag;
      ~Release() { flag = false; }
    } release{is_busy_};
    return std::visit([&](auto& trainer) { return function(*trainer); }, trainer_);
  }

 public:
  AnyBatchTrainer(py::object network, const py::array& characters, const py::array& ends,
                  const py::int_& seed, const py::int_& batch_size, const py::int_& epochs,
                  const std::string& optimizer, double learning_rate, const std::string& schedule,
                  double weight_decay, double dropout, double clip_value, double clip_norm,
                  const py::object& weights)
      : owner_(std::move(network)), network_(constructed<AnyCharacterNetwork>(owner_)) {
    const TrainingSettings settings{
        .seed = seed_of(seed),
        .batch_size = static_cast<std::size_t>(integer_in_range("batch_size", batch_size, 1, 1'000'000'000)),
        .epochs = static_cast<std::size_t>(integer_in_range("epochs", epochs, 1, 1'000'000'000)),
        .learning_rate = number_in("learning_rate", learning_rate, 0.0, infinity),
        .schedule = find_schedule(schedule),
        .weight_decay = number_in("weight_decay", weight_decay, 0.0, infinity),
        .dropout = number_in("dropout", dropout, 0.0, 1.0),
        .clip_value = clip_value == infinity ? infinity : number_in("clip_value", clip_value, 0.0, infinity),
        .clip_norm = clip_norm == infinity ? infinity : number_in("clip_norm", clip_norm, 0.0, infinity),
    };
    const NameList names = names_for(network_.shape(), characters, ends);
    const std::vector<double> of_names = name_weights(weights, names.size());
    network_.read([&]<typename Real>(CharacterNetwork<Real>& inner) {
      const OptimizerOperations<Real>& operations = find_optimizer<Real>(optimizer);
      trainer_ = std::make_unique<BatchTrainer<Real>>(inner, operations, names, settings, of_names);
    });
  }

  bool run(double seconds, const py::int_& n_jobs) {
    const std::size_t workers = worker_count(n_jobs);
    TrainingOutcome outcome{};
    network_.write([&](auto&) {
      visit([&](auto& trainer) {
        outcome = compute([&] { return trainer.run(seconds, workers, python_interrupted); });
      });
    });
    if (outcome == TrainingOutcome::interrupted) throw py::error_already_set();
    return outcome != TrainingOutcome::not_finite;
  }

  py::dict state() {
    py::dict result;
    visit([&]<typename Real>(BatchTrainer<Real>& trainer) {
      const TrainingPosition& position = trainer.position();
      result["epoch"] = position.epoch;
      result["batch"] = position.batch;
      result["loss_sum"] = position.loss_sum;
      result["characters"] = position.characters;
      const VectorView<Real> moments = trainer.moments();
      py::array_t<Real> copy(static_cast<py::ssize_t>(moments.size));
      std::copy_n(moments.data, moments.size, copy.mutable_data());
      result["moments"] = copy;
    });
    return result;
  }

  void restore(const py::int_& epoch, const py::int_& batch, double loss_sum, const py::int_& characters,
               const py::array& moments) {
    visit([&]<typename Real>(BatchTrainer<Real>& trainer) {
      ArrayArguments arguments;
      const VectorView<const Real> numbers = arguments.read_all<Real>("moments", moments);
      const VectorView<Real> target = trainer.moments();
      if (numbers.size != target.size) {
        throw py::value_error("moments has " + std::to_string(numbers.size) + " numbers; expected " +
                              std::to_string(target.size));
      }
      const auto last_batch = static_cast<long long>(trainer.batches_per_epoch()) - 1;
      const auto whole = [](const char* name, const py::int_& value, long long highest) {
        return static_cast<std::uint64_t>(integer_in_range(name, value, 0, highest));
      };
      const TrainingPosition position{
          .epoch = whole("epoch", epoch, 1'000'000'000),
          .batch = whole("batch", batch, last_batch),
          .loss_sum = loss_sum,
          .characters = whole("characters", characters, std::numeric_limits<std::int64_t>::max()),
      };
      trainer.set_position(position);
      std::copy_n(numbers.data, numbers.size, target.data);
    });
  }

  std::uint64_t epoch() {
    return visit([](auto& trainer) { return trainer.position().epoch; });
  }
  std::uint64_t batch() {
    return visit([](auto& trainer) { return trainer.position().batch; });
  }
  std::uint64_t batches_per_epoch() {
    return visit([](auto& trainer) { return trainer.batches_per_epoch(); });
  }
  double learning_rate() {
    return visit([](auto& trainer) { return trainer.learning_rate(); });
  }
  double epoch_loss() {
    return visit([](auto& trainer) {
      const TrainingPosition& position = trainer.position();
      return position.characters == 0 ? std::numeric_limits<double>::quiet_NaN()
                                      : position.loss_sum / static_cast<double>(position.characters);
    });
  }

 private:
  py::object owner_;
  AnyCharacterNetwork& network_;
  std::variant<std::unique_ptr<BatchTrainer<float>>, std::unique_ptr<BatchTrainer<double>>> trainer_;
  std::atomic<bool> is_busy_ = false;
};

}  // namespace

void bind_batch_training(py::module_& module) {
  new_class<AnyBatchTrainer>(module, "BatchTrainer", "Trains a network in place, some steps at a time.")
      .def("__init__",
           constructor(make_new<AnyBatchTrainer, py::object, const py::array&, const py::array&,
                                const py::int_&, const py::int_&, const py::int_&, const std::string&, double,
                                const std::string&, double, double, double, double, const py::object&>),
           py::detail::is_new_style_constructor(), py::arg("network"), py::arg("characters"), py::arg("ends"),
           py::arg("seed"), py::arg("batch_size"), py::arg("epochs"), py::arg("optimizer"),
           py::arg("learning_rate"), py::arg("schedule"), py::arg("weight_decay"), py::arg("dropout"),
           py::arg("clip_value"), py::arg("clip_norm"), py::arg("weights") = py::none())
      .def("run", method(&AnyBatchTrainer::run), py::arg("seconds"), py::arg("n_jobs"),
           "Takes steps until the epoch or the time is over; False: the gradients of the next one are not "
           "finite, and it is not taken. Ctrl-C raises KeyboardInterrupt; only whole steps count.")
      .def("state", method(&AnyBatchTrainer::state),
           "What the rest of the run depends on, apart from the parameters: the arguments of restore().")
      .def("restore", method(&AnyBatchTrainer::restore), py::arg("epoch"), py::arg("batch"),
           py::arg("loss_sum"), py::arg("characters"), py::arg("moments"), "Goes back to what state() gave.")
      .def_property_readonly("epoch", method(&AnyBatchTrainer::epoch), "Whole epochs done.")
      .def_property_readonly("batch", method(&AnyBatchTrainer::batch), "Batches done of the current epoch.")
      .def_property_readonly("batches_per_epoch", method(&AnyBatchTrainer::batches_per_epoch))
      .def_property_readonly("learning_rate", method(&AnyBatchTrainer::learning_rate), "Of the next step.")
      .def_property_readonly("epoch_loss", method(&AnyBatchTrainer::epoch_loss),
                             "Nats per character over the current epoch so far, or over the one just done.");
  module.def("optimizers", optimizers, "The names of all optimizers.");
}

}  // namespace dinorc::bindings
