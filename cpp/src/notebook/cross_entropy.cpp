#include "dinorc/notebook/cross_entropy.hpp"

#include "dinorc/foundations/float_contract.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

template <typename Real>
void softmax(VectorView<const Real> logits, VectorView<Real> probabilities) {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  Real maximum{};
  Real sum{};
  kernels.softmax_terms(logits.data, probabilities.data, logits.size, &maximum);
  kernels.sum_rows(probabilities.data, 1, probabilities.size, probabilities.size, &sum);
  kernels.divide(sum, probabilities.data, probabilities.size);
}

template <typename Real>
double cross_entropy(MatrixView<const Real> logits, CharacterIds targets, MatrixView<Real> probabilities,
                     MatrixView<Real> workspace) {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  Real* const target_logits = workspace.row(0);  // less the maximum of their row
  Real* const sums = workspace.row(1);
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const Real target_logit = logits(t, static_cast<std::size_t>(targets[t]));
    Real maximum{};
    kernels.softmax_terms(logits.row(t), probabilities.row(t), logits.columns, &maximum);
    target_logits[t] = target_logit - maximum;
  }
  kernels.sum_rows(probabilities.data, targets.size(), probabilities.columns, probabilities.row_stride, sums);
  for (std::size_t t = 0; t < targets.size(); ++t) {
    kernels.divide(sums[t], probabilities.row(t), probabilities.columns);
  }
  kernels.log(sums, sums, targets.size());
  double loss = 0.0;
  for (std::size_t t = 0; t < targets.size(); ++t) loss += static_cast<double>(sums[t] - target_logits[t]);
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
