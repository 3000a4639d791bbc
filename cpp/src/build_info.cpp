#include "dinorc/build_info.hpp"

#include "dinorc/foundations/float_contract.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {
namespace {

std::string compiler() {
#if defined(__clang__)
  return "Clang " + std::to_string(__clang_major__) + "." + std::to_string(__clang_minor__) + "." +
         std::to_string(__clang_patchlevel__);
#elif defined(__GNUC__)
  return "GCC " + std::to_string(__GNUC__) + "." + std::to_string(__GNUC_MINOR__) + "." +
         std::to_string(__GNUC_PATCHLEVEL__);
#elif defined(_MSC_VER)
  return "MSVC " + std::to_string(_MSC_FULL_VER);
#else
  return "unknown";
#endif
}

}  // namespace

BuildInfo build_info() {
  return {
      .version = DINORC_VERSION,
      .compiler = compiler(),
      .flags = DINORC_COMPILER_FLAGS,
      .instruction_set = instruction_set(),
      .float_contract_version = float_contract_version,
  };
}

}  // namespace dinorc
