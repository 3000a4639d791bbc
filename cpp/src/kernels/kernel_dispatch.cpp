// Which tables of kernels there are, and which is in use.
#include <cstdlib>
#include <stdexcept>
#include <type_traits>

#include "dinorc/kernels/kernels.hpp"
#include "kernels/tables.hpp"

namespace dinorc {
namespace {

struct InstructionSet {
  const char* name;
  const char* description;
  bool (*is_supported)();
  const KernelTable<float>* float32_table;
  const KernelTable<double>* float64_table;
};

constexpr const char* baseline_description =
#if defined(DINORC_SCALAR_KERNELS) || !defined(__GNUC__)
    "baseline (scalar)";
#elif defined(__SSE2__)
    "baseline (sse2)";
#elif defined(__aarch64__)
    "baseline (neon)";
#else
    "baseline";
#endif

#if defined(DINORC_X86_KERNELS)

// The builtins also ask the operating system (XGETBV) whether it saves the wide registers. The features are
// those that kernels.cpp is compiled for, in cmake/kernels.cmake.
bool supports_avx2() { return __builtin_cpu_supports("avx2"); }

bool supports_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

#endif

// The plainest first.
constexpr InstructionSet instruction_sets[] = {
    {"baseline", baseline_description, [] { return true; }, &kernels::baseline::float32_table,
     &kernels::baseline::float64_table},
#if defined(DINORC_X86_KERNELS)
    {"avx2", "avx2", supports_avx2, &kernels::avx2::float32_table, &kernels::avx2::float64_table},
    {"avx512", "avx512", supports_avx512, &kernels::avx512::float32_table, &kernels::avx512::float64_table},
#endif
};

std::string usable_names() {
  std::string names;
  for (const std::string& name : usable_instruction_sets()) names += (names.empty() ? "" : ", ") + name;
  return names;
}

// `source` is where the name came from, for the message.
const InstructionSet& find(std::string_view name, const std::string& source = "instruction_set") {
  for (const InstructionSet& candidate : instruction_sets) {
    if (name == candidate.name && candidate.is_supported()) return candidate;
  }
  throw std::runtime_error(
      source + " is \"" + std::string(name) +
      "\", which this build or this processor does not have; expected one of: " + usable_names());
}

const InstructionSet& choose() {
  const char* const wanted = std::getenv("DINORC_ISA");
  if (wanted != nullptr && *wanted != '\0') return find(wanted, "DINORC_ISA");
  const InstructionSet* best = &instruction_sets[0];
  for (const InstructionSet& candidate : instruction_sets) {
    if (candidate.is_supported()) best = &candidate;
  }
  return *best;
}

const InstructionSet*& in_use() {
  static const InstructionSet* chosen = &choose();
  return chosen;
}

template <typename Real>
const KernelTable<Real>& table_of(const InstructionSet& set) {
  if constexpr (std::is_same_v<Real, float>) {
    return *set.float32_table;
  } else {
    return *set.float64_table;
  }
}

}  // namespace

template <typename Real>
const KernelTable<Real>& active_kernels() {
  return table_of<Real>(*in_use());
}

template <typename Real>
const KernelTable<Real>& kernels_for(std::string_view instruction_set) {
  return table_of<Real>(find(instruction_set));
}

template const KernelTable<float>& active_kernels();
template const KernelTable<double>& active_kernels();
template const KernelTable<float>& kernels_for(std::string_view);
template const KernelTable<double>& kernels_for(std::string_view);

std::vector<std::string> usable_instruction_sets() {
  std::vector<std::string> names;
  for (const InstructionSet& candidate : instruction_sets) {
    if (candidate.is_supported()) names.emplace_back(candidate.name);
  }
  return names;
}

void use_instruction_set(std::string_view name) { in_use() = &find(name); }

std::string instruction_set() { return in_use()->description; }

}  // namespace dinorc
