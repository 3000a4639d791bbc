// The self-test that runs at import, and the hash of bits that it is made of.
#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/cells/cell_registry.hpp"
#include "dinorc/foundations/bit_hash.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/self_test.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

std::uint64_t hash_of_bytes(const std::vector<std::uint8_t>& bytes) {
  BitHash hash;
  for (const std::uint8_t byte : bytes) hash.add(std::uint64_t{byte}, 1);
  return hash.value();
}

template <typename Real>
std::uint64_t hash_of(const std::vector<Real>& numbers) {
  BitHash hash;
  hash.add(VectorView<const Real>{numbers.data(), numbers.size()});
  return hash.value();
}

TEST("the hash is FNV-1a, by the values its authors publish") {
  CHECK_EQUAL(hash_of_bytes({}), 0xCBF29CE484222325u);
  CHECK_EQUAL(hash_of_bytes({'a'}), 0xAF63DC4C8601EC8Cu);
  CHECK_EQUAL(hash_of_bytes({'f', 'o', 'o', 'b', 'a', 'r'}), 0x85944171F73967E8u);
}

TEST("numbers are hashed as their bytes, the lowest first") {
  CHECK_EQUAL(hash_of<double>({1.0}), hash_of_bytes({0, 0, 0, 0, 0, 0, 0xF0, 0x3F}));
  CHECK_EQUAL(hash_of<float>({1.0f}), hash_of_bytes({0, 0, 0x80, 0x3F}));
  BitHash of_integer;
  of_integer.add(std::uint64_t{0x0102030405060708u});
  CHECK_EQUAL(of_integer.value(), hash_of_bytes({8, 7, 6, 5, 4, 3, 2, 1}));
}

TEST("the hash tells the zeros, the order and the last bit apart, but no NaN from another") {
  for_each_type([]<typename Real>() {
    using Limits = std::numeric_limits<Real>;
    CHECK(hash_of<Real>({0}) != hash_of<Real>({Real{-0.0}}));
    CHECK(hash_of<Real>({1, 2}) != hash_of<Real>({2, 1}));
    CHECK(hash_of<Real>({1}) != hash_of<Real>({1 + Limits::epsilon()}));
    CHECK_EQUAL(hash_of<Real>({Limits::quiet_NaN()}), hash_of<Real>({-Limits::quiet_NaN()}));
  });
}

// The line that belongs in cpp/include/dinorc/self_test.hpp.
std::string line_for(const SelfTestHash& hash) {
  char digits[17];
  std::snprintf(digits, sizeof(digits), "%016" PRIX64, hash.value);
  return text_of("{\"", hash.part, "\", 0x", digits, "u},");
}

TEST("each part of the self-test is listed, with the bits that every instruction set gives") {
  const std::string before = name_in_use();
  std::vector<std::string> parts = {"functions", "notebook"};
  for (const CellOperations<float>& cell : cell_registry<float>()) parts.emplace_back(cell.name);
  for (const std::string& name : usable_instruction_sets()) {
    use_instruction_set(name);
    for (const std::string& part : parts) {
      const Context context(name, "; left is the line that belongs in cpp/include/dinorc/self_test.hpp");
      std::string listed = "missing";
      for (const SelfTestHash& hash : expected_self_test_hashes) {
        if (hash.part == part) listed = line_for(hash);
      }
      CHECK_EQUAL(line_for({part, self_test_hash(part)}), listed);
    }
    CHECK_EQUAL(verify_kernels(), "");
    CHECK_EQUAL(name_in_use(), name);
  }
  use_instruction_set(before);
  for (const SelfTestHash& hash : expected_self_test_hashes) {
    const Context context("a line for what there is not: ", hash.part);
    CHECK(std::ranges::count(parts, hash.part) == 1);
  }
}

TEST("a self-test that fails in any part is reported and leaves the baseline kernels in use") {
  const std::string before = name_in_use();
  for (const std::string& name : usable_instruction_sets()) {
    for (SelfTestHash wrong : expected_self_test_hashes) {
      const Context context(name, ", ", wrong.part);
      ++wrong.value;
      use_instruction_set(name);
      CHECK(verify_kernels({&wrong, 1}).find("float contract") != std::string::npos);
      CHECK_EQUAL(name_in_use(), "baseline");
    }
  }
  use_instruction_set(before);
}

TEST("a cell that isn't listed yet is not the machine's fault") {
  const std::span<const SelfTestHash> all = expected_self_test_hashes;
  CHECK_EQUAL(verify_kernels(all.first(all.size() - 1)), "");
}

}  // namespace
}  // namespace dinorc::check
