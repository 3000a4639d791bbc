// What the packed network looks up and computes, against the notebook's arrays.
#include <cstddef>
#include <vector>

#include "check.hpp"
#include "dinorc/notebook/packed_network.hpp"
#include "naive_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t hidden_size = 21, input_size = 6, output_size = 11;

TEST("the input of a character is its column of Wax and the bias, of no character the bias") {
  for_each_type([]<typename Real>() {
    auto p = NaiveParameters<Real>::made_up(hidden_size, input_size, output_size, 22);
    ParameterBuffer<Real> parameters(p.arrays());
    const PackedNetwork<Real> network(parameters);
    CHECK_EQUAL(network.hidden_size(), hidden_size);
    CHECK_EQUAL(network.output_size(), output_size);
    for (CharacterId character = no_character; character < CharacterId{input_size}; ++character) {
      AlignedMatrix<Real> a(1, hidden_size);
      network.look_up(character, a.view().data);
      std::vector<Real> expected(padded<Real>(hidden_size));
      for (std::size_t j = 0; j < hidden_size; ++j) {
        expected[j] = p.b[j];
        if (character != no_character) {
          expected[j] = expected[j] + p.Wax[j * input_size + static_cast<std::size_t>(character)];
        }
      }
      CHECK_SAME_BITS((VectorView<Real>{a.view().data, a.view().row_stride}), expected);
    }
  });
}

TEST("logits are the bias and then the products in ascending order, for any number of rows") {
  for_each_set_and_type([]<typename Real>() {
    auto p = NaiveParameters<Real>::made_up(hidden_size, input_size, output_size, 23);
    ParameterBuffer<Real> parameters(p.arrays());
    const PackedNetwork<Real> network(parameters);
    MadeUpNumbers numbers(24);
    for (std::size_t rows = 1; rows <= 9; ++rows) {
      AlignedMatrix<Real> hidden(rows, hidden_size), logits(rows, output_size);
      std::vector<std::vector<Real>> states;
      for (std::size_t r = 0; r < rows; ++r) {
        states.push_back(numbers.numbers<Real>(hidden_size));
        std::copy(states[r].begin(), states[r].end(), hidden.view().row(r));
      }
      network.compute_logits(hidden.view(), logits.view());
      for (std::size_t r = 0; r < rows; ++r) {
        std::vector<Real> expected = naive_logits(p, states[r]);
        expected.resize(padded<Real>(output_size));  // with zeros
        CHECK_SAME_BITS((VectorView<Real>{logits.view().row(r), logits.view().row_stride}), expected);
      }
    }
  });
}

TEST("pack() takes over parameters that have changed") {
  for_each_type([]<typename Real>() {
    auto first = NaiveParameters<Real>::made_up(hidden_size, input_size, output_size, 25);
    auto second = NaiveParameters<Real>::made_up(hidden_size, input_size, output_size, 26);
    ParameterBuffer<Real> parameters(first.arrays());
    PackedNetwork<Real> network(parameters);
    parameters.copy_from(second.arrays());
    network.pack();

    const std::vector<Real> state = MadeUpNumbers(27).numbers<Real>(hidden_size);
    AlignedMatrix<Real> hidden(1, hidden_size), logits(1, output_size);
    std::copy(state.begin(), state.end(), hidden.view().data);
    network.compute_logits(hidden.view(), logits.view());
    CHECK_SAME_BITS((VectorView<Real>{logits.view().data, output_size}), naive_logits(second, state));

    ParameterBuffer<Real> changed(second.arrays());
    const PackedNetwork<Real> fresh(changed);
    const auto steps = [&](const PackedNetwork<Real>& each) {
      AlignedMatrix<Real> states(3, hidden_size), d_states(2, hidden_size), da_next(1, hidden_size);
      std::copy(state.begin(), state.end(), states.view().data);
      each.look_up(1, states.view().row(1));
      each.look_up(no_character, states.view().row(2));
      each.steps_forward(states.view());
      std::copy(state.begin(), state.end(), d_states.view().row(1));
      each.steps_backward(states.view(), d_states.view(), da_next.view().data);
      std::vector<Real> results(states.view().row(0), states.view().row(3));
      results.insert(results.end(), d_states.view().row(0), d_states.view().row(2));
      return results;
    };
    CHECK_SAME_BITS(steps(network), steps(fresh));
  });
}

}  // namespace
}  // namespace dinorc::check
