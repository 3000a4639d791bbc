// A network that reads the characters of a name and says which comes next.
#pragma once

#include <cstdint>

#include "dinorc/cells/cell_registry.hpp"
#include "dinorc/network/network_parameters.hpp"

namespace dinorc {

// A cell between input weights, with or without an embedding ahead of them, and an output layer. Character 0
// ends a name. Reading a name begins in the zero state, with its label or, where names have none, with the
// first input of the network's shape.
template <typename Real>
class CharacterNetwork {
 public:
  CharacterNetwork(const CellOperations<Real>& cell, std::size_t vocabulary_size, std::size_t hidden_size,
                   std::size_t embedding_size, std::size_t label_count = 0);

  const CellOperations<Real>& cell() const { return cell_; }
  const NetworkShape& shape() const { return parameters_.shape(); }
  NetworkParameters<Real>& parameters() { return parameters_; }

  // Initial values: number i of the flat buffer depends on (seed, i) and the sizes alone.
  void initialize(std::uint64_t seed);

 private:
  const CellOperations<Real>& cell_;
  NetworkParameters<Real> parameters_;
};

}  // namespace dinorc
