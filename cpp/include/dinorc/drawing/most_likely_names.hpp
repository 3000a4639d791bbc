// The names that a predictor finds most probable, exactly.
#pragma once

#include <cstddef>
#include <vector>

#include "dinorc/drawing/name_conditions.hpp"
#include "dinorc/drawing/unwanted_names.hpp"
#include "dinorc/names/name_list.hpp"
#include "dinorc/predictors/predictor.hpp"
#include "dinorc/threads/interruption.hpp"

namespace dinorc {

struct NameSearch {
  const NameConditions& conditions;  // that can be met
  const UnwantedNames& unwanted;
  std::size_t count;       // of names wanted, at least one
  std::size_t most_bytes;  // that the search may take, not counting the predictor
};

struct MostLikelyNames {
  enum class End { complete, out_of_memory, interrupted };

  NameList names;                         // most probable first; of equally probable ones, the lower first
  std::vector<double> log_probabilities;  // of each, its end included: the bits of score_names()
  End end = End::complete;                // otherwise, the names are the first of those wanted
};

// There are fewer names than wanted if no others have a probability above zero. Throws std::domain_error
// where a probability is not a number.
MostLikelyNames most_likely_names(const Predictor& predictor, const NameSearch& search,
                                  const Interrupted& interrupted);

}  // namespace dinorc
