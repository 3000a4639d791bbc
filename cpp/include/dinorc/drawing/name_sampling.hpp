// Names drawn from a predictor, many at a time.
#pragma once

#include <cstddef>
#include <vector>

#include "dinorc/drawing/name_request.hpp"
#include "dinorc/predictors/predictor.hpp"
#include "dinorc/threads/interruption.hpp"

namespace dinorc {

// Draws the names of a request. Each depends on the seed and its number alone, not on how many are asked for
// nor on the number of workers. Returns no names if it was interrupted.
SampledNames sample_names(const Predictor& predictor, const NameRequest& request, std::size_t workers,
                          const Interrupted& interrupted);

// The same names in one block after the other, each with what was seen on the way, as a draw under conditions
// asks for it. Returns no block if it was interrupted.
std::vector<SampledNames> sample_blocks(const Predictor& predictor, const NameRequest& request,
                                        std::size_t workers, const Interrupted& interrupted);

}  // namespace dinorc
