#include "bind_generation.hpp"

#include <cstdint>
#include <limits>
#include <string>

#include "compute.hpp"
#include "dinorc/drawing/batch_sampler.hpp"
#include "methods.hpp"
#include "name_lists.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

void require_share(const char* name, double value, double highest) {
  if (value > 0.0 && value <= highest) return;
  throw py::value_error(std::string(name) + " is " + py::str(py::float_(value)).cast<std::string>() +
                        "; expected more than 0 and at most " +
                        py::str(py::float_(highest)).cast<std::string>());
}

SampledNames drawn(AnyCharacterNetwork& any, const NameRequest& request, const py::int_& n_jobs) {
  const std::size_t workers = worker_count(n_jobs);
  SampledNames sampled = any.read([&](auto& network) {
    return compute([&] { return sample_names(network, request, workers, python_interrupted); });
  });
  if (sampled.names.size() < request.count) throw py::error_already_set();
  return sampled;
}

py::tuple sample(AnyCharacterNetwork& any, const py::int_& count, const py::int_& seed, const py::int_& limit,
                 const py::int_& n_jobs) {
  const NameRequest request{
      .seed = seed_of(seed),
      .count = size_in_range("count", count, 0, most_names),
      .max_length = size_in_range("limit", limit, 1, longest_name),
  };
  const NameList names = drawn(any, request, n_jobs).names;
  return py::make_tuple(array_of<CharacterId>(names.characters), array_of<std::int64_t>(names.ends));
}

py::tuple generate(AnyCharacterNetwork& any, const py::int_& first, const py::int_& count,
                   const py::int_& seed, const py::array& prefix, const py::int_& min_length,
                   const py::int_& max_length, double temperature, const py::int_& top_k, double top_p,
                   const py::int_& n_jobs) {
  const std::size_t vocabulary_size = any.shape().vocabulary_size;
  const NameRequest request{
      .seed = seed_of(seed),
      .first = static_cast<std::uint64_t>(
          integer_in_range("first", first, 0, std::numeric_limits<std::int64_t>::max())),
      .count = size_in_range("count", count, 0, most_names),
      .prefix = prefix_ids(prefix, vocabulary_size),
      .min_length = size_in_range("min_length", min_length, 0, longest_name),
      .max_length = size_in_range("max_length", max_length, 1, longest_name),
      .rules = {.temperature = temperature,
                .top_k = size_in_range("top_k", top_k, 1, static_cast<long long>(vocabulary_size)),
                .top_p = top_p},
      .wants_log_probabilities = true,
  };
  if (request.max_length < request.min_length || request.max_length < request.prefix.size()) {
    throw py::value_error("max_length is less than min_length or the length of prefix");
  }
  require_share("temperature", temperature, std::numeric_limits<double>::max());
  require_share("top_p", top_p, 1.0);
  const SampledNames sampled = drawn(any, request, n_jobs);
  return py::make_tuple(array_of<CharacterId>(sampled.names.characters),
                        array_of<std::int64_t>(sampled.names.ends),
                        array_of<double>(sampled.log_probabilities), sampled.had_a_choice);
}

}  // namespace

void bind_generation(py::class_<AnyCharacterNetwork>& network) {
  network
      .def("sample", method(sample), py::arg("count"), py::arg("seed"), py::arg("limit"), py::arg("n_jobs"),
           "Names drawn from the network: their characters, and where each ends.")
      .def(
          "generate", method(generate), py::arg("first"), py::arg("count"), py::arg("seed"),
          py::arg("prefix"), py::arg("min_length"), py::arg("max_length"), py::arg("temperature"),
          py::arg("top_k"), py::arg("top_p"), py::arg("n_jobs"),
          "Names drawn by the rules: their characters, where each ends, their log-probabilities in nats, and "
          "whether any character might have been another one.");
}

}  // namespace dinorc::bindings
