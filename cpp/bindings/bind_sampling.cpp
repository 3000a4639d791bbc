// Names from parameters, as the notebook draws them.
#include <pybind11/stl.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "compute.hpp"
#include "dinorc/notebook/name_sampler.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

std::vector<CharacterId> notebook_sample(const py::array& Wax, const py::array& Waa, const py::array& Wya,
                                         const py::array& b, const py::array& by,
                                         const py::int_& end_character, const py::int_& seed,
                                         const py::int_& limit) {
  return with_real_type(Wax, "Wax", [&]<typename Real>() {
    ArrayArguments arguments;
    const auto parameters = ParameterArguments{Wax, Waa, Wya, b, by}.read<Real>(arguments);
    if (parameters.input_size() != parameters.output_size()) {
      throw py::value_error("Wax has " + std::to_string(parameters.input_size()) + " columns and Wya " +
                            std::to_string(parameters.output_size()) + " rows; expected the same number");
    }
    const auto last = static_cast<long long>(parameters.output_size()) - 1;
    const auto end = static_cast<CharacterId>(integer_in_range("end_character", end_character, 0, last));
    const auto first_seed = integer_in_range("seed", seed, 0, 0xFFFFFFFFLL);
    const auto longest = static_cast<std::size_t>(integer_in_range("limit", limit, 1, 1'000'000));
    require_finite<Real>(parameters);
    return compute([&] {
      ParameterBuffer<Real> buffer(parameters);
      const PackedNetwork<Real> network(buffer);
      return sample_name(network, end, first_seed, longest);
    });
  });
}

}  // namespace

void bind_sampling(py::module_& module) {
  module.def("sample", notebook_sample, py::arg("Wax"), py::arg("Waa"), py::arg("Wya"), py::arg("b"),
             py::arg("by"), py::arg("end_character"), py::arg("seed"), py::arg("limit"),
             "The character ids of a name, its end included; draw number c is seeded with seed + 2 c.");
}

}  // namespace dinorc::bindings
