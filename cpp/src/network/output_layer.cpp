#include "dinorc/network/output_layer.hpp"

#include <algorithm>

#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"

namespace dinorc {

template <typename Real>
void compute_logits(const PackedParameters<Real>& parameters, MatrixView<const Real> states,
                    MatrixView<Real> logits) noexcept {
  for (std::size_t row = 0; row < logits.rows; ++row) {
    std::copy_n(parameters.output_bias(), logits.columns, logits.row(row));
  }
  const MatrixView<const Real> hidden = states.columns_from(0, parameters.shape().hidden_size);
  multiply<Real>(hidden, parameters.output(), logits, Start::from_result);
}

template <typename Real>
void compute_log_sums(MatrixView<const Real> terms, Real* log_sums) noexcept {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  kernels.sum_rows(terms, log_sums);
  kernels.log(log_sums, log_sums, terms.rows);
}

template void compute_logits(const PackedParameters<float>&, MatrixView<const float>,
                             MatrixView<float>) noexcept;
template void compute_logits(const PackedParameters<double>&, MatrixView<const double>,
                             MatrixView<double>) noexcept;
template void compute_log_sums(MatrixView<const float>, float*) noexcept;
template void compute_log_sums(MatrixView<const double>, double*) noexcept;

}  // namespace dinorc
