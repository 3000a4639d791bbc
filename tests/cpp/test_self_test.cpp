// The self-test that runs at import, and the hash of bits that it is made of.
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "check.hpp"
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

TEST("the self-test passes with every instruction set, and changes none of it") {
  const std::string before = name_in_use();
  for (const std::string& name : usable_instruction_sets()) {
    const Context context(name);
    use_instruction_set(name);
    CHECK_EQUAL(self_test_hash(), expected_self_test_hash);
    CHECK_EQUAL(verify_kernels(), "");
    CHECK_EQUAL(name_in_use(), name);
  }
  use_instruction_set(before);
}

TEST("a self-test that fails is reported and leaves the baseline kernels in use") {
  const std::string before = name_in_use();
  for (const std::string& name : usable_instruction_sets()) {
    const Context context(name);
    use_instruction_set(name);
    CHECK(verify_kernels(expected_self_test_hash + 1).find("float contract") != std::string::npos);
    CHECK_EQUAL(name_in_use(), "baseline");
  }
  use_instruction_set(before);
}

}  // namespace
}  // namespace dinorc::check
