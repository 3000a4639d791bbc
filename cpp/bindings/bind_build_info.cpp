// What was built, by which compiler, for which instruction set.
#include "bindings.hpp"
#include "dinorc/build_info.hpp"

namespace py = pybind11;

namespace dinorc::bindings {

void bind_build_info(py::module_& module) {
  module.def(
      "build_info",
      [] {
        const BuildInfo info = build_info();
        py::dict result;
        result["version"] = info.version;
        result["compiler"] = info.compiler;
        result["flags"] = info.flags;
        result["instruction_set"] = info.instruction_set;
        result["float_contract_version"] = info.float_contract_version;
        return result;
      },
      "Version, compiler and its flags, the instruction set in use, and the version of the float contract.");
}

}  // namespace dinorc::bindings
