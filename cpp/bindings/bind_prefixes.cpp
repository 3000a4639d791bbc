#include "bind_prefixes.hpp"

#include <cstdint>
#include <limits>
#include <vector>

#include "compute.hpp"
#include "dinorc/drawing/most_likely_names.hpp"
#include "dinorc/predictors/prefix_inspection.hpp"
#include "methods.hpp"
#include "name_lists.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

py::array_t<double> next_characters(AnyCharacterNetwork& any, const py::array& prefix) {
  const std::vector<CharacterId> ids = prefix_ids(prefix, any.shape().vocabulary_size);
  return array_of<double>(any.read([&](auto& network) {
    return compute([&] { return next_character_log_probabilities(network, ids); });
  }));
}

py::array states(AnyCharacterNetwork& any, const py::array& prefix) {
  const std::vector<CharacterId> ids = prefix_ids(prefix, any.shape().vocabulary_size);
  const std::size_t rows = ids.size() + 1;
  const std::size_t hidden_size = any.shape().hidden_size;
  return any.read([&]<typename Real>(CharacterNetwork<Real>& network) -> py::array {
    py::array_t<Real> result({rows, hidden_size});
    const MatrixView<Real> view{result.mutable_data(), rows, hidden_size, hidden_size};
    compute([&] { hidden_states(network, ids, view); });
    return result;
  });
}

py::tuple most_likely(AnyCharacterNetwork& any, const py::int_& count, const py::array& prefix,
                      const py::int_& limit, const py::int_& most_bytes) {
  const std::vector<CharacterId> ids = prefix_ids(prefix, any.shape().vocabulary_size);
  const NameSearch search{
      .prefix = ids,
      .count = size_in_range("count", count, 1, most_names),
      .limit = size_in_range("limit", limit, 1, longest_name),
      .most_bytes = size_in_range("most_bytes", most_bytes, 0, std::numeric_limits<std::ptrdiff_t>::max()),
  };
  if (ids.size() > search.limit) throw py::value_error("prefix is longer than limit");
  const MostLikelyNames found = any.read([&](auto& network) {
    return compute([&] { return most_likely_names(network, search, python_interrupted); });
  });
  if (found.end == MostLikelyNames::End::interrupted) throw py::error_already_set();
  return py::make_tuple(array_of<CharacterId>(found.names.characters),
                        array_of<std::int64_t>(found.names.ends), array_of<double>(found.log_probabilities),
                        found.end == MostLikelyNames::End::complete);
}

}  // namespace

void bind_prefixes(py::class_<AnyCharacterNetwork>& network) {
  network
      .def("next_characters", method(next_characters), py::arg("prefix"),
           "The log-probability of each character that may follow, the end of the name first, in nats.")
      .def("hidden_states", method(states), py::arg("prefix"),
           "The hidden output after 0, 1, ... characters.")
      .def("most_likely", method(most_likely), py::arg("count"), py::arg("prefix"), py::arg("limit"),
           py::arg("most_bytes"),
           "The most probable names, best first: their characters, where each ends, their log-probabilities, "
           "and whether that is all that was asked for, or most_bytes was too little.");
}

}  // namespace dinorc::bindings
