// From NumPy arrays to views, and the only code that does so: nothing is copied, nothing is converted.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dinorc/foundations/views.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/notebook/notebook_arrays.hpp"

namespace dinorc::bindings {

namespace py = pybind11;

inline std::string describe_shape(const py::array& array) {
  return py::str(array.attr("shape")).cast<std::string>();
}

inline std::string describe_dtype(const py::array& array) {
  return py::str(py::object(array.dtype())).cast<std::string>();
}

// Calls function.operator()<Real>() for the type of the array, which must be float64 or float32.
template <typename Function>
auto with_real_type(const py::array& array, const char* name, Function&& function) {
  if (py::isinstance<py::array_t<double>>(array)) return function.template operator()<double>();
  if (py::isinstance<py::array_t<float>>(array)) return function.template operator()<float>();
  throw py::type_error(std::string(name) + " has dtype " + describe_dtype(array) +
                       "; expected float64 or float32 in native byte order");
}

// A masked array is an array by its class, but some of its numbers are not meant to be used.
inline bool is_masked(const py::array& array) {
  const bool is_plain = Py_IS_TYPE(array.ptr(), py::detail::npy_api::get().PyArray_Type_);
  return !is_plain && py::hasattr(array, "mask");
}

// Throws TypeError or ValueError unless the array can be used in place as numbers of type Number.
template <typename Number>
void require_usable(const py::array& array, const std::string& name) {
  if (is_masked(array)) throw py::type_error(name + " is a masked array; expected a plain one");
  if (!py::isinstance<py::array_t<Number>>(array)) {
    throw py::type_error(name + " has dtype " + describe_dtype(array) + "; expected " +
                         py::str(py::object(py::dtype::of<Number>())).cast<std::string>() +
                         ", the same for all arrays of a call");
  }
  const int flags = array.flags();
  if ((flags & py::array::c_style) == 0) throw py::value_error(name + " is not C-contiguous");
  if ((flags & py::detail::npy_api::NPY_ARRAY_ALIGNED_) == 0) throw py::value_error(name + " is not aligned");
}

// The float arrays of one call: each is checked when its view is taken.
class ArrayArguments {
 public:
  template <typename Real>
  MatrixView<const Real> read_matrix(const char* name, const py::array& array, std::size_t rows,
                                     std::size_t columns) {
    require<Real>(name, array, {rows, columns}, false);
    return {static_cast<const Real*>(array.data()), rows, columns, columns};
  }

  template <typename Real>
  MatrixView<Real> write_matrix(const char* name, py::array& array, std::size_t rows, std::size_t columns) {
    require<Real>(name, array, {rows, columns}, true);
    return {static_cast<Real*>(array.mutable_data()), rows, columns, columns};
  }

  // A column (size, 1).
  template <typename Real>
  VectorView<const Real> read_column(const char* name, const py::array& array, std::size_t size) {
    return {read_matrix<Real>(name, array, size, 1).data, size};
  }

  template <typename Real>
  VectorView<Real> write_column(const char* name, py::array& array, std::size_t size) {
    return {write_matrix<Real>(name, array, size, 1).data, size};
  }

  // Columns (count, size, 1), one a time, as rows.
  template <typename Real>
  MatrixView<const Real> read_columns(const char* name, const py::array& array, std::size_t count,
                                      std::size_t size) {
    require<Real>(name, array, {count, size, 1}, false);
    return {static_cast<const Real*>(array.data()), count, size, size};
  }

  // An array of any shape, taken as the numbers it holds.
  template <typename Real>
  VectorView<const Real> read_all(const char* name, const py::array& array) {
    require_usable<Real>(array, name);
    remember(name, array, false);
    return {static_cast<const Real*>(array.data()), static_cast<std::size_t>(array.size())};
  }

  template <typename Real>
  VectorView<Real> write_all(const char* name, py::array& array) {
    require_usable<Real>(array, name);
    if (!array.writeable()) throw py::value_error(std::string(name) + " is read-only");
    remember(name, array, true);
    return {static_cast<Real*>(array.mutable_data()), static_cast<std::size_t>(array.size())};
  }

  // Throws ValueError where an array that is written shares memory with another argument.
  void require_no_overlap() const {
    for (const Range& written : ranges()) {
      if (!written.is_written) continue;
      for (const Range& other : ranges()) {
        if (&other != &written && written.begin < other.end && other.begin < written.end) {
          throw py::value_error(std::string(written.name) + " is written and shares memory with " +
                                other.name);
        }
      }
    }
  }

 private:
  struct Range {
    const char* name;
    std::uintptr_t begin;
    std::uintptr_t end;
    bool is_written;
  };

  template <typename Real>
  void require(const char* name, const py::array& array, std::initializer_list<std::size_t> shape,
               bool is_written) {
    require_usable<Real>(array, name);
    const bool fits =
        static_cast<std::size_t>(array.ndim()) == shape.size() &&
        std::equal(shape.begin(), shape.end(), array.shape(), [](std::size_t wanted, py::ssize_t came) {
          return wanted == static_cast<std::size_t>(came);
        });
    if (!fits) {
      const std::string wanted =
          py::str(py::tuple(py::cast(std::vector<std::size_t>(shape)))).cast<std::string>();
      throw py::value_error(std::string(name) + " has shape " + describe_shape(array) + "; expected " +
                            wanted);
    }
    if (is_written && !array.writeable()) throw py::value_error(std::string(name) + " is read-only");
    remember(name, array, is_written);
  }

  void remember(const char* name, const py::array& array, bool is_written) {
    const auto begin = reinterpret_cast<std::uintptr_t>(array.data());
    ranges_.at(count_++) = {name, begin, begin + static_cast<std::uintptr_t>(array.nbytes()), is_written};
  }

  std::span<const Range> ranges() const { return {ranges_.data(), count_}; }

  // Nothing is allocated: this call may be the second of several for one of the user's, and must not fail.
  std::array<Range, 16> ranges_;
  std::size_t count_ = 0;
};

// Throws ValueError where a number is an infinity or a NaN.
template <typename Real>
void require_finite(const char* name, VectorView<const Real> numbers, std::size_t columns) {
  if (active_kernels<Real>().all_finite(numbers.data, numbers.size)) return;
  const Real* const end = numbers.data + numbers.size;
  const Real* const found = std::find_if(numbers.data, end, [](Real x) { return !std::isfinite(x); });
  const std::size_t index = static_cast<std::size_t>(found - numbers.data);
  throw py::value_error(std::string(name) + "[" + std::to_string(index / columns) + ", " +
                        std::to_string(index % columns) + "] is " +
                        py::repr(py::float_(*found)).cast<std::string>() + "; expected a finite number");
}

template <typename Real>
void require_finite(const NotebookArrays<const Real>& parameters) {
  const auto check = [](const char* name, MatrixView<const Real> matrix) {
    require_finite<Real>(name, {matrix.data, matrix.rows * matrix.columns}, matrix.columns);
  };
  check("Wax", parameters.Wax);
  check("Waa", parameters.Waa);
  check("Wya", parameters.Wya);
  require_finite<Real>("b", parameters.b, 1);
  require_finite<Real>("by", parameters.by, 1);
}

// Throws ValueError unless the array has two dimensions, neither of them empty.
inline void require_matrix(const char* name, const py::array& array) {
  if (array.ndim() != 2 || array.size() == 0) {
    throw py::value_error(std::string(name) + " has shape " + describe_shape(array) +
                          "; expected two dimensions, neither of length 0");
  }
}

// The notebook's five parameter arrays, as a function's first arguments.
struct ParameterArguments {
  py::array Wax, Waa, Wya, b, by;

  // Sizes come from Wax (n_a, n_x) and Wya (n_y, n_a); all else must agree with them.
  template <typename Real>
  NotebookArrays<const Real> read(ArrayArguments& arguments) const {
    const auto [n_a, n_x, n_y] = sizes();
    return {arguments.read_matrix<Real>("Wax", Wax, n_a, n_x),
            arguments.read_matrix<Real>("Waa", Waa, n_a, n_a),
            arguments.read_matrix<Real>("Wya", Wya, n_y, n_a), arguments.read_column<Real>("b", b, n_a),
            arguments.read_column<Real>("by", by, n_y)};
  }

  template <typename Real>
  NotebookArrays<Real> write(ArrayArguments& arguments) {
    const auto [n_a, n_x, n_y] = sizes();
    return {arguments.write_matrix<Real>("Wax", Wax, n_a, n_x),
            arguments.write_matrix<Real>("Waa", Waa, n_a, n_a),
            arguments.write_matrix<Real>("Wya", Wya, n_y, n_a), arguments.write_column<Real>("b", b, n_a),
            arguments.write_column<Real>("by", by, n_y)};
  }

 private:
  struct Sizes {
    std::size_t n_a, n_x, n_y;
  };

  Sizes sizes() const {
    require_matrix("Wax", Wax);
    require_matrix("Wya", Wya);
    return {static_cast<std::size_t>(Wax.shape(0)), static_cast<std::size_t>(Wax.shape(1)),
            static_cast<std::size_t>(Wya.shape(0))};
  }
};

// A new array (rows, columns) of zeros.
template <typename Real>
py::array new_matrix(std::size_t rows, std::size_t columns) {
  py::array_t<Real> result({rows, columns});
  std::fill_n(result.mutable_data(), rows * columns, Real{0});
  return result;
}

// A new array of the numbers of a vector.
template <typename To, typename From>
py::array_t<To> array_of(const std::vector<From>& numbers) {
  py::array_t<To> result(static_cast<py::ssize_t>(numbers.size()));
  std::copy(numbers.begin(), numbers.end(), result.mutable_data());
  return result;
}

// Arrays for all five gradients, or all five parameters, of the sizes of `like`.
template <typename Real>
ParameterArguments new_arrays(const NotebookArrays<const Real>& like) {
  return {new_matrix<Real>(like.hidden_size(), like.input_size()),
          new_matrix<Real>(like.hidden_size(), like.hidden_size()),
          new_matrix<Real>(like.output_size(), like.hidden_size()), new_matrix<Real>(like.hidden_size(), 1),
          new_matrix<Real>(like.output_size(), 1)};
}

// A copy of int32 character ids, each at least `lowest` and below `end`. A copy, so that no other thread can
// change an id between the check and its use.
inline std::vector<CharacterId> character_ids(const char* name, const py::array& array, CharacterId lowest,
                                              std::size_t end) {
  require_usable<CharacterId>(array, name);
  if (array.ndim() != 1 || array.size() == 0) {
    throw py::value_error(std::string(name) + " has shape " + describe_shape(array) +
                          "; expected one dimension, not empty");
  }
  const CharacterId* const data = static_cast<const CharacterId*>(array.data());
  std::vector<CharacterId> ids(data, data + array.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < lowest || static_cast<std::int64_t>(ids[i]) >= static_cast<std::int64_t>(end)) {
      throw py::value_error(std::string(name) + "[" + std::to_string(i) + "] is " + std::to_string(ids[i]) +
                            "; expected " + std::to_string(lowest) + " to " + std::to_string(end - 1));
    }
  }
  return ids;
}

}  // namespace dinorc::bindings
