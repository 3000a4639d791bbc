#include "dinorc/network/recurrent_weights.hpp"

#include <algorithm>

namespace dinorc {

template <typename Real>
RecurrentWeights<Real>::RecurrentWeights(std::size_t hidden_size, std::size_t blocks)
    : forth_(hidden_size, product_of_sizes(blocks, hidden_size)),
      back_(product_of_sizes(blocks, hidden_size), hidden_size) {}

// The panels of R^T come first, then those of R.
template <typename Real>
void RecurrentWeights<Real>::pack_panels(MatrixView<const Real> recurrent, std::size_t first,
                                         std::size_t end) {
  const std::size_t middle = forth_.panels();
  forth_.pack_transposed_panels(recurrent, std::min(first, middle), std::min(end, middle));
  back_.refer_to_panels(recurrent, std::max(first, middle) - middle, std::max(end, middle) - middle);
}

template class RecurrentWeights<float>;
template class RecurrentWeights<double>;

}  // namespace dinorc
