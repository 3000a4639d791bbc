// Which names to draw from a predictor, and the names drawn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "dinorc/drawing/name_conditions.hpp"
#include "dinorc/drawing/remaining_names.hpp"
#include "dinorc/drawing/sampling_rules.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/names/name_list.hpp"
#include "dinorc/random/philox.hpp"

namespace dinorc {

class LookAhead;

// What a draw under conditions asks at each prefix: which characters lead to a wanted name, and one of two
// things more. With `remaining`, names come as often as the model says, of those that are left: a name that
// turns out not to be wanted, or not to be left, is refused. With `look_ahead`, characters that promise
// wanted names are preferred, and each name comes with the weight that makes up for it.
struct WantedNames {
  const NameConditions* conditions;
  const RemainingNames* remaining = nullptr;
  const LookAhead* look_ahead = nullptr;
};

// What is known where a character is drawn: the last two characters, no_character before the first; how many
// characters there are, and how many names begin so; and the weights of the next one.
struct DrawnPlace {
  CharacterId last_but_one;
  CharacterId last;
  std::size_t length;
  std::size_t names;
  std::span<const double> weights;
};

// Names number first, ..., first + count - 1 of a seed. All begin with the prefix. Without `wanted`, each
// ends at max_length at the latest, which is at least the length of the prefix; with it, its conditions say
// what the prefix and the lengths are. No length is above 65,536; with `remaining`, which keeps a visit of
// each prefix, count times the greatest length is below 2^32. So 32 bits count the prefixes of names drawn
// together.
struct NameRequest {
  std::uint64_t seed = 0;
  StreamPurpose purpose = StreamPurpose::sampling;
  std::uint64_t first = 0;
  std::size_t count = 0;
  std::vector<CharacterId> prefix = {};  // no end of a name in it
  std::size_t max_length = 0;
  SamplingRules rules = {};
  bool wants_log_probabilities = false;
  WantedNames wanted = {};
  std::function<void(const DrawnPlace&)> observe = {};  // by whatever thread comes there
};

struct SampledNames {
  NameList names;                         // of a refused one, only its end
  std::vector<double> log_probabilities;  // of the names, as score_names() computes them; where wanted
  // Under conditions:
  std::vector<std::uint8_t> is_refused;  // by name
  std::vector<double> weights;           // by name, where it looks ahead
  // Where the rest is asked for:
  std::vector<std::uint32_t> ends_in;         // by name: the visit of the prefix that is all of it
  std::vector<RemainingNames::Visit> visits;  // of all prefixes
};

}  // namespace dinorc
