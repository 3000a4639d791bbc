// NumPy's legacy random stream.
#include "arrays.hpp"
#include "bindings.hpp"
#include "compute.hpp"
#include "dinorc/random/categorical.hpp"
#include "dinorc/random/mersenne_twister.hpp"
#include "methods.hpp"
#include "numbers.hpp"

namespace dinorc::bindings {
namespace {

// The most doubles that an array could hold and still be addressed.
constexpr long long largest_size = 1LL << 60;

std::unique_ptr<MersenneTwister> new_stream(const py::int_& seed) {
  return std::make_unique<MersenneTwister>(
      static_cast<std::uint32_t>(integer_in_range("seed", seed, 0, 0xFFFFFFFFLL)));
}

py::array randn(MersenneTwister& stream, const py::int_& size_argument) {
  const auto size = integer_in_range("size", size_argument, 0, largest_size);
  py::array_t<double> result(static_cast<py::ssize_t>(size));
  double* const numbers = result.mutable_data();
  // The stream belongs to a Python object: the GIL is kept, so that no other thread draws from it meanwhile.
  const FloatEnvironmentGuard guard;
  stream.standard_normals({numbers, static_cast<std::size_t>(size)});
  return result;
}

std::size_t choice(MersenneTwister& stream, const py::array& p) {
  return with_real_type(p, "p", [&]<typename Real>() {
    ArrayArguments arguments;
    const VectorView<const Real> probabilities = arguments.read_all<Real>("p", p);
    if (p.ndim() != 1) throw py::value_error("p has shape " + describe_shape(p) + "; expected one dimension");
    const FloatEnvironmentGuard guard;
    const double sum = checked_sum<Real>(probabilities);
    return draw_category<Real>(probabilities, sum, stream.random_sample());
  });
}

// Fisher and Yates' shuffle from the last index down, as RandomState.shuffle does it to a list.
py::array shuffled_indices(MersenneTwister& stream, const py::int_& size_argument) {
  const auto size = integer_in_range("size", size_argument, 0, 0xFFFFFFFFLL);
  py::array_t<std::int64_t> result(static_cast<py::ssize_t>(size));
  std::int64_t* const indices = result.mutable_data();
  for (long long i = 0; i < size; ++i) indices[i] = i;
  for (long long i = size - 1; i > 0; --i) {
    std::swap(indices[i], indices[stream.random_interval(static_cast<std::uint32_t>(i))]);
  }
  return result;
}

}  // namespace

void bind_random(py::module_& module) {
  new_class<MersenneTwister>(module, "RandomState",
                             "MT19937, seeded and read as numpy.random.RandomState does, bit for bit; randn "
                             "to 15 digits, as its logarithm is the core's own.")
      .def("__init__", constructor(new_stream), py::detail::is_new_style_constructor(), py::arg("seed"))
      .def("random_sample", method(&MersenneTwister::random_sample), "A uniform number in [0, 1).")
      .def("randn", method(randn), py::arg("size"), "Standard normal numbers, a new array (size,).")
      .def("choice", method(choice), py::arg("p"),
           "An index drawn with the probabilities p, a vector that sums to 1.")
      .def("shuffled_indices", method(shuffled_indices), py::arg("size"),
           "0 to size - 1 in the order that RandomState.shuffle gives a list of that length.");
}

}  // namespace dinorc::bindings
