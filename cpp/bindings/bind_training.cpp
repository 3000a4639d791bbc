// The notebook's training loop as an object that runs some iterations at a time.
#include <pybind11/stl.h>

#include <atomic>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <variant>

#include "arrays.hpp"
#include "bindings.hpp"
#include "compute.hpp"
#include "dinorc/notebook/name_sampler.hpp"
#include "dinorc/notebook/online_trainer.hpp"
#include "methods.hpp"
#include "name_lists.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

// A trainer of either float type, used by one thread at a time.
class AnyTrainer {
 public:
  AnyTrainer(const py::array& Wax, const py::array& Waa, const py::array& Wya, const py::array& b,
             const py::array& by, const py::array& characters, const py::array& ends, double learning_rate,
             double maximum) {
    if (!std::isfinite(learning_rate)) throw py::value_error("learning_rate is not finite");
    if (!(maximum >= 0.0)) throw py::value_error("maximum is negative or NaN; expected 0 or more");
    with_real_type(Wax, "Wax", [&]<typename Real>() {
      ArrayArguments arguments;
      const auto parameters = ParameterArguments{Wax, Waa, Wya, b, by}.read<Real>(arguments);
      if (parameters.input_size() != parameters.output_size()) {
        throw py::value_error("Wax has " + std::to_string(parameters.input_size()) + " columns and Wya " +
                              std::to_string(parameters.output_size()) + " rows; expected the same number");
      }
      require_finite<Real>(parameters);
      trainer_ = std::make_unique<OnlineTrainer<Real>>(
          parameters, name_list(characters, ends, 0, parameters.output_size()),
          static_cast<Real>(learning_rate), static_cast<Real>(maximum));
    });
  }

  py::tuple run(const py::int_& count, double smoothed_loss) {
    const auto iterations = static_cast<std::size_t>(
        integer_in_range("count", count, 0, std::numeric_limits<std::int64_t>::max()));
    bool finite = true;
    visit([&](auto& trainer) {
      finite = compute([&] { return trainer.run(iterations, smoothed_loss, python_interrupted); });
    });
    if (PyErr_Occurred() != nullptr) throw py::error_already_set();
    return py::make_tuple(finite, smoothed_loss);
  }

  std::vector<CharacterId> sample(const py::int_& end_character, const py::int_& seed,
                                  const py::int_& limit) {
    std::vector<CharacterId> name;
    visit([&](auto& trainer) {
      const auto last = static_cast<long long>(trainer.network().output_size()) - 1;
      const auto end = static_cast<CharacterId>(integer_in_range("end_character", end_character, 0, last));
      const auto first_seed = integer_in_range("seed", seed, 0, 0xFFFFFFFFLL);
      const auto longest = static_cast<std::size_t>(integer_in_range("limit", limit, 1, 1'000'000));
      name = compute([&] { return sample_name(trainer.network(), end, first_seed, longest); });
    });
    return name;
  }

  std::size_t iteration() {
    std::size_t result = 0;
    visit([&](auto& trainer) { result = trainer.iteration(); });
    return result;
  }

  void copy_parameters(py::array Wax, py::array Waa, py::array Wya, py::array b, py::array by) {
    visit([&]<typename Real>(OnlineTrainer<Real>& trainer) {
      ArrayArguments arguments;
      const NotebookArrays<Real> target = ParameterArguments{Wax, Waa, Wya, b, by}.write<Real>(arguments);
      arguments.require_no_overlap();
      if (target.hidden_size() != trainer.network().hidden_size() ||
          target.input_size() != trainer.network().output_size() ||
          target.output_size() != trainer.network().output_size()) {
        throw py::value_error("the arrays do not have the trainer's sizes");
      }
      trainer.copy_parameters_to(target);
    });
  }

 private:
  // The GIL is released while a trainer runs, so a second thread can come here: it is turned away.
  template <typename Function>
  void visit(Function&& function) {
    if (is_busy_.exchange(true)) throw std::runtime_error("the trainer is in use by another thread");
    struct Release {
      std::atomic<bool>& flag;
      ~Release() { flag = false; }
    } release{is_busy_};
    std::visit([&](auto& trainer) { function(*trainer); }, trainer_);
  }

  std::variant<std::unique_ptr<OnlineTrainer<double>>, std::unique_ptr<OnlineTrainer<float>>> trainer_;
  std::atomic<bool> is_busy_ = false;
};

}  // namespace

void bind_training(py::module_& module) {
  new_class<AnyTrainer>(
      module, "OnlineTrainer",
      "The notebook's training loop over a copy of the parameters, some iterations at a time.")
      .def("__init__",
           constructor(
               make_new<AnyTrainer, const py::array&, const py::array&, const py::array&, const py::array&,
                        const py::array&, const py::array&, const py::array&, double, double>),
           py::detail::is_new_style_constructor(), py::arg("Wax"), py::arg("Waa"), py::arg("Wya"),
           py::arg("b"), py::arg("by"), py::arg("characters"), py::arg("ends"), py::arg("learning_rate"),
           py::arg("maximum"))
      .def("run", method(&AnyTrainer::run), py::arg("count"), py::arg("smoothed_loss"),
           "Runs `count` iterations: (whether all losses were finite, the new smoothed loss). If one "
           "was not, everything is as before. Ctrl-C raises KeyboardInterrupt after a whole iteration.")
      .def("sample", method(&AnyTrainer::sample), py::arg("end_character"), py::arg("seed"), py::arg("limit"),
           "Like the function of that name, with the current parameters.")
      .def("copy_parameters", method(&AnyTrainer::copy_parameters), py::arg("Wax"), py::arg("Waa"),
           py::arg("Wya"), py::arg("b"), py::arg("by"), "Writes the parameters into the arrays.")
      .def_property_readonly("iteration", method(&AnyTrainer::iteration), "Iterations done so far.");
}

}  // namespace dinorc::bindings
