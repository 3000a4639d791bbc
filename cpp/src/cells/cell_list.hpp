// The cells: a header and a line for each. Compiled once per instruction set; the registry is read from here.
#pragma once

#include "cells/gru.hpp"
#include "cells/lstm.hpp"
#include "cells/rnn.hpp"

namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE {

template <typename Real, typename Cell>
constexpr CellKernels<Real> kernels_of = {Cell::shape, Cell::template forward<Real>,
                                          Cell::template backward<Real>};

template <typename Real>
constexpr CellKernels<Real> cells[] = {
    kernels_of<Real, Rnn>,
    kernels_of<Real, Gru>,
    kernels_of<Real, Lstm>,
};

}  // namespace dinorc::kernels::DINORC_KERNEL_NAMESPACE
