// Which names to draw from a predictor, and the names drawn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dinorc/drawing/sampling_rules.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/names/name_list.hpp"

namespace dinorc {

// Names number first, ..., first + count - 1 of a seed. All begin with the prefix. None ends before it has
// min_length characters, and each ends at max_length at the latest, which is at least the length of the
// prefix. No length is above 65,536, so that 32 bits count the prefixes of names drawn together.
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
  // Whether a character of a name could have been a different one. If not, every name that can be asked for
  // is this one.
  bool had_a_choice = false;
};

}  // namespace dinorc
