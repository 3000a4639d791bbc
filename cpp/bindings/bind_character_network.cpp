// The network behind CharRNN: its parameters as arrays, and what it knows apart from predictions.
#include <pybind11/stl.h>

#include <limits>

#include "bind_predictions.hpp"
#include "bindings.hpp"
#include "character_network.hpp"
#include "compute.hpp"
#include "dinorc/random/philox.hpp"
#include "methods.hpp"
#include "name_lists.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

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

template <typename Real>
py::array view_of(MatrixView<Real> part, const py::object& owner) {
  return py::array_t<Real>({part.rows, part.columns}, part.data, owner);
}

template <typename Real>
py::array view_of(VectorView<Real> part, const py::object& owner) {
  return py::array_t<Real>(static_cast<py::ssize_t>(part.size), part.data, owner);
}

py::dict parameters(const py::object& self) {
  auto& any = constructed<AnyCharacterNetwork>(self);
  const py::capsule owner = any.owner_of_array(self);
  return any.read([&]<typename Real>(CharacterNetwork<Real>& network) {
    NetworkParameters<Real>& parts = network.parameters();
    py::dict result;
    if (network.shape().embedding_size != 0) result["embedding"] = view_of(parts.embedding(), owner);
    result["input_weights"] = view_of(parts.input_weights(), owner);
    result["recurrent_weights"] = view_of(parts.recurrent_weights(), owner);
    result["output_weights"] = view_of(parts.output_weights(), owner);
    result["bias"] = view_of(parts.bias(), owner);
    result["output_bias"] = view_of(parts.output_bias(), owner);
    return result;
  });
}

py::array flat(const py::object& self) {
  auto& any = constructed<AnyCharacterNetwork>(self);
  return any.read([&]<typename Real>(CharacterNetwork<Real>& network) {
    return view_of(network.parameters().all(), any.owner_of_array(self));
  });
}

void initialize(AnyCharacterNetwork& any, const py::int_& seed) {
  const std::uint64_t number = seed_of(seed);
  any.write([&](auto& network) { compute([&] { network.initialize(number); }); });
}

py::array unlabelled_states(AnyCharacterNetwork& any, const py::array& prefix) {
  return any.hidden_states(prefix);
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
                                         const py::int_& embedding_size, const py::int_& label_count) {
  const std::size_t vocabulary = size_in_range("vocabulary_size", vocabulary_size, 2, largest_vocabulary);
  const std::size_t hidden = size_in_range("hidden_size", hidden_size, 1, largest_hidden_size);
  const std::size_t embedding = size_in_range("embedding_size", embedding_size, 0, largest_hidden_size);
  const std::size_t labels = size_in_range("label_count", label_count, 0, largest_vocabulary);
  const auto make = [&]<typename Real>() {
    network_ = std::make_unique<CharacterNetwork<Real>>(find_cell<Real>(cell), vocabulary, hidden, embedding,
                                                        labels);
  };
  if (dtype == "float32") {
    make.template operator()<float>();
  } else if (dtype == "float64") {
    make.template operator()<double>();
  } else {
    throw py::value_error("dtype is " + dtype + "; expected float32 or float64");
  }
}

void AnyCharacterNetwork::predict(const std::function<void(const Predictor&)>& function) {
  read([&](auto& network) { compute([&] { function(*predictor_of(network)); }); });
}

py::array AnyCharacterNetwork::hidden_states(const py::array& prefix, CharacterId label) {
  const std::vector<CharacterId> ids = prefix_ids(prefix, vocabulary_size());
  const std::size_t rows = ids.size() + 1;
  return read([&]<typename Real>(CharacterNetwork<Real>& network) -> py::array {
    const std::size_t hidden_size = network.shape().hidden_size;
    py::array_t<Real> result({rows, hidden_size});
    const MatrixView<Real> view{result.mutable_data(), rows, hidden_size, hidden_size};
    compute([&] { dinorc::hidden_states(*predictor_of(network), label, ids, view); });
    return result;
  });
}

struct AnyCharacterNetwork::ArrayOwner {
  py::object self;
  AnyCharacterNetwork& network;
};

py::capsule AnyCharacterNetwork::owner_of_array(const py::object& self) {
  const auto forget = [](void* pointer) {
    const std::unique_ptr<ArrayOwner> owner(static_cast<ArrayOwner*>(pointer));
    const std::lock_guard lock(owner->network.predictor_mutex_);
    --owner->network.arrays_;
  };
  auto owner = std::make_unique<ArrayOwner>(ArrayOwner{self, *this});
  const py::capsule capsule(owner.get(), forget);
  owner.release();
  const std::lock_guard lock(predictor_mutex_);
  ++arrays_;
  predictor_.reset();
  return capsule;
}

void bind_character_network(py::module_& module) {
  auto network = new_class<AnyCharacterNetwork>(module, "CharacterNetwork",
                                                "A cell between input weights and output layer.");
  network
      .def("__init__",
           constructor(make_new<AnyCharacterNetwork, const std::string&, const std::string&, const py::int_&,
                                const py::int_&, const py::int_&, const py::int_&>),
           py::detail::is_new_style_constructor(), py::arg("cell"), py::arg("dtype"),
           py::arg("vocabulary_size"), py::arg("hidden_size"), py::arg("embedding_size"),
           py::arg("label_count") = 0)
      .def("initialize", method(initialize), py::arg("seed"), "Sets initial values, each by (seed, index).")
      .def("hidden_states", method(unlabelled_states), py::arg("prefix"),
           "The hidden output after 0, 1, ... characters.")
      .def_property_readonly("parameters", parameters, "Views of the parts of the flat buffer, by name.")
      .def_property_readonly("flat", flat, "The flat buffer of all parameters.");
  bind_predictions(network);
  module.def("cells", cells, "The names of all cells.");
  module.def("shuffled_for_split", shuffled_split, py::arg("size"), py::arg("seed"),
             "0, ..., size - 1 in the random order by which names are split.");
}

}  // namespace dinorc::bindings
