// The network behind CharRNN: its parameters as arrays, scores and draws.
#include <pybind11/stl.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "bind_generation.hpp"
#include "bind_prefixes.hpp"
#include "bindings.hpp"
#include "character_network.hpp"
#include "compute.hpp"
#include "dinorc/random/philox.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "methods.hpp"
#include "name_lists.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

constexpr long long largest_vocabulary = 0x110001;  // all code points, and the end of a name
constexpr long long largest_hidden_size = 65'536;

template <typename Real>
const CellOperations<Real>& find_cell(const std::string& name) {
  std::string known;
  for (const CellOperations<Real>& cell : cell_registry<Real>()) {
    if (name == cell.name) return cell;
    known += known.empty() ? cell.name : std::string(", ") + cell.name;
  }
  throw py::value_error("cell is " + name + "; expected one of: " + known);
}

// Views into the network's buffer, which keep their owner alive.
template <typename Real>
py::array view_of(MatrixView<Real> part, const py::object& owner) {
  return py::array_t<Real>({part.rows, part.columns}, part.data, owner);
}

template <typename Real>
py::array view_of(VectorView<Real> part, const py::object& owner) {
  return py::array_t<Real>(static_cast<py::ssize_t>(part.size), part.data, owner);
}

py::dict parameters(const py::object& self) {
  return constructed<AnyCharacterNetwork>(self).read([&]<typename Real>(CharacterNetwork<Real>& network) {
    NetworkParameters<Real>& parts = network.parameters();
    py::dict result;
    if (network.shape().embedding_size != 0) result["embedding"] = view_of(parts.embedding(), self);
    result["input_weights"] = view_of(parts.input_weights(), self);
    result["recurrent_weights"] = view_of(parts.recurrent_weights(), self);
    result["output_weights"] = view_of(parts.output_weights(), self);
    result["bias"] = view_of(parts.bias(), self);
    result["output_bias"] = view_of(parts.output_bias(), self);
    return result;
  });
}

py::array flat(const py::object& self) {
  return constructed<AnyCharacterNetwork>(self).read([&]<typename Real>(CharacterNetwork<Real>& network) {
    return view_of(network.parameters().all(), self);
  });
}

void initialize(AnyCharacterNetwork& any, const py::int_& seed) {
  const std::uint64_t number = seed_of(seed);
  any.write([&](auto& network) { compute([&] { network.initialize(number); }); });
}

py::array_t<double> score(AnyCharacterNetwork& any, const py::array& characters, const py::array& ends,
                          double unknown_log_probability, const py::int_& n_jobs) {
  const NameList names = name_list(characters, ends, no_character, any.shape().vocabulary_size);
  const std::size_t workers = worker_count(n_jobs);
  py::array_t<double> result(static_cast<py::ssize_t>(names.size()));
  const std::span<double> log_probabilities(result.mutable_data(), names.size());
  const bool done = any.read([&](auto& network) {
    return compute([&] {
      return score_names(network, names, unknown_log_probability, workers, python_interrupted,
                         log_probabilities);
    });
  });
  if (!done) throw py::error_already_set();
  return result;
}

std::vector<double> score_name(AnyCharacterNetwork& any, const py::array& characters,
                               double unknown_log_probability) {
  const std::vector<CharacterId> ids =
      character_ids("characters", characters, no_character, any.shape().vocabulary_size);
  if (std::find(ids.begin(), ids.end(), end_of_name) != ids.end() - 1) {
    throw py::value_error("characters have to end with 0, and to have it nowhere else");
  }
  return any.read([&](auto& network) {
    return compute([&] { return score_characters(network, ids, unknown_log_probability); });
  });
}

double mean_loss(AnyCharacterNetwork& any, const py::array& characters, const py::array& ends,
                 const py::int_& n_jobs) {
  const NameList names = name_list(characters, ends, 0, any.shape().vocabulary_size);
  const std::size_t workers = worker_count(n_jobs);
  std::vector<double> log_probabilities(names.size());
  const bool done = any.read([&](auto& network) {
    return compute([&] {
      return score_names(network, names, 0.0, workers, python_interrupted, std::span(log_probabilities));
    });
  });
  if (!done) throw py::error_already_set();
  double loss = 0.0;
  for (const double log_probability : log_probabilities) loss -= log_probability;
  return loss / static_cast<double>(names.characters.size());
}

py::array_t<std::uint32_t> shuffled_split(const py::int_& size, const py::int_& seed) {
  const std::size_t count = size_in_range("size", size, 0, std::numeric_limits<std::int32_t>::max());
  PhiloxStream stream(seed_of(seed), StreamPurpose::validation_split, 0);
  const std::vector<std::uint32_t> order = compute([&] { return shuffled_indices(count, stream); });
  return array_of<std::uint32_t>(order);
}

std::vector<std::string> cells() {
  std::vector<std::string> names;
  for (const CellOperations<float>& cell : cell_registry<float>()) names.emplace_back(cell.name);
  return names;
}

}  // namespace

AnyCharacterNetwork::AnyCharacterNetwork(const std::string& cell, const std::string& dtype,
                                         const py::int_& vocabulary_size, const py::int_& hidden_size,
                                         const py::int_& embedding_size) {
  const std::size_t vocabulary = size_in_range("vocabulary_size", vocabulary_size, 2, largest_vocabulary);
  const std::size_t hidden = size_in_range("hidden_size", hidden_size, 1, largest_hidden_size);
  const std::size_t embedding = size_in_range("embedding_size", embedding_size, 0, largest_hidden_size);
  const auto make = [&]<typename Real>() {
    network_ = std::make_unique<CharacterNetwork<Real>>(find_cell<Real>(cell), vocabulary, hidden, embedding);
  };
  if (dtype == "float32") {
    make.template operator()<float>();
  } else if (dtype == "float64") {
    make.template operator()<double>();
  } else {
    throw py::value_error("dtype is " + dtype + "; expected float32 or float64");
  }
}

void bind_character_network(py::module_& module) {
  auto network = new_class<AnyCharacterNetwork>(module, "CharacterNetwork",
                                                "A cell between input weights and output layer.");
  network
      .def("__init__",
           constructor(make_new<AnyCharacterNetwork, const std::string&, const std::string&, const py::int_&,
                                const py::int_&, const py::int_&>),
           py::detail::is_new_style_constructor(), py::arg("cell"), py::arg("dtype"),
           py::arg("vocabulary_size"), py::arg("hidden_size"), py::arg("embedding_size"))
      .def("initialize", method(initialize), py::arg("seed"), "Initial values by (seed, index).")
      .def("score", method(score), py::arg("characters"), py::arg("ends"), py::arg("unknown_log_probability"),
           py::arg("n_jobs"), "The log-probability of each name, in nats.")
      .def("score_characters", method(score_name), py::arg("characters"), py::arg("unknown_log_probability"),
           "The log-probability of each character of a name, its end included, in nats.")
      .def("mean_loss", method(mean_loss), py::arg("characters"), py::arg("ends"), py::arg("n_jobs"),
           "Nats a character, ends included.")
      .def_property_readonly("parameters", parameters, "Views of the parts of the flat buffer, by name.")
      .def_property_readonly("flat", flat, "The flat buffer of all parameters.");
  bind_generation(network);
  bind_prefixes(network);
  module.def("cells", cells, "The names of all cells.");
  module.def("shuffled_for_split", shuffled_split, py::arg("size"), py::arg("seed"),
             "0, ..., size - 1 in the random order by which names are split.");
}

}  // namespace dinorc::bindings
