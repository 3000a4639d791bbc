// How a network is trained, apart from the names and the network itself.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dinorc {

enum class Schedule { constant, one_cycle };

struct TrainingSettings {
  std::uint64_t seed;      // of the order of the names and of dropout
  std::size_t batch_size;  // names per step, at most
  std::size_t epochs;      // that the schedule is made for
  double learning_rate;    // the largest
  Schedule schedule;
  double weight_decay;  // decoupled, of all weights but the biases
  double dropout;       // of the hidden output ahead of the output layer
  double clip_value;    // of each number of the gradients; may be infinite
  double clip_norm;     // of all gradients together, ahead of clip_value; may be infinite
};

// The learning rate of step 0, 1, ..., steps - 1: `highest` or, for one_cycle (Smith and Topin,
// "Super-convergence", 2019), a rise from highest / 25 to it over the first three tenths of the steps, and a
// fall to highest / 250,000 over the rest, both along the smooth curve x^2 (3 - 2 x).
double learning_rate_at(Schedule schedule, double highest, std::uint64_t step, std::uint64_t steps);

}  // namespace dinorc
