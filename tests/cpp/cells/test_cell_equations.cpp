// Each cell against a naive twin: its equations, number by number and bit by bit.
#include <cstddef>
#include <map>
#include <string_view>
#include <vector>

#include "cell_run.hpp"
#include "check.hpp"
#include "naive_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

template <typename Real>
Real naive_sigmoid(Real x) {
  active_kernels<Real>().sigmoid(&x, &x, 1);
  return x;
}

// The pre-activations of one sequence: `input` with the recurrent product added onto its last blocks.
template <typename Real>
std::vector<Real> naive_pre_activations(CellRun<Real>& run, std::size_t row) {
  const MatrixView<Real> input = run.inputs[0].view(), recurrent = run.recurrent.view();
  std::vector<Real> z(input.row(row), input.row(row) + input.columns);
  const std::size_t first = z.size() - recurrent.rows;
  for (std::size_t j = 0; j < recurrent.rows; ++j) {
    for (std::size_t k = 0; k < recurrent.columns; ++k) {
      z[first + j] = z[first + j] + run.states[0].view()(row, k) * recurrent(j, k);
    }
  }
  return z;
}

// start + (the losses `dz` by the last blocks) R, for unit k.
template <typename Real>
Real naive_loss_by_state(CellRun<Real>& run, const std::vector<Real>& dz, std::size_t k, Real start) {
  const MatrixView<Real> recurrent = run.recurrent.view();
  const std::size_t first = dz.size() - recurrent.rows;
  for (std::size_t j = 0; j < recurrent.rows; ++j) start = start + dz[first + j] * recurrent(j, k);
  return start;
}

// The results of one step of a sequence, forward and back.
template <typename Real>
struct NaiveStep {
  std::vector<Real> blocks, state, d_blocks, d_state_before;
};

template <typename Real>
NaiveStep<Real> naive_rnn(CellRun<Real>& run, std::size_t row) {
  const std::size_t n = run.shape.hidden_size;
  NaiveStep<Real> step{naive_pre_activations(run, row), std::vector<Real>(n), std::vector<Real>(n),
                       std::vector<Real>(n)};
  for (std::size_t j = 0; j < n; ++j) {
    const Real a = naive_tanh(step.blocks[j]);
    step.state[j] = a;
    step.d_blocks[j] = (1 - a * a) * (run.d_outputs[0].view()(row, j) + run.d_state.view()(row, j));
  }
  for (std::size_t k = 0; k < n; ++k) {
    step.d_state_before[k] = naive_loss_by_state(run, step.d_blocks, k, Real{0});
  }
  return step;
}

template <typename Real>
NaiveStep<Real> naive_lstm(CellRun<Real>& run, std::size_t row) {
  const std::size_t n = run.shape.hidden_size;
  NaiveStep<Real> step{naive_pre_activations(run, row), std::vector<Real>(2 * n), std::vector<Real>(4 * n),
                       std::vector<Real>(2 * n)};
  for (std::size_t j = 0; j < n; ++j) {
    const Real c_before = run.states[0].view()(row, n + j);
    const Real i = naive_sigmoid(step.blocks[j]), f = naive_sigmoid(step.blocks[n + j]);
    const Real g = naive_tanh(step.blocks[2 * n + j]), o = naive_sigmoid(step.blocks[3 * n + j]);
    const Real c = f * c_before + i * g;
    const Real tanh_c = naive_tanh(c);
    step.blocks[j] = i;
    step.blocks[n + j] = f;
    step.blocks[2 * n + j] = g;
    step.blocks[3 * n + j] = o;
    step.state[j] = o * tanh_c;
    step.state[n + j] = c;

    const Real dh = run.d_outputs[0].view()(row, j) + run.d_state.view()(row, j);
    const Real dc = run.d_state.view()(row, n + j) + (dh * o) * (1 - tanh_c * tanh_c);
    step.d_blocks[j] = (dc * g) * (i * (1 - i));
    step.d_blocks[n + j] = (dc * c_before) * (f * (1 - f));
    step.d_blocks[2 * n + j] = (dc * i) * (1 - g * g);
    step.d_blocks[3 * n + j] = (dh * tanh_c) * (o * (1 - o));
    step.d_state_before[n + j] = dc * f;
  }
  for (std::size_t k = 0; k < n; ++k) {
    step.d_state_before[k] = naive_loss_by_state(run, step.d_blocks, k, Real{0});
  }
  return step;
}

template <typename Real>
NaiveStep<Real> naive_gru(CellRun<Real>& run, std::size_t row) {
  const std::size_t n = run.shape.hidden_size;
  NaiveStep<Real> step{naive_pre_activations(run, row), std::vector<Real>(n), std::vector<Real>(4 * n),
                       std::vector<Real>(n)};
  for (std::size_t j = 0; j < n; ++j) {
    const Real h_before = run.states[0].view()(row, j);
    const Real r = naive_sigmoid(step.blocks[n + j]), z = naive_sigmoid(step.blocks[2 * n + j]);
    const Real q = step.blocks[3 * n + j];
    const Real candidate = naive_tanh(step.blocks[j] + r * q);
    step.blocks[j] = candidate;
    step.blocks[n + j] = r;
    step.blocks[2 * n + j] = z;
    step.state[j] = (1 - z) * candidate + z * h_before;

    const Real dh = run.d_outputs[0].view()(row, j) + run.d_state.view()(row, j);
    const Real dz_n = (dh * (1 - z)) * (1 - candidate * candidate);
    step.d_blocks[j] = dz_n;
    step.d_blocks[n + j] = (dz_n * q) * (r * (1 - r));
    step.d_blocks[2 * n + j] = (dh * (h_before - candidate)) * (z * (1 - z));
    step.d_blocks[3 * n + j] = dz_n * r;
    step.d_state_before[j] = dh * z;
  }
  for (std::size_t k = 0; k < n; ++k) {
    step.d_state_before[k] = naive_loss_by_state(run, step.d_blocks, k, step.d_state_before[k]);
  }
  return step;
}

template <typename Real>
using NaiveTwin = NaiveStep<Real> (*)(CellRun<Real>& run, std::size_t row);

// One line per cell.
template <typename Real>
const std::map<std::string_view, NaiveTwin<Real>> naive_twins = {
    {"rnn", naive_rnn<Real>},
    {"gru", naive_gru<Real>},
    {"lstm", naive_lstm<Real>},
};

template <typename Real>
void check_against_twin(const CellOperations<Real>& cell, NaiveTwin<Real> naive) {
  for_each_hidden_size([&](std::size_t hidden_size) {
    for (const std::size_t batch : {1, 2, 5}) {
      const Context context("batch ", batch);
      CellRun<Real> run(cell, {.steps = 1, .batch = batch, .hidden_size = hidden_size}, 65, Real{3});
      std::vector<NaiveStep<Real>> expected;
      for (std::size_t r = 0; r < batch; ++r) expected.push_back(naive(run, r));
      run.forward();
      const auto check_row = [](AlignedMatrix<Real>& actual, std::size_t r, const std::vector<Real>& row) {
        CHECK_SAME_BITS((VectorView<Real>{actual.view().row(r), actual.view().columns}), row);
      };
      for (std::size_t r = 0; r < batch; ++r) {
        check_row(run.inputs[0], r, expected[r].blocks);
        check_row(run.states[1], r, expected[r].state);
      }
      run.backward();
      for (std::size_t r = 0; r < batch; ++r) {
        check_row(run.inputs[0], r, expected[r].blocks);
        check_row(run.states[1], r, expected[r].state);
        check_row(run.d_inputs[0], r, expected[r].d_blocks);
        check_row(run.d_state, r, expected[r].d_state_before);
      }
    }
  });
}

TEST("every cell has a naive twin, and keeps its equations to the bit") {
  for_each_set_and_type([]<typename Real>() {
    for_each_cell<Real>([](const CellOperations<Real>& cell) {
      const Context context("its naive twin belongs in naive_twins of test_cell_equations.cpp");
      const auto twin = naive_twins<Real>.find(cell.name);
      CHECK(twin != naive_twins<Real>.end());
      if (twin != naive_twins<Real>.end()) check_against_twin(cell, twin->second);
    });
  });
}

}  // namespace
}  // namespace dinorc::check
