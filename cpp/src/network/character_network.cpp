#include "dinorc/network/character_network.hpp"

#include <algorithm>
#include <cmath>

#include "dinorc/random/philox.hpp"

namespace dinorc {
namespace {

template <typename Real>
NetworkShape shape_of(const CellOperations<Real>& cell, std::size_t vocabulary_size, std::size_t hidden_size,
                      std::size_t embedding_size, std::size_t label_count) {
  return {
      .vocabulary_size = vocabulary_size,
      .label_count = label_count,
      .hidden_size = hidden_size,
      .embedding_size = embedding_size,
      .blocks = cell.blocks,
      .input_blocks = cell.input_blocks,
      .recurrent_blocks = cell.recurrent_blocks,
      .state_vectors = cell.state_vectors,
  };
}

}  // namespace

template <typename Real>
CharacterNetwork<Real>::CharacterNetwork(const CellOperations<Real>& cell, std::size_t vocabulary_size,
                                         std::size_t hidden_size, std::size_t embedding_size,
                                         std::size_t label_count)
    : cell_(cell), parameters_(shape_of(cell, vocabulary_size, hidden_size, embedding_size, label_count)) {}

// What stands for a character or label, its embedding or its row of a direct table, from N(0, 1); all other
// weights uniform between -a and a with a = 1 / sqrt(hidden_size); biases zero. Other scales, and a forget
// gate that begins open, were no better.
template <typename Real>
void CharacterNetwork<Real>::initialize(std::uint64_t seed) {
  const Real* const first = parameters_.all().data;
  const auto stream_of = [seed, first](const Real* number) {
    return PhiloxStream(seed, StreamPurpose::initial_values, static_cast<std::uint64_t>(number - first));
  };
  const auto draw_normal = [&](MatrixView<Real> weights) {
    for (Real* number = weights.data; number != weights.row(weights.rows); ++number) {
      *number = static_cast<Real>(stream_of(number).standard_normal());
    }
  };
  const double limit = 1.0 / std::sqrt(static_cast<double>(shape().hidden_size));
  const auto draw_uniform = [&](MatrixView<Real> weights) {
    for (Real* number = weights.data; number != weights.row(weights.rows); ++number) {
      *number = static_cast<Real>((2.0 * stream_of(number).next_double() - 1.0) * limit);
    }
  };
  if (shape().embedding_size == 0) {
    draw_normal(parameters_.input_weights());
  } else {
    draw_normal(parameters_.embedding());
    draw_uniform(parameters_.input_weights());
  }
  draw_uniform(parameters_.recurrent_weights());
  draw_uniform(parameters_.output_weights());
  const VectorView<Real> bias = parameters_.bias();
  std::fill_n(bias.data, bias.size, Real{0});
  const VectorView<Real> output_bias = parameters_.output_bias();
  std::fill_n(output_bias.data, output_bias.size, Real{0});
}

template class CharacterNetwork<float>;
template class CharacterNetwork<double>;

}  // namespace dinorc
