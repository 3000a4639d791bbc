// The recurrent cell's step, forward and backward, for batches of any size.
#include <cstddef>
#include <utility>
#include <vector>

#include "check.hpp"
#include "dinorc/cells/rnn_cell.hpp"
#include "dinorc/network/recurrent_weights.hpp"
#include "naive_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

// One step of a batch: what goes in, what comes out, rows padded as the core wants them.
template <typename Real>
struct Step {
  Step(std::size_t rows, std::size_t hidden_size, std::uint64_t seed)
      : recurrent(hidden_size, hidden_size),
        weights(hidden_size, RnnCell<Real>::recurrent_blocks),
        input(rows, hidden_size),
        before(rows, hidden_size),
        after(rows, hidden_size),
        d_output(rows, hidden_size),
        d_state(rows, hidden_size),
        d_input(rows, hidden_size) {
    MadeUpNumbers numbers(seed);
    for (AlignedMatrix<Real>* matrix : {&recurrent, &input, &before, &d_output, &d_state}) {
      fill(matrix->view(), numbers);
    }
    weights.pack(recurrent.view());
  }

  static void fill(MatrixView<Real> matrix, MadeUpNumbers& numbers) {
    for (std::size_t r = 0; r < matrix.rows; ++r) {
      for (std::size_t c = 0; c < matrix.columns; ++c) matrix(r, c) = numbers.number<Real>();
    }
  }

  std::size_t batch() const { return input.view().rows; }

  CellStep<Real> cell_step(std::size_t row) {
    return {recurrent.view().rows, input.view().row(row), before.view().row(row), after.view().row(row)};
  }

  void forward() {
    multiply<Real>(before.view(), weights.forth(), input.view(), Start::from_result);
    for (std::size_t row = 0; row < batch(); ++row) RnnCell<Real>::forward(cell_step(row));
  }

  void backward() {
    AlignedMatrix<Real> d_before(batch(), recurrent.view().rows);
    for (std::size_t row = 0; row < batch(); ++row) {
      RnnCell<Real>::backward(cell_step(row), {d_output.view().row(row), d_state.view().row(row),
                                               d_before.view().row(row), d_input.view().row(row)});
    }
    multiply<Real>(d_input.view(), weights.back(), d_before.view(), Start::from_result);
    d_state = std::move(d_before);
  }

  AlignedMatrix<Real> recurrent;
  RecurrentWeights<Real> weights;
  AlignedMatrix<Real> input, before, after, d_output, d_state, d_input;
};

template <typename Real>
void check_row(MatrixView<Real> actual, std::size_t row, std::vector<Real> expected) {
  expected.resize(actual.row_stride);  // the padding is zero
  CHECK_SAME_BITS((VectorView<Real>{actual.row(row), actual.row_stride}), expected);
}

template <typename Function>
void for_each_batch(Function&& function) {
  for (const std::size_t hidden_size : {1, 3, 8, 16, 17, 33, 50, 64, 70}) {
    for (const std::size_t batch : {1, 2, 4, 5, 9}) {
      const Context context("hidden size ", hidden_size, ", batch ", batch);
      function(batch, hidden_size);
    }
  }
}

TEST("forward is tanh(input + Waa a), summed in ascending order") {
  for_each_set_and_type([]<typename Real>() {
    for_each_batch([](std::size_t batch, std::size_t n_a) {
      Step<Real> step(batch, n_a, 28);
      Rows<Real> z(batch, std::vector<Real>(n_a)), a = z;
      for (std::size_t r = 0; r < batch; ++r) {
        for (std::size_t j = 0; j < n_a; ++j) {
          z[r][j] = step.input.view()(r, j);
          for (std::size_t k = 0; k < n_a; ++k) {
            z[r][j] = z[r][j] + step.before.view()(r, k) * step.recurrent.view()(j, k);
          }
          a[r][j] = naive_tanh(z[r][j]);
        }
      }
      step.forward();
      for (std::size_t r = 0; r < batch; ++r) {
        check_row(step.input.view(), r, z[r]);
        check_row(step.after.view(), r, a[r]);
      }
    });
  });
}

TEST("backward is dz = (1 - a a) da and Waa transposed dz, summed in ascending order") {
  for_each_set_and_type([]<typename Real>() {
    for_each_batch([](std::size_t batch, std::size_t n_a) {
      Step<Real> step(batch, n_a, 29);
      step.forward();
      Rows<Real> dz(batch, std::vector<Real>(n_a)), d_before = dz;
      for (std::size_t r = 0; r < batch; ++r) {
        for (std::size_t j = 0; j < n_a; ++j) {
          const Real a = step.after.view()(r, j);
          const Real da = step.d_output.view()(r, j) + step.d_state.view()(r, j);
          dz[r][j] = (Real{1} - a * a) * da;
        }
        for (std::size_t k = 0; k < n_a; ++k) {
          for (std::size_t j = 0; j < n_a; ++j) {
            d_before[r][k] = d_before[r][k] + dz[r][j] * step.recurrent.view()(j, k);
          }
        }
      }
      step.backward();
      for (std::size_t r = 0; r < batch; ++r) {
        check_row(step.d_input.view(), r, dz[r]);
        check_row(step.d_state.view(), r, d_before[r]);
      }
    });
  });
}

TEST("a row of a batch has the bits that it has alone") {
  for_each_type([]<typename Real>() {
    constexpr std::size_t batch = 7, n_a = 37;
    Step<Real> together(batch, n_a, 30), untouched(batch, n_a, 30);
    together.forward();
    together.backward();
    for (std::size_t r = 0; r < batch; ++r) {
      Step<Real> alone(1, n_a, 30);
      alone.weights.pack(untouched.recurrent.view());
      const auto take_row = [r](AlignedMatrix<Real>& from, AlignedMatrix<Real>& to) {
        for (std::size_t c = 0; c < n_a; ++c) to.view()(0, c) = from.view()(r, c);
      };
      take_row(untouched.input, alone.input);
      take_row(untouched.before, alone.before);
      take_row(untouched.d_output, alone.d_output);
      take_row(untouched.d_state, alone.d_state);
      alone.forward();
      alone.backward();
      const auto row_of = [](AlignedMatrix<Real>& matrix, std::size_t row) {
        return VectorView<Real>{matrix.view().row(row), n_a};
      };
      CHECK_SAME_BITS(row_of(together.after, r), row_of(alone.after, 0));
      CHECK_SAME_BITS(row_of(together.d_input, r), row_of(alone.d_input, 0));
      CHECK_SAME_BITS(row_of(together.d_state, r), row_of(alone.d_state, 0));
    }
  });
}

// The objective is sum of (d_output + d_state) a: its gradients by input and by the state before are what
// backward gives for those two.
double objective(Step<double>& step, const std::vector<double>& weights) {
  step.forward();
  double sum = 0.0;
  for (std::size_t r = 0; r < step.after.view().rows; ++r) {
    for (std::size_t c = 0; c < step.after.view().columns; ++c) {
      sum += weights[r * step.after.view().columns + c] * step.after.view()(r, c);
    }
  }
  return sum;
}

TEST("backward agrees with finite differences") {
  constexpr std::size_t batch = 3, n_a = 6;
  constexpr std::uint64_t seed = 31;
  constexpr double width = 1e-5;
  Step<double> step(batch, n_a, seed);
  std::vector<double> weights;
  for (std::size_t r = 0; r < batch; ++r) {
    for (std::size_t c = 0; c < n_a; ++c) {
      weights.push_back(step.d_output.view()(r, c) + step.d_state.view()(r, c));
    }
  }
  step.forward();
  step.backward();
  for (std::size_t r = 0; r < batch; ++r) {
    for (std::size_t c = 0; c < n_a; ++c) {
      const Context context("row ", r, ", column ", c);
      const auto slope = [&](AlignedMatrix<double> Step<double>::* argument) {
        Step<double> above(batch, n_a, seed), below(batch, n_a, seed);
        (above.*argument).view()(r, c) += width;
        (below.*argument).view()(r, c) -= width;
        return (objective(above, weights) - objective(below, weights)) / (2 * width);
      };
      CHECK_NEAR(step.d_input.view()(r, c), slope(&Step<double>::input), 1e-9);
      CHECK_NEAR(step.d_state.view()(r, c), slope(&Step<double>::before), 1e-9);
    }
  }
}

}  // namespace
}  // namespace dinorc::check
