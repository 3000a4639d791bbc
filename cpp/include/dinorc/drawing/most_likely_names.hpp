// The names that a predictor finds most probable, exactly.
#pragma once

#include <cstddef>
#include <vector>

#include "dinorc/names/name_list.hpp"
#include "dinorc/predictors/predictor.hpp"
#include "dinorc/threads/interruption.hpp"

namespace dinorc {

struct NameSearch {
  CharacterIds prefix;     // that all names begin with
  std::size_t count;       // of names wanted, at least one
  std::size_t limit;       // on the length of a name
  std::size_t most_bytes;  // that the search may take, the predictor aside
};

struct MostLikelyNames {
  enum class End { complete, out_of_memory, interrupted };

  NameList names;                         // the most probable first; of equally probable ones the lower
  std::vector<double> log_probabilities;  // of each, its end included: the bits of score_names()
  End end = End::complete;                // otherwise, the names are the first of those wanted
};

// Fewer names than wanted where there are no others of a probability above zero; the name without characters
// counts for none. Throws std::domain_error where a probability is not a number.
MostLikelyNames most_likely_names(const Predictor& predictor, const NameSearch& search,
                                  const Interrupted& interrupted);

}  // namespace dinorc
