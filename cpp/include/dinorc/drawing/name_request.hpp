// What names to draw from a predictor, and what comes of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dinorc/drawing/sampling_rules.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/names/name_list.hpp"

namespace dinorc {

// Names number first, ..., first + count - 1 of a seed. All begin with the prefix; none ends before it has
// min_length characters, and one that has max_length, which is at least the length of the prefix, ends there.
// No length is above 65,536, so that 32 bits count the prefixes of the names that are drawn together.
struct NameRequest {
  std::uint64_t seed = 0;
  std::uint64_t first = 0;
  std::size_t count = 0;
  std::vector<CharacterId> prefix = {};  // no end of a name in it
  std::size_t min_length = 0;
  std::size_t max_length = 0;
  SamplingRules rules = {};
  bool wants_log_probabilities = false;
};

struct SampledNames {
  NameList names;
  std::vector<double> log_probabilities;  // of the names, as score_names() computes them; where wanted
  // Whether a character of a name might have been another one. If not, all names that could be asked for
  // are this one.
  bool had_a_choice = false;
};

}  // namespace dinorc
