// What was built, by which compiler, for which instruction set.
#pragma once

#include <cstdint>
#include <string>

namespace dinorc {

struct BuildInfo {
  std::string version;
  std::string compiler;         // its name and version
  std::string flags;            // those that shape the arithmetic
  std::string instruction_set;  // of the kernels in use
  std::uint32_t float_contract_version;
};

BuildInfo build_info();

}  // namespace dinorc
