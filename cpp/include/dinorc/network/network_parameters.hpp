// All parameters of a character network, or all their gradients, in one flat buffer with named parts.
#pragma once

#include <cstddef>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/views.hpp"
#include "dinorc/network/network_shape.hpp"

namespace dinorc {

// The parts lie one after the other without gaps, so that the buffer is the parameters and nothing else: what
// acts on each number alone (clipping, optimizers, a hash, a file) walks it from end to end.
//   embedding         [symbol_count][embedding_size]             none without an embedding
//   input_weights     [input_size][input_blocks * hidden_size]   a row per embedded number, or per symbol
//   recurrent_weights [recurrent_blocks * hidden_size][hidden_size]
//   output_weights    [vocabulary_size][hidden_size]
//   bias              [blocks * hidden_size]
//   output_bias       [vocabulary_size]
template <typename Real>
class NetworkParameters {
 public:
  explicit NetworkParameters(const NetworkShape& shape);

  const NetworkShape& shape() const { return shape_; }

  MatrixView<Real> embedding();
  MatrixView<Real> input_weights();
  MatrixView<Real> recurrent_weights();
  MatrixView<Real> output_weights();
  VectorView<Real> bias();
  VectorView<Real> output_bias();

  VectorView<Real> all() { return numbers_.vector(); }
  VectorView<const Real> all() const { return {numbers_.data(), numbers_.size()}; }

  // How many numbers lie ahead of the biases: those that weight decay acts on.
  std::size_t weight_count();

 private:
  NetworkShape shape_;
  AlignedBuffer<Real> numbers_;
};

}  // namespace dinorc
