// The log-probabilities of names under a predictor.
#pragma once

#include <span>
#include <vector>

#include "dinorc/names/name_list.hpp"
#include "dinorc/predictors/predictor.hpp"
#include "dinorc/threads/interruption.hpp"

namespace dinorc {

// Nats of each name, its end included: the sum over its characters, in their order and in double. Names that
// share a prefix share its work, and no number depends on what else is scored. A character that the model
// does not know is `no_character` in the list: it counts as `unknown_log_probability`, and is read as no
// character at all. Returns false if it was interrupted.
bool score_names(const Predictor& predictor, const NameList& names, double unknown_log_probability,
                 std::size_t workers, const Interrupted& interrupted, std::span<double> log_probabilities);

// Nats of each character of all names, their ends included; all are known. Returns false if it was
// interrupted.
bool score_each_character(const Predictor& predictor, const NameList& names, std::size_t workers,
                          const Interrupted& interrupted, std::span<double> log_probabilities);

// Nats of each character of a name, its end included.
std::vector<double> score_characters(const Predictor& predictor, CharacterIds name,
                                     double unknown_log_probability);

}  // namespace dinorc
