#include "dinorc/cells/cell_registry.hpp"

#include "dinorc/cells/gru_cell.hpp"
#include "dinorc/cells/lstm_cell.hpp"
#include "dinorc/cells/rnn_cell.hpp"

namespace dinorc {
namespace {

template <RecurrentCell Cell>
constexpr CellOperations<typename Cell::Number> operations_of = {
    .name = Cell::name,
    .blocks = Cell::blocks,
    .input_blocks = Cell::input_blocks,
    .recurrent_blocks = Cell::recurrent_blocks,
    .state_vectors = Cell::state_vectors,
    .kept_vectors = Cell::kept_vectors,
    .forward = Cell::forward,
    .backward = Cell::backward,
};

// One line a cell.
template <typename Real>
constexpr CellOperations<Real> cells[] = {
    operations_of<RnnCell<Real>>,
    operations_of<GruCell<Real>>,
    operations_of<LstmCell<Real>>,
};

}  // namespace

template <>
std::span<const CellOperations<float>> cell_registry() {
  return cells<float>;
}

template <>
std::span<const CellOperations<double>> cell_registry() {
  return cells<double>;
}

}  // namespace dinorc
