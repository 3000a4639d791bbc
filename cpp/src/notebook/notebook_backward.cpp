#include "dinorc/notebook/notebook_backward.hpp"

#include <algorithm>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"
#include "dinorc/notebook/cross_entropy.hpp"

namespace dinorc {

// dy<t>   = y_hat<t> - one-hot of the target
// da<t>   = W_ya^T dy<t> + da_next,  dz<t> = (1 - a<t> a<t>) da<t>,  da_next = W_aa^T dz<t>
// All sums running from the last t down:
//   dW_ya = sum of dy<t> a<t> transposed        db_y = sum of dy<t>
//   dW_aa = sum of dz<t> a<t-1> transposed      db   = sum of dz<t>
//   dW_ax = sum of dz<t> x<t> transposed
template <typename Real>
void notebook_backward(const NotebookArrays<const Real>& parameters, CharacterIds targets,
                       const NotebookCache<Real>& cache, const NotebookArrays<Real>& gradients,
                       VectorView<Real> da_next) {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  const std::size_t length = targets.size();
  const std::size_t n_a = parameters.hidden_size();
  const MatrixView<const Real> a = cache.a.rows_from(1, length);
  const MatrixView<const Real> a_prev = cache.a.rows_from(0, length);
  AlignedMatrix<Real> dy_rows(length, parameters.output_size());
  AlignedMatrix<Real> dz_rows(length, n_a);
  const MatrixView<Real> dy = dy_rows.view();
  const MatrixView<Real> dz = dz_rows.view();  // W_ya^T dy<t>, and then dz<t> in its place

  for (std::size_t t = 0; t < length; ++t) std::copy_n(cache.y_hat.row(t), dy.columns, dy.row(t));
  cross_entropy_backward<Real>(targets, dy);
  multiply<Real>(dy, parameters.Wya, dz, Start::from_zero);

  std::fill_n(da_next.data, n_a, Real{0});
  for (std::size_t t = length; t-- > 0;) {
    kernels.tanh_backward(a.row(t), dz.row(t), da_next.data, dz.row(t), n_a);
    multiply<Real>(dz.rows_from(t, 1), parameters.Waa, {da_next.data, 1, n_a, n_a}, Start::from_zero);
  }

  sum_outer_products_backwards<Real>(dy, a, gradients.Wya);
  sum_backwards<Real>(dy, gradients.by.data);
  sum_outer_products_backwards<Real>(dz, cache.x, gradients.Wax);
  sum_outer_products_backwards<Real>(dz, a_prev, gradients.Waa);
  sum_backwards<Real>(dz, gradients.b.data);
}

template void notebook_backward(const NotebookArrays<const float>&, CharacterIds, const NotebookCache<float>&,
                                const NotebookArrays<float>&, VectorView<float>);
template void notebook_backward(const NotebookArrays<const double>&, CharacterIds,
                                const NotebookCache<double>&, const NotebookArrays<double>&,
                                VectorView<double>);

}  // namespace dinorc
