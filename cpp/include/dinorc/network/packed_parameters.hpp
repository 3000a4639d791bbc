// The parameters of a character network in the form that the forward pass reads, made once for many rows.
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

  // To be called whenever the parameters have changed: by one thread, or by each of several workers, who do a
  // part each and must meet before the result is used. Afterwards nothing refers to the parameters.
  void pack(NetworkParameters<Real>& parameters, std::size_t worker = 0, std::size_t workers = 1) noexcept;

  const NetworkShape& shape() const { return shape_; }

  // Computes the pre-activations z of a cell, blocks * hidden_size numbers, from the product R h:
  //   z = R h + (W x + b), with x the vector of a character or label, or zero for no character
  // R h has recurrent_columns numbers, which are added to the last ones of z.
  void compute_pre_activations(const Real* product, CharacterId symbol, Real* z) const;

  // R transposed [hidden_size][recurrent_columns], W_y transposed [hidden_size][vocabulary_size], and b_y,
  // padded to whole vectors.
  const PackedMatrix<Real>& recurrent() const { return recurrent_; }
  const PackedMatrix<Real>& output() const { return output_; }
  const Real* output_bias() const { return output_bias_.data(); }

 private:
  NetworkShape shape_;
  AlignedMatrix<Real> inputs_;  // [symbol_count + 1][blocks * hidden_size], the last row for no character
  PackedMatrix<Real> recurrent_;
  PackedMatrix<Real> output_;
  AlignedBuffer<Real> output_bias_;
};

}  // namespace dinorc
