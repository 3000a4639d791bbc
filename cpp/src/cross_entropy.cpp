#include "dinorc/cross_entropy.hpp"

#include "dinorc/float_contract.hpp"
#include "dinorc/kernels.hpp"

namespace dinorc {

template <typename Real>
void softmax(VectorView<const Real> logits, VectorView<Real> probabilities) {
  Real maximum{};
  Real sum{};
  active_kernels<Real>().softmax_terms(logits.data, probabilities.data, logits.size, &maximum, &sum);
  active_kernels<Real>().divide(sum, probabilities.data, probabilities.size);
}

template <typename Real>
double cross_entropy(MatrixView<const Real> logits, CharacterIds targets, MatrixView<Real> probabilities) {
  double loss = 0.0;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    const Real* const row = logits.row(t);
    const Real target_logit = row[targets[t]];  // read before the probabilities may overwrite it
    Real maximum{};
    Real sum{};
    active_kernels<Real>().softmax_terms(row, probabilities.row(t), logits.columns, &maximum, &sum);
    active_kernels<Real>().divide(sum, probabilities.row(t), logits.columns);
    Real log_sum{};
    active_kernels<Real>().log(&sum, &log_sum, 1);
    loss += static_cast<double>(log_sum - (target_logit - maximum));
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
template double cross_entropy(MatrixView<const float>, CharacterIds, MatrixView<float>);
template double cross_entropy(MatrixView<const double>, CharacterIds, MatrixView<double>);
template void cross_entropy_backward(CharacterIds, MatrixView<float>);
template void cross_entropy_backward(CharacterIds, MatrixView<double>);

}  // namespace dinorc
