// The network unrolled through time, against finite differences and against plain loops.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/notebook/backpropagation.hpp"
#include "naive_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

// Parameters, packed network and unrolled network together; they refer to each other and stay where they are.
template <typename Real>
struct Network {
  Network(const NotebookArrays<Real>& arrays, std::size_t capacity)
      : parameters(arrays),
        gradients(arrays.hidden_size(), arrays.input_size(), arrays.output_size()),
        packed(parameters),
        unrolled(packed, capacity) {}
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  void set_initial_state(const std::vector<Real>& state) {
    std::copy(state.begin(), state.end(), unrolled.initial_state().data);
  }

  NaiveParameters<Real> gradients_of(CharacterIds inputs, CharacterIds targets) {
    unrolled.backward(inputs, targets, gradients);
    NaiveParameters<Real> result(gradients.hidden_size(), gradients.input_size(), gradients.output_size());
    gradients.copy_to(result.arrays());
    return result;
  }

  ParameterBuffer<Real> parameters, gradients;
  PackedNetwork<Real> packed;
  UnrolledNetwork<Real> unrolled;
};

struct Sequence {
  std::vector<CharacterId> inputs, targets;
};

Sequence made_up_sequence(std::size_t length, std::size_t input_size, std::size_t output_size,
                          std::uint64_t seed) {
  MadeUpNumbers numbers(seed);
  Sequence sequence{numbers.characters(length, input_size), numbers.characters(length, output_size)};
  sequence.inputs[0] = no_character;
  return sequence;
}

template <typename Real>
void check_against_naive_loops(NaiveParameters<Real>& p, const Sequence& sequence,
                               const std::vector<Real>& initial_state, Network<Real>& network) {
  const std::size_t length = sequence.inputs.size();
  const NaiveSequence<Real> naive = naive_forward(p, initial_state, sequence.inputs, sequence.targets);
  network.set_initial_state(initial_state);
  CHECK_SAME_BITS(network.unrolled.forward(sequence.inputs, sequence.targets), naive.loss);
  for (std::size_t t = 0; t <= length; ++t) CHECK_SAME_BITS(network.unrolled.state(t), naive.states[t]);
  for (std::size_t t = 0; t < length; ++t) {
    CHECK_SAME_BITS((VectorView<Real>{network.unrolled.probabilities().row(t), p.n_y}),
                    naive.probabilities[t]);
  }
  const NaiveParameters<Real> gradients = network.gradients_of(sequence.inputs, sequence.targets);
  const NaiveParameters<Real> expected = naive_backward(p, naive, sequence.inputs, sequence.targets);
  CHECK_SAME_BITS(gradients.Wax, expected.Wax);
  CHECK_SAME_BITS(gradients.Waa, expected.Waa);
  CHECK_SAME_BITS(gradients.Wya, expected.Wya);
  CHECK_SAME_BITS(gradients.b, expected.b);
  CHECK_SAME_BITS(gradients.by, expected.by);
}

TEST("loss, states, probabilities and gradients have the bits of plain loops") {
  for_each_set_and_type([]<typename Real>() {
    for (const std::size_t n_a : {1, 7, 16, 33, 50}) {
      for (const std::size_t n_x : {1, 5, 27}) {
        for (const std::size_t n_y : {1, 8, 27}) {
          for (const std::size_t length : {1, 2, 5, 13}) {
            const Context context("hidden ", n_a, ", input ", n_x, ", output ", n_y, ", length ", length);
            auto p = NaiveParameters<Real>::made_up(n_a, n_x, n_y, 32);
            Network<Real> network(p.arrays(), length);
            check_against_naive_loops(p, made_up_sequence(length, n_x, n_y, 33),
                                      MadeUpNumbers(34).numbers<Real>(n_a), network);
          }
        }
      }
    }
  });
}

TEST("a character that comes again and again, and no character in the middle") {
  for_each_type([]<typename Real>() {
    auto p = NaiveParameters<Real>::made_up(19, 4, 4, 35);
    Network<Real> network(p.arrays(), 8);
    const std::vector<Real> zero(19);
    for (const Sequence& sequence :
         {Sequence{{2, 2, 2, 2, 2, 2, 2, 2}, {1, 1, 1, 1, 1, 1, 1, 1}},
          Sequence{{no_character, 3, 0, no_character, 3, 3, 0}, {3, 0, 0, 3, 3, 0, 2}},
          Sequence{{no_character, no_character}, {0, 0}}, Sequence{{no_character}, {3}}}) {
      check_against_naive_loops(p, sequence, zero, network);
    }
  });
}

TEST("a network with room to spare, used before for longer sequences, gives the same bits") {
  for_each_type([]<typename Real>() {
    auto p = NaiveParameters<Real>::made_up(23, 9, 9, 36);
    Network<Real> network(p.arrays(), 30);
    for (const std::size_t length : {30, 1, 17, 3, 30}) {
      const Context context("length ", length);
      check_against_naive_loops(p, made_up_sequence(length, 9, 9, 37 + length),
                                MadeUpNumbers(38).numbers<Real>(23), network);
    }
  });
}

TEST("gradients are written whole: what the buffer held before does not matter") {
  for_each_type([]<typename Real>() {
    auto p = NaiveParameters<Real>::made_up(11, 5, 6, 39);
    Network<Real> network(p.arrays(), 4);
    network.gradients.copy_from(p.arrays());
    check_against_naive_loops(p, made_up_sequence(4, 5, 6, 40), std::vector<Real>(11), network);
  });
}

TEST("the padding of the gradients stays zero") {
  for_each_type([]<typename Real>() {
    auto p = NaiveParameters<Real>::made_up(11, 5, 6, 41);
    Network<Real> network(p.arrays(), 6);
    const Sequence sequence = made_up_sequence(6, 5, 6, 42);
    network.unrolled.forward(sequence.inputs, sequence.targets);
    auto read = network.gradients_of(sequence.inputs, sequence.targets);
    const ParameterBuffer<Real> clean(11, 5, 6);
    ParameterBuffer<Real> copied(read.arrays());
    CHECK_SAME_BITS(network.gradients.all(), copied.all());
  });
}

TEST("carry_state starts the next sequence where the last one ended") {
  for_each_type([]<typename Real>() {
    auto p = NaiveParameters<Real>::made_up(14, 6, 6, 43);
    Network<Real> network(p.arrays(), 9);
    CHECK_SAME_BITS(network.unrolled.initial_state(), std::vector<Real>(14));  // zero at first
    std::vector<Real> state(14);
    for (const std::size_t length : {5, 9, 1}) {
      const Sequence sequence = made_up_sequence(length, 6, 6, 44);
      const NaiveSequence<Real> naive = naive_forward(p, state, sequence.inputs, sequence.targets);
      CHECK_SAME_BITS(network.unrolled.forward(sequence.inputs, sequence.targets), naive.loss);
      network.unrolled.carry_state(length);
      state = naive.states[length];
      CHECK_SAME_BITS(network.unrolled.initial_state(), state);
    }
  });
}

TEST("gradients agree with finite differences of the loss, parameter by parameter") {
  constexpr std::size_t n_a = 6, n_x = 4, n_y = 5, length = 9;
  constexpr double width = 1e-5;
  auto p = NaiveParameters<double>::made_up(n_a, n_x, n_y, 45);
  const Sequence sequence = made_up_sequence(length, n_x, n_y, 46);
  const std::vector<double> initial_state = MadeUpNumbers(47).numbers<double>(n_a);
  const auto loss = [&] {
    Network<double> network(p.arrays(), length);
    network.set_initial_state(initial_state);
    return network.unrolled.forward(sequence.inputs, sequence.targets);
  };

  Network<double> network(p.arrays(), length);
  network.set_initial_state(initial_state);
  network.unrolled.forward(sequence.inputs, sequence.targets);
  NaiveParameters<double> gradients = network.gradients_of(sequence.inputs, sequence.targets);
  const char* const names[] = {"Wax", "Waa", "Wya", "b", "by"};
  for (std::size_t part = 0; part < std::size(names); ++part) {
    std::vector<double>& parameters = *p.parts()[part];
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const Context context("d", names[part], ", number ", i);
      const double parameter = parameters[i];
      parameters[i] = parameter + width;
      const double above = loss();
      parameters[i] = parameter - width;
      const double below = loss();
      parameters[i] = parameter;
      CHECK_NEAR((*gradients.parts()[part])[i], (above - below) / (2 * width), 1e-7);
    }
  }
}

}  // namespace
}  // namespace dinorc::check
