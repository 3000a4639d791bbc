// The notebook's training loop: one name a step, the state carried from name to name.
#pragma once

#include <cstddef>
#include <vector>

#include "dinorc/names/characters.hpp"
#include "dinorc/names/name_list.hpp"
#include "dinorc/notebook/backpropagation.hpp"
#include "dinorc/notebook/notebook_arrays.hpp"
#include "dinorc/notebook/packed_network.hpp"
#include "dinorc/notebook/parameter_buffer.hpp"
#include "dinorc/threads/interruption.hpp"

namespace dinorc {

template <typename Real>
class OnlineTrainer {
 public:
  // Copies the parameters; `names` holds at least one name and no empty one.
  OnlineTrainer(const NotebookArrays<const Real>& parameters, NameList names, Real learning_rate,
                Real maximum_gradient);

  // Does up to `count` iterations, each of which learns name number iteration % names:
  //   forward, backward, gradients clipped into [-maximum, maximum], parameters -= learning_rate * gradients
  //   smoothed_loss = 0.999 smoothed_loss + 0.001 loss
  // Once `interrupted` is true, stops after a whole iteration. If a loss, or a parameter at the end, is not
  // finite, puts parameters, state, count and smoothed loss back to what they were at the start of this call.
  // Returns whether all was finite.
  bool run(std::size_t count, double& smoothed_loss, const Interrupted& interrupted);

  std::size_t iteration() const { return iteration_; }
  const PackedNetwork<Real>& network() const { return network_; }
  void copy_parameters_to(const NotebookArrays<Real>& arrays) { parameters_.copy_to(arrays); }

 private:
  // One iteration's loss; the parameters change only where it is finite.
  double iterate();

  ParameterBuffer<Real> parameters_;
  PackedNetwork<Real> network_;
  UnrolledNetwork<Real> unrolled_;
  NameList names_;
  std::vector<CharacterId> inputs_;  // of the current name: no character, then all but its last
  ClippedDescent<Real> descent_;
  std::size_t iteration_ = 0;
};

}  // namespace dinorc
