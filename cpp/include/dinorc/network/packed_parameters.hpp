// The parameters of a character network as the kernels like them, made once for many rows.
#pragma once

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/matrices/packed_matrix.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/network/network_parameters.hpp"
#include "dinorc/network/recurrent_weights.hpp"
#include "dinorc/threads/worker.hpp"

namespace dinorc {

template <typename Real>
class PackedParameters {
 public:
  explicit PackedParameters(const NetworkShape& shape);

  // To be called by all workers whenever the parameters have changed; each does its part, to be met for
  // before it is used. The parameters must outlive this object: small matrices are used where they lie.
  void pack(NetworkParameters<Real>& parameters, const Worker& worker) noexcept;

  // The same on the calling thread alone.
  void pack(NetworkParameters<Real>& parameters);

  const NetworkShape& shape() const { return shape_; }

  // Makes the pre-activations of a cell, blocks * hidden_size numbers, of a product R h:
  //   z = R h + (W x + b), with x the character's vector, or zero for no character
  // R h are recurrent_columns numbers, which concern the last so many of z.
  void compute_pre_activations(const Real* product, CharacterId character, Real* z) const;

  const RecurrentWeights<Real>& recurrent() const { return recurrent_; }
  const PackedMatrix<Real>& output_forth() const { return output_forth_; }  // [hidden_size][vocabulary_size]
  const PackedMatrix<Real>& output_back() const { return output_back_; }    // [vocabulary_size][hidden_size]
  const PackedMatrix<Real>& input_back() const { return input_back_; }      // [input_columns][embedding_size]
  const Real* output_bias() const { return output_bias_.data(); }           // padded to whole vectors

 private:
  NetworkShape shape_;
  AlignedMatrix<Real> inputs_;  // [vocabulary_size + 1][blocks * hidden_size], the last for no character
  RecurrentWeights<Real> recurrent_;
  PackedMatrix<Real> output_forth_;
  PackedMatrix<Real> output_back_;
  PackedMatrix<Real> input_back_;
  AlignedBuffer<Real> output_bias_;
};

}  // namespace dinorc
