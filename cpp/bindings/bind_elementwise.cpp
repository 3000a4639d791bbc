// Functions of each number of an array, and softmax.
#include <algorithm>

#include "arrays.hpp"
#include "bindings.hpp"
#include "compute.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/notebook/cross_entropy.hpp"

namespace dinorc::bindings {
namespace {

// y = function(x) for a kernel of that shape, as a new array of the shape and type of x.
template <typename Select>
py::array map_array(const py::array& x, Select select_kernel) {
  return with_real_type(x, "x", [&]<typename Real>() {
    ArrayArguments arguments;
    const VectorView<const Real> source = arguments.read_all<Real>("x", x);
    py::array_t<Real> result(std::vector<py::ssize_t>(x.shape(), x.shape() + x.ndim()));
    Real* const target = result.mutable_data();
    compute([&] { select_kernel(active_kernels<Real>())(source.data, target, source.size); });
    return py::array(result);
  });
}

// The course's softmax of a column (n, 1) or a vector (n,): exp(x - max) / sum.
py::array softmax_array(const py::array& x) {
  return with_real_type(x, "x", [&]<typename Real>() {
    ArrayArguments arguments;
    const VectorView<const Real> source = arguments.read_all<Real>("x", x);
    if (source.size == 0) throw py::value_error("x is empty; expected at least one number");
    py::array_t<Real> result(std::vector<py::ssize_t>(x.shape(), x.shape() + x.ndim()));
    const VectorView<Real> target{result.mutable_data(), source.size};
    compute([&] { softmax<Real>(source, target); });
    return py::array(result);
  });
}

}  // namespace

void bind_elementwise(py::module_& module) {
  module.def(
      "exp", [](const py::array& x) { return map_array(x, [](const auto& table) { return table.exp; }); },
      py::arg("x"), "The exponential of each number, as a new array.");
  module.def(
      "tanh", [](const py::array& x) { return map_array(x, [](const auto& table) { return table.tanh; }); },
      py::arg("x"), "The hyperbolic tangent of each number, as a new array.");
  module.def(
      "sigmoid",
      [](const py::array& x) { return map_array(x, [](const auto& table) { return table.sigmoid; }); },
      py::arg("x"), "1 / (1 + exp(-x)) of each number, as a new array.");
  module.def(
      "log", [](const py::array& x) { return map_array(x, [](const auto& table) { return table.log; }); },
      py::arg("x"), "The natural logarithm of each number, as a new array.");
  module.def("softmax", softmax_array, py::arg("x"),
             "exp(x - max(x)) / sum of these, over all numbers of x, as a new array.");
}

}  // namespace dinorc::bindings
