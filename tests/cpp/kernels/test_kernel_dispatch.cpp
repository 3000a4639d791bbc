// Which kernels there are and which are in use.
#include <algorithm>
#include <cstdlib>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/build_info.hpp"
#include "dinorc/foundations/float_contract.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

void set_environment(const char* name, const char* value) {
#if defined(_WIN32)
  _putenv_s(name, value);
#else
  setenv(name, value, 1);
#endif
}

// Must come first: afterwards the choice is made and stays.
TEST("DINORC_ISA decides at first use: an unknown name throws, a known one is taken, and stays") {
  const char* const from_outside = std::getenv("DINORC_ISA");
  const std::string wanted = from_outside == nullptr ? "" : from_outside;
  for (int i = 0; i < 2; ++i) {
    for (const char* unknown : {"sse9", "AVX2", "baseline ", "avx"}) {
      set_environment("DINORC_ISA", unknown);
      const std::string message = CHECK_THROWS(std::runtime_error, active_kernels<double>());
      CHECK(message.find(text_of('"', unknown, '"')) != std::string::npos);
      CHECK_THROWS(std::runtime_error, active_kernels<float>());
      CHECK_THROWS(std::runtime_error, instruction_set());
    }
  }
  set_environment("DINORC_ISA", wanted.c_str());
  const std::string expected = wanted.empty() ? usable_instruction_sets().back() : wanted;
  CHECK(&active_kernels<float>() == &kernels_for<float>(expected));
  CHECK(&active_kernels<double>() == &kernels_for<double>(expected));
  CHECK(instruction_set().starts_with(expected));

  set_environment("DINORC_ISA", usable_instruction_sets().front().c_str());
  CHECK(&active_kernels<float>() == &kernels_for<float>(expected));
  set_environment("DINORC_ISA", "sse9");
  CHECK(&active_kernels<double>() == &kernels_for<double>(expected));
  set_environment("DINORC_ISA", wanted.c_str());
}

TEST("the usable sets begin with the plainest and are all different") {
  const std::vector<std::string> names = usable_instruction_sets();
  CHECK(!names.empty());
  CHECK_EQUAL(names.front(), "baseline");
  CHECK_EQUAL(std::set<std::string>(names.begin(), names.end()).size(), names.size());
  CHECK_EQUAL(usable_instruction_sets(), names);
}

TEST("each usable set has a table of its own, whole") {
  for_each_type([]<typename Real>() {
    std::set<const KernelTable<Real>*> tables;
    for_each_table<Real>([&](const KernelTable<Real>& table) {
      tables.insert(&table);
      CHECK(table.multiply != nullptr && table.exp != nullptr && table.tanh != nullptr);
      CHECK(table.sigmoid != nullptr && table.log != nullptr && table.add != nullptr);
      CHECK(table.clip != nullptr && table.descend != nullptr && table.clip_and_descend != nullptr);
      CHECK(table.tanh_backward != nullptr && table.sum_rows != nullptr && table.transpose != nullptr);
      CHECK(table.steps_forward != nullptr && table.steps_backward != nullptr);
      CHECK(table.softmax_terms != nullptr && table.divide_rows != nullptr && table.all_finite != nullptr);
    });
    CHECK_EQUAL(tables.size(), usable_instruction_sets().size());
  });
}

TEST("use_instruction_set changes the tables in use, for both types") {
  const std::string before = name_in_use();
  for (const std::string& name : usable_instruction_sets()) {
    use_instruction_set(name);
    CHECK(&active_kernels<float>() == &kernels_for<float>(name));
    CHECK(&active_kernels<double>() == &kernels_for<double>(name));
    CHECK(instruction_set().starts_with(name));
    CHECK_EQUAL(name_in_use(), name);
    CHECK_THROWS(std::runtime_error, use_instruction_set("sse9"));
    CHECK_EQUAL(name_in_use(), name);
  }
  use_instruction_set(before);
}

TEST("an unknown name throws, and the message lists those that would do") {
  for_each_type([]<typename Real>() {
    for (const char* unknown : {"", "avx1024", "Baseline", "baseline,avx2"}) {
      const std::string message = CHECK_THROWS(std::runtime_error, kernels_for<Real>(unknown));
      CHECK(message.find(text_of('"', unknown, '"')) != std::string::npos);
      for (const std::string& name : usable_instruction_sets()) {
        CHECK(message.substr(message.find("expected")).find(name) != std::string::npos);
      }
    }
  });
}

TEST("build_info names the set in use, the contract and the flags that keep it") {
  const BuildInfo info = build_info();
  CHECK_EQUAL(info.instruction_set, instruction_set());
  CHECK_EQUAL(info.float_contract_version, float_contract_version);
  CHECK(!info.version.empty());
  CHECK(!info.compiler.empty());
#if defined(__GNUC__)
  CHECK(info.flags.find("-ffp-contract=off") != std::string::npos);
#endif
}

}  // namespace
}  // namespace dinorc::check
