// What every cell of the registry must hold, whatever its equations.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "cell_run.hpp"
#include "check.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

TEST("the registry has each cell once, with shapes that fit together") {
  for_each_type([]<typename Real>() {
    std::set<std::string> names;
    for_each_cell<Real>([&](const CellOperations<Real>& cell) {
      CHECK(names.insert(cell.name).second);
      CHECK(cell.input_blocks <= cell.blocks);
      CHECK(cell.recurrent_blocks <= cell.blocks);
      CHECK(cell.blocks <= cell.input_blocks + cell.recurrent_blocks);
      CHECK(cell.state_vectors >= 1);
    });
    for_each_table<Real>([](const KernelTable<Real>& table) {
      CHECK_EQUAL(table.cell_count, cell_registry<Real>().size());
      for_each_cell<Real>([&](const CellOperations<Real>& cell) {
        CHECK_EQUAL(std::string(table.cells[cell.number].shape.name), cell.name);
      });
    });
  });
}

// The sum over all steps of d_outputs * hidden outputs, and of d_state * the last state: backward gives its
// derivatives.
double objective(CellRun<double>& run) {
  run.forward();
  double sum = 0.0;
  const auto add_products = [&sum](MatrixView<double> weights, MatrixView<double> numbers) {
    for (std::size_t r = 0; r < weights.rows; ++r) {
      for (std::size_t c = 0; c < weights.columns; ++c) sum += weights(r, c) * numbers(r, c);
    }
  };
  for (std::size_t t = 0; t < run.shape.steps; ++t) {
    add_products(run.d_outputs[t].view(), run.states[t + 1].view());
  }
  add_products(run.d_state.view(), run.states[run.shape.steps].view());
  return sum;
}

TEST("backward agrees with finite differences") {
  constexpr RunShape shape{.steps = 3, .batch = 2, .hidden_size = 5};
  constexpr std::uint64_t seed = 61;
  constexpr double width = 1e-5;
  constexpr double tolerance = 1e-8;
  for_each_cell<double>([&](const CellOperations<double>& cell) {
    // `matrix_of` names a matrix of a run; `derivatives` is what backward says about it.
    const auto check_matrix = [&](const std::function<AlignedMatrix<double>&(CellRun<double>&)>& matrix_of,
                                  MatrixView<double> derivatives) {
      for (std::size_t r = 0; r < derivatives.rows; ++r) {
        for (std::size_t c = 0; c < derivatives.columns; ++c) {
          const Context context("row ", r, ", column ", c);
          CellRun<double> above(cell, shape, seed), below(cell, shape, seed);
          matrix_of(above).view()(r, c) += width;
          matrix_of(below).view()(r, c) -= width;
          CHECK_NEAR(derivatives(r, c), (objective(above) - objective(below)) / (2 * width), tolerance);
        }
      }
    };

    CellRun<double> run(cell, shape, seed);
    run.forward();
    run.backward();
    for (std::size_t t = 0; t < shape.steps; ++t) {
      const Context context("inputs of step ", t);
      check_matrix([t](CellRun<double>& other) -> auto& { return other.inputs[t]; }, run.d_inputs[t].view());
    }
    {
      const Context context("initial state");
      check_matrix([](CellRun<double>& other) -> auto& { return other.states[0]; }, run.d_state.view());
    }

    // Loss by R = sum over steps and rows of (loss by the recurrent part of the pre-activations) h_before^T.
    const std::size_t first = (cell.blocks - cell.recurrent_blocks) * shape.hidden_size;
    AlignedMatrix<double> d_recurrent(cell.recurrent_blocks * shape.hidden_size, shape.hidden_size);
    for (std::size_t t = 0; t < shape.steps; ++t) {
      for (std::size_t r = 0; r < shape.batch; ++r) {
        for (std::size_t j = 0; j < d_recurrent.view().rows; ++j) {
          for (std::size_t k = 0; k < shape.hidden_size; ++k) {
            d_recurrent.view()(j, k) += run.d_inputs[t].view()(r, first + j) * run.states[t].view()(r, k);
          }
        }
      }
    }
    const Context context("recurrent weights");
    check_matrix([](CellRun<double>& other) -> auto& { return other.recurrent; }, d_recurrent.view());
  });
}

TEST("a row of a batch has the bits that it has alone") {
  for_each_set_and_type([]<typename Real>() {
    for_each_cell<Real>([](const CellOperations<Real>& cell) {
      for_each_hidden_size([&](std::size_t hidden_size) {
        const RunShape shape{.steps = 2, .batch = 7, .hidden_size = hidden_size};
        CellRun<Real> together(cell, shape, 62);
        together.forward();
        together.backward();
        for (std::size_t r = 0; r < shape.batch; ++r) {
          const Context context("row ", r);
          CellRun<Real> source(cell, shape, 62), alone(cell, {shape.steps, 1, hidden_size}, 62);
          const auto sources = source.rows_of_sequences(), rows = alone.rows_of_sequences();
          for (std::size_t m = 0; m < rows.size(); ++m) {
            for (std::size_t c = 0; c < rows[m]->view().columns; ++c) {
              rows[m]->view()(0, c) = sources[m]->view()(r, c);
            }
          }
          alone.forward();
          alone.backward();
          const auto expected = together.rows_of_sequences();
          for (std::size_t m = 0; m < rows.size(); ++m) {
            const std::size_t numbers = rows[m]->view().row_stride;
            CHECK_SAME_BITS((VectorView<Real>{rows[m]->view().row(0), numbers}),
                            (VectorView<Real>{expected[m]->view().row(r), numbers}));
          }
        }
      });
    });
  });
}

TEST("every instruction set gives the same bits, also far from zero") {
  const std::string before = name_in_use();
  for_each_type([]<typename Real>() {
    for_each_cell<Real>([](const CellOperations<Real>& cell) {
      for_each_hidden_size([&](std::size_t hidden_size) {
        for (const Real scale : {Real{1}, Real{12}, Real{1000}}) {
          const Context context("scale ", scale);
          const auto hash_with = [&](const std::string& instruction_set) {
            use_instruction_set(instruction_set);
            CellRun<Real> run(cell, {.steps = 3, .batch = 5, .hidden_size = hidden_size}, 63, scale);
            run.forward();
            run.backward();
            return run.hash();
          };
          const std::uint64_t expected = hash_with("baseline");
          for (const std::string& name : usable_instruction_sets()) {
            const Context context_of_set(name);
            CHECK_EQUAL(hash_with(name), expected);
          }
        }
      });
    });
  });
  use_instruction_set(before);
}

// All arrays of a step forward and back, each followed by some copies of the same number.
template <typename Real>
std::vector<std::vector<Real>> arrays_of_step(const CellOperations<Real>& cell, std::size_t hidden_size,
                                              Real beyond) {
  MadeUpNumbers numbers(64);
  const auto array = [&](std::size_t vectors) {
    std::vector<Real> made = numbers.numbers<Real>(vectors * hidden_size);
    made.resize(made.size() + alignment_bytes / sizeof(Real), beyond);
    return made;
  };
  std::vector<Real> blocks = array(cell.blocks), before = array(cell.state_vectors);
  std::vector<Real> after = array(cell.state_vectors), kept = array(cell.kept_vectors);
  std::vector<Real> d_output = array(1), d_after = array(cell.state_vectors);
  std::vector<Real> d_before = array(cell.state_vectors), d_blocks = array(cell.blocks);
  const CellStep<Real> step{hidden_size, blocks.data(), before.data(), after.data(), kept.data()};
  cell.forward(step);
  cell.backward(step, {d_output.data(), d_after.data(), d_before.data(), d_blocks.data()});
  return {blocks, before, after, kept, d_output, d_after, d_before, d_blocks};
}

TEST("nothing beyond the vectors of hidden_size numbers is read or written") {
  for_each_set_and_type([]<typename Real>() {
    for_each_cell<Real>([](const CellOperations<Real>& cell) {
      for_each_hidden_size([&](std::size_t hidden_size) {
        auto with_zeros = arrays_of_step(cell, hidden_size, Real{0});
        const auto with_sevens = arrays_of_step(cell, hidden_size, Real{7});
        for (std::size_t a = 0; a < with_zeros.size(); ++a) {
          const Context context("array ", a);
          const auto size = static_cast<std::ptrdiff_t>(alignment_bytes / sizeof(Real));
          for (auto end = with_zeros[a].end() - size; end != with_zeros[a].end(); ++end) *end += 7;
          CHECK_SAME_BITS(with_zeros[a], with_sevens[a]);
        }
      });
    });
  });
}

}  // namespace
}  // namespace dinorc::check
