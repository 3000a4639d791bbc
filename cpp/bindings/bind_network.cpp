// The notebook's network: one step, a whole sequence, clipping, and gradient descent.
#include <cmath>
#include <optional>

#include "arrays.hpp"
#include "bindings.hpp"
#include "compute.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/notebook/backpropagation.hpp"
#include "dinorc/notebook/notebook_backward.hpp"
#include "dinorc/notebook/notebook_steps.hpp"
#include "dinorc/notebook/packed_network.hpp"

namespace dinorc::bindings {
namespace {

py::tuple step_forward(const py::array& Wax, const py::array& Waa, const py::array& Wya, const py::array& b,
                       const py::array& by, const py::array& a_prev, const py::array& x) {
  return with_real_type(Wax, "Wax", [&]<typename Real>() -> py::tuple {
    ArrayArguments arguments;
    const auto parameters = ParameterArguments{Wax, Waa, Wya, b, by}.read<Real>(arguments);
    const auto a_before = arguments.read_column<Real>("a_prev", a_prev, parameters.hidden_size());
    const auto input = arguments.read_column<Real>("x", x, parameters.input_size());
    py::array a_next = new_matrix<Real>(parameters.hidden_size(), 1);
    py::array probabilities = new_matrix<Real>(parameters.output_size(), 1);
    const auto a_after = arguments.write_column<Real>("a_next", a_next, parameters.hidden_size());
    const auto y = arguments.write_column<Real>("y", probabilities, parameters.output_size());
    compute([&] { notebook_step_forward<Real>(parameters, a_before, input, a_after, y); });
    return py::make_tuple(a_next, probabilities);
  });
}

py::array step_backward(const py::array& Wax, const py::array& Waa, const py::array& Wya, const py::array& b,
                        const py::array& by, const py::array& dy, const py::array& x, const py::array& a,
                        const py::array& a_prev, const py::array& da_next, py::array dWax, py::array dWaa,
                        py::array dWya, py::array db, py::array dby) {
  return with_real_type(Wax, "Wax", [&]<typename Real>() {
    ArrayArguments arguments;
    const auto parameters = ParameterArguments{Wax, Waa, Wya, b, by}.read<Real>(arguments);
    const std::size_t n_a = parameters.hidden_size();
    const std::size_t n_x = parameters.input_size();
    const std::size_t n_y = parameters.output_size();
    py::array result = new_matrix<Real>(n_a, 1);
    const NotebookBackwardStep<Real> step{
        .dy = arguments.read_column<Real>("dy", dy, n_y),
        .Wya = parameters.Wya,
        .Waa = parameters.Waa,
        .x = arguments.read_column<Real>("x", x, n_x),
        .a = arguments.read_column<Real>("a", a, n_a),
        .a_prev = arguments.read_column<Real>("a_prev", a_prev, n_a),
        .da_next = arguments.read_column<Real>("da_next", da_next, n_a),
        .gradients = {.Wax = arguments.write_matrix<Real>("dWax", dWax, n_a, n_x),
                      .Waa = arguments.write_matrix<Real>("dWaa", dWaa, n_a, n_a),
                      .Wya = arguments.write_matrix<Real>("dWya", dWya, n_y, n_a),
                      .b = arguments.write_column<Real>("db", db, n_a),
                      .by = arguments.write_column<Real>("dby", dby, n_y)},
        .da_prev = arguments.write_column<Real>("da_prev", result, n_a),
    };
    arguments.require_no_overlap();
    compute([&] { notebook_step_backward<Real>(step); });
    return result;
  });
}

// A sequence as the functions below take it: ids from -1 (no character) in X, from 0 in Y.
struct Sequence {
  std::vector<CharacterId> inputs;
  std::vector<CharacterId> targets;

  Sequence(const py::array& X, const py::array& Y, std::size_t input_size, std::size_t output_size)
      : inputs(character_ids("X", X, no_character, input_size)),
        targets(character_ids("Y", Y, 0, output_size)) {
    if (inputs.size() != targets.size()) {
      throw py::value_error("X has " + std::to_string(inputs.size()) + " characters and Y " +
                            std::to_string(targets.size()) + "; expected the same number");
    }
  }
};

// A network over the caller's parameters, unrolled over one sequence that begins in the state a0.
template <typename Real>
struct NotebookNetwork {
  ParameterBuffer<Real> parameters;
  PackedNetwork<Real> packed;
  UnrolledNetwork<Real> unrolled;

  NotebookNetwork(const NotebookArrays<const Real>& arrays, VectorView<const Real> a0, std::size_t length)
      : parameters(arrays), packed(parameters), unrolled(packed, length) {
    std::copy_n(a0.data, a0.size, unrolled.initial_state().data);
  }
};

py::tuple forward(const py::array& Wax, const py::array& Waa, const py::array& Wya, const py::array& b,
                  const py::array& by, const py::array& a0, const py::array& X, const py::array& Y) {
  return with_real_type(Wax, "Wax", [&]<typename Real>() -> py::tuple {
    ArrayArguments arguments;
    const auto parameters = ParameterArguments{Wax, Waa, Wya, b, by}.read<Real>(arguments);
    const auto initial_state = arguments.read_column<Real>("a0", a0, parameters.hidden_size());
    const Sequence sequence(X, Y, parameters.input_size(), parameters.output_size());
    require_finite<Real>(parameters);
    require_finite<Real>("a0", initial_state, 1);

    const std::size_t length = sequence.inputs.size();
    const std::size_t n_a = parameters.hidden_size();
    const std::size_t n_x = parameters.input_size();
    const std::size_t n_y = parameters.output_size();
    py::array_t<Real> states({length + 1, n_a, std::size_t{1}});
    py::array_t<Real> probabilities({length, n_y, std::size_t{1}});
    py::array_t<Real> one_hot({length, n_x, std::size_t{1}});
    Real* const states_out = states.mutable_data();
    Real* const probabilities_out = probabilities.mutable_data();
    Real* const one_hot_out = one_hot.mutable_data();
    const double loss = compute([&] {
      NotebookNetwork<Real> network(parameters, initial_state, length);
      const double result = network.unrolled.forward(sequence.inputs, sequence.targets);
      for (std::size_t t = 0; t <= length; ++t) {
        std::copy_n(network.unrolled.state(t).data, n_a, states_out + t * n_a);
      }
      for (std::size_t t = 0; t < length; ++t) {
        std::copy_n(network.unrolled.probabilities().row(t), n_y, probabilities_out + t * n_y);
        Real* const x = one_hot_out + t * n_x;
        std::fill_n(x, n_x, Real{0});
        if (sequence.inputs[t] != no_character) x[sequence.inputs[t]] = Real{1};
      }
      return result;
    });
    return py::make_tuple(loss, probabilities, states, one_hot);
  });
}

// The five arrays, in the order of the arguments.
py::tuple as_tuple(const ParameterArguments& arrays) {
  return py::make_tuple(arrays.Wax, arrays.Waa, arrays.Wya, arrays.b, arrays.by);
}

py::tuple backward(const py::array& Wax, const py::array& Waa, const py::array& Wya, const py::array& b,
                   const py::array& by, const py::array& Y, const py::array& y_hat, const py::array& a,
                   const py::array& x) {
  return with_real_type(Wax, "Wax", [&]<typename Real>() -> py::tuple {
    ArrayArguments arguments;
    const auto parameters = ParameterArguments{Wax, Waa, Wya, b, by}.read<Real>(arguments);
    const std::size_t n_a = parameters.hidden_size();
    const std::vector<CharacterId> targets = character_ids("Y", Y, 0, parameters.output_size());
    const std::size_t length = targets.size();
    const NotebookCache<Real> cache{
        .y_hat = arguments.read_columns<Real>("y_hat", y_hat, length, parameters.output_size()),
        .a = arguments.read_columns<Real>("a", a, length + 1, n_a),
        .x = arguments.read_columns<Real>("x", x, length, parameters.input_size()),
    };
    ParameterArguments gradient_arrays = new_arrays<Real>(parameters);
    py::array da_next = new_matrix<Real>(n_a, 1);
    const NotebookArrays<Real> gradients = gradient_arrays.write<Real>(arguments);
    const VectorView<Real> d_initial = arguments.write_column<Real>("da_next", da_next, n_a);
    compute([&] { notebook_backward<Real>(parameters, targets, cache, gradients, d_initial); });
    return py::make_tuple(as_tuple(gradient_arrays), da_next);
  });
}

py::tuple optimize(py::array Wax, py::array Waa, py::array Wya, py::array b, py::array by,
                   const py::array& a_prev, const py::array& X, const py::array& Y, double learning_rate,
                   double maximum) {
  return with_real_type(Wax, "Wax", [&]<typename Real>() -> py::tuple {
    ArrayArguments arguments;
    ParameterArguments parameter_arguments{Wax, Waa, Wya, b, by};
    const NotebookArrays<Real> parameters = parameter_arguments.write<Real>(arguments);
    const auto initial_state = arguments.read_column<Real>("a_prev", a_prev, parameters.hidden_size());
    const Sequence sequence(X, Y, parameters.input_size(), parameters.output_size());
    arguments.require_no_overlap();
    require_finite<Real>(parameters);
    require_finite<Real>("a_prev", initial_state, 1);
    if (!(maximum >= 0.0)) throw py::value_error("maximum is negative or NaN; expected 0 or more");
    if (!std::isfinite(learning_rate)) throw py::value_error("learning_rate is not finite");

    ParameterArguments gradient_arrays = new_arrays<Real>(parameters);
    py::array last_state = new_matrix<Real>(parameters.hidden_size(), 1);
    const NotebookArrays<Real> gradients = gradient_arrays.write<Real>(arguments);
    Real* const last_state_out = static_cast<Real*>(last_state.mutable_data());
    bool is_finite = true;
    std::optional<NotebookNetwork<Real>> made;
    const double loss = compute([&] {
      const std::size_t length = sequence.inputs.size();
      NotebookNetwork<Real>& network = made.emplace(parameters, initial_state, length);
      const double result = network.unrolled.forward(sequence.inputs, sequence.targets);
      is_finite = std::isfinite(result);
      if (!is_finite) return result;

      ParameterBuffer<Real> buffer(parameters.hidden_size(), parameters.input_size(),
                                   parameters.output_size());
      network.unrolled.backward(sequence.inputs, sequence.targets, buffer);
      active_kernels<Real>().clip(static_cast<Real>(maximum), buffer.all().data, buffer.all().size);
      active_kernels<Real>().descend(static_cast<Real>(learning_rate), buffer.all().data,
                                     network.parameters.all().data, buffer.all().size);
      is_finite = active_kernels<Real>().all_finite(network.parameters.all().data, buffer.all().size);
      if (!is_finite) return result;
      buffer.copy_to(gradients);
      std::copy_n(network.unrolled.state(length).data, parameters.hidden_size(), last_state_out);
      return result;
    });
    if (!is_finite) return py::make_tuple(loss, py::none(), py::none());
    const py::tuple result = py::make_tuple(loss, as_tuple(gradient_arrays), last_state);
    made->parameters.copy_to(parameters);  // now that nothing can fail any more
    return result;
  });
}

// Gradients of any shapes.
void clip(py::array dWax, py::array dWaa, py::array dWya, py::array db, py::array dby, double maximum) {
  with_real_type(dWax, "dWax", [&]<typename Real>() {
    ArrayArguments arguments;
    const VectorView<Real> gradients[] = {
        arguments.write_all<Real>("dWax", dWax), arguments.write_all<Real>("dWaa", dWaa),
        arguments.write_all<Real>("dWya", dWya), arguments.write_all<Real>("db", db),
        arguments.write_all<Real>("dby", dby)};
    arguments.require_no_overlap();
    if (!(maximum >= 0.0)) throw py::value_error("maximum is negative or NaN; expected 0 or more");
    compute([&] {
      for (const VectorView<Real> part : gradients) {
        active_kernels<Real>().clip(static_cast<Real>(maximum), part.data, part.size);
      }
    });
  });
}

void descend(py::array Wax, py::array Waa, py::array Wya, py::array b, py::array by, const py::array& dWax,
             const py::array& dWaa, const py::array& dWya, const py::array& db, const py::array& dby,
             double learning_rate) {
  with_real_type(Wax, "Wax", [&]<typename Real>() {
    ArrayArguments arguments;
    ParameterArguments parameter_arguments{Wax, Waa, Wya, b, by};
    const NotebookArrays<Real> parameters = parameter_arguments.write<Real>(arguments);
    const std::size_t n_a = parameters.hidden_size();
    const std::size_t n_x = parameters.input_size();
    const std::size_t n_y = parameters.output_size();
    const Real* const gradients[] = {arguments.read_matrix<Real>("dWax", dWax, n_a, n_x).data,
                                     arguments.read_matrix<Real>("dWaa", dWaa, n_a, n_a).data,
                                     arguments.read_matrix<Real>("dWya", dWya, n_y, n_a).data,
                                     arguments.read_column<Real>("db", db, n_a).data,
                                     arguments.read_column<Real>("dby", dby, n_y).data};
    arguments.require_no_overlap();
    const VectorView<Real> targets[] = {{parameters.Wax.data, n_a * n_x},
                                        {parameters.Waa.data, n_a * n_a},
                                        {parameters.Wya.data, n_y * n_a},
                                        parameters.b,
                                        parameters.by};
    compute([&] {
      for (std::size_t i = 0; i < std::size(targets); ++i) {
        active_kernels<Real>().descend(static_cast<Real>(learning_rate), gradients[i], targets[i].data,
                                       targets[i].size);
      }
    });
  });
}

}  // namespace

void bind_network(py::module_& module) {
  module.def("rnn_step_forward", step_forward, py::arg("Wax"), py::arg("Waa"), py::arg("Wya"), py::arg("b"),
             py::arg("by"), py::arg("a_prev"), py::arg("x"),
             "One step of the cell and the output layer from a column x: (a_next, y), new arrays.");
  module.def(
      "rnn_step_backward", step_backward, py::arg("Wax"), py::arg("Waa"), py::arg("Wya"), py::arg("b"),
      py::arg("by"), py::arg("dy"), py::arg("x"), py::arg("a"), py::arg("a_prev"), py::arg("da_next"),
      py::arg("dWax"), py::arg("dWaa"), py::arg("dWya"), py::arg("db"), py::arg("dby"),
      "Adds one step's gradients to dWax, dWaa, dWya, db and dby, in place; returns the next da_next.");
  module.def(
      "rnn_forward", forward, py::arg("Wax"), py::arg("Waa"), py::arg("Wya"), py::arg("b"), py::arg("by"),
      py::arg("a0"), py::arg("X"), py::arg("Y"),
      "(loss, y, a, x) of a sequence: y (T, n_y, 1), a (T + 1, n_a, 1) with a0 first, x (T, n_x, 1) one-hot. "
      "X and Y are int32; -1 in X is the zero vector.");
  module.def(
      "rnn_backward", backward, py::arg("Wax"), py::arg("Waa"), py::arg("Wya"), py::arg("b"), py::arg("by"),
      py::arg("Y"), py::arg("y_hat"), py::arg("a"), py::arg("x"),
      "((dWax, dWaa, dWya, db, dby), da_next) of a sequence, from y_hat (T, n_y, 1), a (T + 1, n_a, 1) with "
      "the initial state first, and x (T, n_x, 1).");
  module.def(
      "optimize", optimize, py::arg("Wax"), py::arg("Waa"), py::arg("Wya"), py::arg("b"), py::arg("by"),
      py::arg("a_prev"), py::arg("X"), py::arg("Y"), py::arg("learning_rate"), py::arg("maximum"),
      "One step of gradient descent on the parameters, in place: (loss, (dWax, dWaa, dWya, db, dby), a). "
      "If the loss or a new parameter is not finite, nothing is changed and the last two are None.");
  module.def("clip", clip, py::arg("dWax"), py::arg("dWaa"), py::arg("dWya"), py::arg("db"), py::arg("dby"),
             py::arg("maximum"), "Moves each number into [-maximum, maximum], in place.");
  module.def("descend", descend, py::arg("Wax"), py::arg("Waa"), py::arg("Wya"), py::arg("b"), py::arg("by"),
             py::arg("dWax"), py::arg("dWaa"), py::arg("dWya"), py::arg("db"), py::arg("dby"),
             py::arg("learning_rate"), "parameters -= learning_rate * gradients, in place.");
}

}  // namespace dinorc::bindings
