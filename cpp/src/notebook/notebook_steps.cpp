#include "dinorc/notebook/notebook_steps.hpp"

#include <algorithm>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"
#include "dinorc/matrices/transpose.hpp"
#include "dinorc/notebook/cross_entropy.hpp"

namespace dinorc {
namespace {

template <typename Number>
MatrixView<Number> as_row(VectorView<Number> vector) {
  return {vector.data, 1, vector.size, vector.size};
}

template <typename Number>
MatrixView<Number> as_column(VectorView<Number> vector) {
  return {vector.data, vector.size, 1, 1};
}

}  // namespace

template <typename Real>
void notebook_step_forward(const NotebookArrays<const Real>& parameters, VectorView<const Real> a_prev,
                           VectorView<const Real> x, VectorView<Real> a_next, VectorView<Real> y) {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  AlignedMatrix<Real> Wax(x.size, a_next.size);  // the weights transposed, a row for each number that goes in
  AlignedMatrix<Real> Waa(a_prev.size, a_next.size);
  AlignedMatrix<Real> Wya(a_next.size, y.size);
  AlignedMatrix<Real> hidden(1, a_next.size);
  AlignedMatrix<Real> logits(1, y.size);
  transpose<Real>(parameters.Wax, Wax.view());
  transpose<Real>(parameters.Waa, Waa.view());
  transpose<Real>(parameters.Wya, Wya.view());

  const MatrixView<Real> a = hidden.view().with_padding();
  multiply<Real>(as_row(x), Wax.view().with_padding(), a, Start::from_zero);
  kernels.add(parameters.b.data, a.data, a_next.size);
  multiply<Real>(as_row(a_prev), Waa.view().with_padding(), a, Start::from_result);
  kernels.tanh(a.data, a.data, a.columns);
  std::copy_n(a.data, a_next.size, a_next.data);
  std::copy_n(parameters.by.data, y.size, logits.view().data);
  multiply<Real>(a, Wya.view().with_padding(), logits.view().with_padding(), Start::from_result);
  softmax<Real>({logits.view().data, y.size}, y);
}

// dW_ya += dy a^T             db_y += dy
// da     = W_ya^T dy
// dz     = (1 - a a) (da + da_next)
// dW_ax += dz x^T             db   += dz
// dW_aa += dz a_prev^T
// da_prev = W_aa^T dz
template <typename Real>
void notebook_step_backward(const NotebookBackwardStep<Real>& step) {
  const NotebookArrays<Real>& gradients = step.gradients;
  AlignedBuffer<Real> da(step.a.size);
  AlignedBuffer<Real> dz(step.a.size);

  multiply<Real>(as_column(step.dy), as_row(step.a), gradients.Wya, Start::from_result);
  active_kernels<Real>().add(step.dy.data, gradients.by.data, step.dy.size);
  multiply<Real>(as_row(step.dy), step.Wya, as_row(da.vector()), Start::from_zero);
  active_kernels<Real>().tanh_backward(step.a.data, da.data(), step.da_next.data, dz.data(), dz.size());
  const VectorView<const Real> d_preactivation = dz.vector();
  multiply<Real>(as_column(d_preactivation), as_row(step.x), gradients.Wax, Start::from_result);
  active_kernels<Real>().add(dz.data(), gradients.b.data, dz.size());
  multiply<Real>(as_column(d_preactivation), as_row(step.a_prev), gradients.Waa, Start::from_result);
  multiply<Real>(as_row(d_preactivation), step.Waa, as_row(step.da_prev), Start::from_zero);
}

template void notebook_step_forward(const NotebookArrays<const float>&, VectorView<const float>,
                                    VectorView<const float>, VectorView<float>, VectorView<float>);
template void notebook_step_forward(const NotebookArrays<const double>&, VectorView<const double>,
                                    VectorView<const double>, VectorView<double>, VectorView<double>);
template void notebook_step_backward(const NotebookBackwardStep<float>&);
template void notebook_step_backward(const NotebookBackwardStep<double>&);

}  // namespace dinorc
