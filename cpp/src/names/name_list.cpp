#include "dinorc/names/name_list.hpp"

#include <algorithm>
#include <numeric>

namespace dinorc {

std::vector<std::uint32_t> sorted_order(const NameList& names) {
  std::vector<std::uint32_t> order(names.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::sort(order.begin(), order.end(), [&names](std::uint32_t a, std::uint32_t b) {
    const CharacterIds left = names[a];
    const CharacterIds right = names[b];
    const auto [l, r] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
    if (l == left.end() || r == right.end()) {
      return left.size() != right.size() ? left.size() < right.size() : a < b;
    }
    return *l < *r;
  });
  return order;
}

}  // namespace dinorc
