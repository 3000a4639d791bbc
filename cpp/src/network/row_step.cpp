#include "dinorc/network/row_step.hpp"

#include "dinorc/matrices/matrix_multiply.hpp"

namespace dinorc {

template <typename Real>
RowStep<Real>::RowStep(const CellOperations<Real>& cell, const PackedParameters<Real>& parameters,
                       std::size_t capacity)
    : cell_(cell),
      parameters_(parameters),
      products_(capacity, parameters.shape().recurrent_columns()),
      blocks_(1, parameters.shape().cell_columns()) {}

template <typename Real>
void RowStep<Real>::compute(MatrixView<const Real> states_before, CharacterIds characters,
                            MatrixView<Real> states_after) noexcept {
  const MatrixView<Real> products = products_.view().rows_from(0, characters.size());
  Real* const blocks = blocks_.view().data;
  multiply<Real>(states_before, parameters_.recurrent().forth(), products, Start::from_zero);
  for (std::size_t row = 0; row < characters.size(); ++row) {
    parameters_.compute_pre_activations(products.row(row), characters[row], blocks);
    cell_.forward({
        .hidden_size = parameters_.shape().hidden_size,
        .blocks = blocks,
        .state_before = states_before.row(row),
        .state_after = states_after.row(row),
    });
  }
}

template class RowStep<float>;
template class RowStep<double>;

}  // namespace dinorc
