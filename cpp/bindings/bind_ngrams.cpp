// The n-gram model behind NGram: learned from names as arrays, and made from such arrays.
#include <pybind11/stl.h>

#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "bind_predictions.hpp"
#include "bindings.hpp"
#include "compute.hpp"
#include "dinorc/ngrams/ngram_learning.hpp"
#include "methods.hpp"
#include "name_lists.hpp"
#include "ngram_model.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

// A copy of a vector of such numbers.
template <typename Number>
std::vector<Number> numbers_of(const char* name, const py::array& array) {
  require_usable<Number>(array, name);
  if (array.ndim() != 1) {
    throw py::value_error(std::string(name) + " has shape " + describe_shape(array) +
                          "; expected one dimension");
  }
  const Number* const data = static_cast<const Number*>(array.data());
  return {data, data + array.size()};
}

std::vector<Discounts> discounts_of(const py::array& array) {
  require_usable<double>(array, "discounts");
  if (array.ndim() != 2 || array.shape(1) != static_cast<py::ssize_t>(discount_kinds)) {
    throw py::value_error("discounts has shape " + describe_shape(array) + "; expected (order, " +
                          std::to_string(discount_kinds) + ")");
  }
  const double* const data = static_cast<const double*>(array.data());
  std::vector<Discounts> discounts(static_cast<std::size_t>(array.shape(0)));
  for (std::size_t i = 0; i < discounts.size(); ++i) {
    std::copy_n(data + i * discount_kinds, discount_kinds, discounts[i].begin());
  }
  return discounts;
}

std::unique_ptr<NGramModel> make_model(const py::int_& vocabulary_size, const py::array& branches,
                                       const py::array& characters, const py::array& counts,
                                       const py::array& discounts) {
  const std::size_t vocabulary = size_in_range("vocabulary_size", vocabulary_size, 2, largest_vocabulary);
  const std::vector<Discounts> by_length = discounts_of(discounts);
  NGramTable table{
      .order = by_length.size(),
      .branches = numbers_of<std::uint32_t>("branches", branches),
      .characters = numbers_of<CharacterId>("characters", characters),
      .counts = numbers_of<std::uint32_t>("counts", counts),
  };
  return compute([&] {
    return std::make_unique<NGramModel>(NGramPredictor(NGramTree(std::move(table), vocabulary), by_length));
  });
}

py::dict learn(const py::int_& vocabulary_size, const py::array& characters, const py::array& ends,
               const py::array& copies, const py::int_& least_order, const py::int_& greatest_order,
               const py::int_& seed) {
  const std::size_t vocabulary = size_in_range("vocabulary_size", vocabulary_size, 2, largest_vocabulary);
  const NameList names = name_list(characters, ends, 0, vocabulary);
  const std::vector<std::uint32_t> copies_of_names = numbers_of<std::uint32_t>("copies", copies);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (std::find(names[i].begin(), names[i].end(), end_of_name) != names[i].end() - 1) {
      throw py::value_error("names must end with 0 and have it nowhere else");
    }
  }
  if (copies_of_names.size() != names.size() ||
      std::count(copies_of_names.begin(), copies_of_names.end(), 0u)) {
    throw py::value_error("copies must have a number of at least 1 for each name");
  }
  const NGramOrders orders{
      .least = size_in_range("least_order", least_order, 1, most_order),
      .greatest = size_in_range("greatest_order", greatest_order, 1, most_order),
  };
  if (orders.least > orders.greatest) throw py::value_error("least_order is above greatest_order");
  const std::uint64_t number = seed_of(seed);
  LearnedNGrams learned;
  const bool done = compute([&] {
    return learn_ngrams(names, copies_of_names, vocabulary, orders, number, python_interrupted, learned);
  });
  if (!done) throw py::error_already_set();
  py::array_t<double> discounts({learned.discounts.size(), discount_kinds});
  for (std::size_t i = 0; i < learned.discounts.size(); ++i) {
    std::copy(learned.discounts[i].begin(), learned.discounts[i].end(),
              discounts.mutable_data(static_cast<py::ssize_t>(i), 0));
  }
  py::dict result;
  result["branches"] = array_of<std::uint32_t>(learned.table.branches);
  result["characters"] = array_of<CharacterId>(learned.table.characters);
  result["counts"] = array_of<std::uint32_t>(learned.table.counts);
  result["discounts"] = discounts;
  result["losses"] = array_of<double>(learned.losses);
  return result;
}

}  // namespace

void bind_ngrams(py::module_& module) {
  auto model = new_class<NGramModel>(module, "NGramModel", "Modified Kneser-Ney smoothing, interpolated.");
  model.def("__init__", constructor(make_model), py::detail::is_new_style_constructor(),
            py::arg("vocabulary_size"), py::arg("branches"), py::arg("characters"), py::arg("counts"),
            py::arg("discounts"));
  bind_predictions(model);
  module.def("learn_ngrams", learn, py::arg("vocabulary_size"), py::arg("characters"), py::arg("ends"),
             py::arg("copies"), py::arg("least_order"), py::arg("greatest_order"), py::arg("seed"),
             "The arrays of an NGramModel, and the losses of the orders, in nats per held-out character.");
}

}  // namespace dinorc::bindings
