// The parameters of a character network as the way forth reads them, made once for many rows.
#pragma once

#include <cstddef>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/matrices/packed_matrix.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/network/network_parameters.hpp"

namespace dinorc {

template <typename Real>
class PackedParameters {
 public:
  explicit PackedParameters(const NetworkShape& shape);

  // To be called whenever the parameters have changed: by one thread, or by each of some workers, who do a
  // part each and have to meet before the result is used. Nothing refers to the parameters after that.
  void pack(NetworkParameters<Real>& parameters, std::size_t worker = 0, std::size_t workers = 1) noexcept;

  const NetworkShape& shape() const { return shape_; }

  // Makes the pre-activations of a cell, blocks * hidden_size numbers, of a product R h:
  //   z = R h + (W x + b), with x the character's vector, or zero for no character
  // R h are recurrent_columns numbers, which concern the last so many of z.
  void compute_pre_activations(const Real* product, CharacterId character, Real* z) const;

  // R transposed [hidden_size][recurrent_columns], W_y transposed [hidden_size][vocabulary_size], and b_y,
  // padded to whole vectors.
  const PackedMatrix<Real>& recurrent() const { return recurrent_; }
  const PackedMatrix<Real>& output() const { return output_; }
  const Real* output_bias() const { return output_bias_.data(); }

 private:
  NetworkShape shape_;
  AlignedMatrix<Real> inputs_;  // [vocabulary_size + 1][blocks * hidden_size], the last for no character
  PackedMatrix<Real> recurrent_;
  PackedMatrix<Real> output_;
  AlignedBuffer<Real> output_bias_;
};

}  // namespace dinorc
