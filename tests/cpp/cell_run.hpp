// A cell unrolled over a few steps of a batch, forward and back, with made-up numbers and plain products.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "check.hpp"
#include "dinorc/cells/cell_registry.hpp"
#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/foundations/bit_hash.hpp"
#include "dinorc/matrices/packed_matrix.hpp"
#include "made_up_numbers.hpp"

namespace dinorc::check {

struct RunShape {
  std::size_t steps, batch, hidden_size;
};

template <typename Real>
struct CellRun {
  // Pre-activations are between -scale and scale at first, all other numbers between -1 and 1.
  CellRun(const CellOperations<Real>& operations, RunShape run_shape, std::uint64_t seed,
          Real scale = Real{1})
      : cell(operations),
        shape(run_shape),
        recurrent(cell.recurrent_blocks * shape.hidden_size, shape.hidden_size),
        forth(shape.hidden_size, cell.recurrent_blocks * shape.hidden_size),
        back(cell.recurrent_blocks * shape.hidden_size, shape.hidden_size),
        d_state(state_rows()) {
    MadeUpNumbers numbers(seed);
    fill(recurrent, numbers);
    fill(d_state, numbers);
    states.push_back(state_rows());
    fill(states[0], numbers);
    for (std::size_t t = 0; t < shape.steps; ++t) {
      states.push_back(state_rows());
      inputs.push_back(block_rows());
      fill(inputs[t], numbers, scale);
      d_inputs.push_back(block_rows());
      kept.emplace_back(shape.batch, cell.kept_vectors * shape.hidden_size);
      d_outputs.emplace_back(shape.batch, shape.hidden_size);
      fill(d_outputs[t], numbers);
    }
  }

  // Rows [batch][blocks * hidden_size] and [batch][state_vectors * hidden_size].
  AlignedMatrix<Real> block_rows() const { return {shape.batch, cell.blocks * shape.hidden_size}; }
  AlignedMatrix<Real> state_rows() const { return {shape.batch, cell.state_vectors * shape.hidden_size}; }

  static void fill(AlignedMatrix<Real>& matrix, MadeUpNumbers& numbers, Real scale = Real{1}) {
    const MatrixView<Real> view = matrix.view();
    for (std::size_t r = 0; r < view.rows; ++r) {
      for (std::size_t c = 0; c < view.columns; ++c) view(r, c) = numbers.number<Real>() * scale;
    }
  }

  CellStep<Real> step(std::size_t t, std::size_t row) {
    return {shape.hidden_size, inputs[t].view().row(row), states[t].view().row(row),
            states[t + 1].view().row(row), kept[t].view().row(row)};
  }

  // The columns, of rows [batch][blocks * hidden_size], that receive recurrent weights.
  MatrixView<Real> recurrent_part(AlignedMatrix<Real>& rows) const {
    const std::size_t columns = cell.recurrent_blocks * shape.hidden_size;
    return rows.view().columns_from(cell.blocks * shape.hidden_size - columns, columns);
  }

  // R h is added to the inputs, which the cell then turns into what it keeps.
  void forward() {
    forth.pack_transposed(recurrent.view());
    back.refer_to(recurrent.view());
    for (std::size_t t = 0; t < shape.steps; ++t) {
      multiply<Real>(states[t].view(), forth, recurrent_part(inputs[t]), Start::from_result);
      for (std::size_t row = 0; row < shape.batch; ++row) cell.forward(step(t, row));
    }
  }

  // d_state is the loss by the last state through what comes after it; on return, that by the first.
  void backward() {
    for (std::size_t t = shape.steps; t-- > 0;) {
      AlignedMatrix<Real> d_before = state_rows();
      for (std::size_t row = 0; row < shape.batch; ++row) {
        cell.backward(step(t, row), {d_outputs[t].view().row(row), d_state.view().row(row),
                                     d_before.view().row(row), d_inputs[t].view().row(row)});
      }
      multiply<Real>(recurrent_part(d_inputs[t]), back, d_before.view().columns_from(0, shape.hidden_size),
                     Start::from_result);
      d_state = std::move(d_before);
    }
  }

  // All matrices that have one row for each sequence.
  std::vector<AlignedMatrix<Real>*> rows_of_sequences() {
    std::vector<AlignedMatrix<Real>*> matrices = {&d_state};
    for (auto* list : {&states, &inputs, &d_outputs, &d_inputs}) {
      for (AlignedMatrix<Real>& matrix : *list) matrices.push_back(&matrix);
    }
    return matrices;
  }

  // The hash of all results, padding included.
  std::uint64_t hash() {
    BitHash hash;
    hash.add(VectorView<Real>{d_state.view().data, d_state.view().rows * d_state.view().row_stride});
    for (auto* list : {&states, &inputs, &d_inputs}) {
      for (AlignedMatrix<Real>& matrix : *list) {
        hash.add(VectorView<Real>{matrix.view().data, matrix.view().rows * matrix.view().row_stride});
      }
    }
    return hash.value();
  }

  CellOperations<Real> cell;
  RunShape shape;
  AlignedMatrix<Real> recurrent;  // [recurrent_blocks * hidden_size][hidden_size]
  PackedMatrix<Real> forth;       // its transpose
  PackedMatrix<Real> back;
  AlignedMatrix<Real> d_state;
  std::vector<AlignedMatrix<Real>> states;                             // [steps + 1], the initial one first
  std::vector<AlignedMatrix<Real>> inputs, d_outputs, d_inputs, kept;  // [steps]
};

// Calls function(cell) for every cell of one float type.
template <typename Real, typename Function>
void for_each_cell(Function&& function) {
  for (const CellOperations<Real>& cell : cell_registry<Real>()) {
    const Context context(cell.name);
    function(cell);
  }
}

// Calls function(hidden_size) for sizes around those of vectors and tiles.
template <typename Function>
void for_each_hidden_size(Function&& function) {
  for (const std::size_t hidden_size : {1, 3, 4, 8, 15, 16, 17, 33, 50, 64, 70}) {
    const Context context("hidden size ", hidden_size);
    function(hidden_size);
  }
}

}  // namespace dinorc::check
