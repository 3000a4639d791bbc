// Matrix transposition between views.
#pragma once

#include "dinorc/foundations/views.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {

// target(c, r) = source(r, c)
template <typename Real>
void transpose(MatrixView<const Real> source, MatrixView<Real> target) {
  active_kernels<Real>().transpose(source.data, source.rows, source.columns, source.row_stride, target.data,
                                   target.row_stride);
}

}  // namespace dinorc
