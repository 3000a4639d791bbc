#include "dinorc/notebook/cross_entropy.hpp"

#include "dinorc/foundations/float_contract.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

template <typename Real>
void softmax(VectorView<const Real> logits, VectorView<Real> probabilities) {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  const MatrixView<Real> row{probabilities.data, 1, probabilities.size, probabilities.size};
  Real maximum{};
  Real sum{};
  kernels.softmax_terms({logits.data, 1, logits.size, logits.size}, row, &maximum);
  kernels.sum_rows(row, &sum);
  kernels.divide_rows(&sum, row);
}

template <typename Real>
double cross_entropy(MatrixView<const Real> logits, CharacterIds targets, MatrixView<Real> probabilities,
                     MatrixView<Real> workspace) {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  Real* const target_logits = workspace.row(0);
  Real* const maxima = workspace.row(1);
  Real* const sums = workspace.row(2);
  for (std::size_t t = 0; t < targets.size(); ++t) {
    target_logits[t] = logits(t, static_cast<std::size_t>(targets[t]));
  }
  kernels.softmax_terms(logits, probabilities, maxima);
  kernels.sum_rows(probabilities, sums);
  kernels.divide_rows(sums, probabilities);
  kernels.log(sums, sums, targets.size());
  double loss = 0.0;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    loss += static_cast<double>(sums[t] - (target_logits[t] - maxima[t]));
  }
  return loss;
}

template <typename Real>
void cross_entropy_backward(CharacterIds targets, MatrixView<Real> probabilities) {
  for (std::size_t t = 0; t < targets.size(); ++t) {
    Real& probability = probabilities(t, static_cast<std::size_t>(targets[t]));
    probability = probability - Real{1};
  }
}

template void softmax(VectorView<const float>, VectorView<float>);
template void softmax(VectorView<const double>, VectorView<double>);
template double cross_entropy(MatrixView<const float>, CharacterIds, MatrixView<float>, MatrixView<float>);
template double cross_entropy(MatrixView<const double>, CharacterIds, MatrixView<double>, MatrixView<double>);
template void cross_entropy_backward(CharacterIds, MatrixView<float>);
template void cross_entropy_backward(CharacterIds, MatrixView<double>);

}  // namespace dinorc
