// The notebook's single steps on separate arrays: with one-hot inputs, the bits of the unrolled network.
#include <cstddef>
#include <vector>

#include "check.hpp"
#include "dinorc/notebook/backpropagation.hpp"
#include "dinorc/notebook/notebook_backward.hpp"
#include "dinorc/notebook/notebook_steps.hpp"
#include "naive_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

template <typename Real>
VectorView<Real> view_of(std::vector<Real>& vector) {
  return {vector.data(), vector.size()};
}

template <typename Real>
VectorView<const Real> view_of(const std::vector<Real>& vector) {
  return {vector.data(), vector.size()};
}

// A run of single steps over a sequence, each with its one-hot input (or zero, for no character).
template <typename Real>
struct StepByStep {
  StepByStep(NaiveParameters<Real>& parameters, const std::vector<Real>& initial_state, CharacterIds inputs)
      : p(parameters) {
    states.push_back(initial_state);
    for (const CharacterId character : inputs) {
      std::vector<Real> x(p.n_x), a(p.n_a), y(p.n_y);
      if (character != no_character) x[static_cast<std::size_t>(character)] = 1;
      notebook_step_forward<Real>(p.arrays(), view_of(states.back()), view_of(x), view_of(a), view_of(y));
      one_hot.push_back(x);
      states.push_back(a);
      probabilities.push_back(y);
    }
  }

  NaiveParameters<Real> backward(CharacterIds targets) {
    NaiveParameters<Real> gradients(p.n_a, p.n_x, p.n_y);
    std::vector<Real> da_next(p.n_a), da_prev(p.n_a);
    for (std::size_t t = targets.size(); t-- > 0;) {
      std::vector<Real> dy = probabilities[t];
      Real& d_target = dy[static_cast<std::size_t>(targets[t])];
      d_target = d_target - Real{1};
      notebook_step_backward<Real>({
          .dy = view_of(dy),
          .Wya = p.arrays().Wya,
          .Waa = p.arrays().Waa,
          .x = view_of(one_hot[t]),
          .a = view_of(states[t + 1]),
          .a_prev = view_of(states[t]),
          .da_next = view_of(da_next),
          .gradients = gradients.arrays(),
          .da_prev = view_of(da_prev),
      });
      da_next = da_prev;
    }
    return gradients;
  }

  NaiveParameters<Real>& p;
  Rows<Real> one_hot, states, probabilities;
};

TEST("steps with one-hot inputs have the bits of the unrolled network, forward and backward") {
  for_each_set_and_type([]<typename Real>() {
    for (const std::size_t n_a : {1, 8, 17, 50}) {
      for (const std::size_t n_x : {1, 6, 27}) {
        for (const std::size_t n_y : {1, 9, 27}) {
          const Context context("hidden ", n_a, ", input ", n_x, ", output ", n_y);
          constexpr std::size_t length = 6;
          auto p = NaiveParameters<Real>::made_up(n_a, n_x, n_y, 48);
          MadeUpNumbers numbers(49);
          std::vector<CharacterId> inputs = numbers.characters(length, n_x);
          inputs[0] = no_character;
          const std::vector<CharacterId> targets = numbers.characters(length, n_y);
          const std::vector<Real> initial_state = numbers.numbers<Real>(n_a);

          ParameterBuffer<Real> parameters(p.arrays()), gradients(n_a, n_x, n_y);
          const PackedNetwork<Real> packed(parameters);
          UnrolledNetwork<Real> unrolled(packed, length);
          std::copy(initial_state.begin(), initial_state.end(), unrolled.initial_state().data);
          unrolled.forward(inputs, targets);

          StepByStep<Real> steps(p, initial_state, inputs);
          for (std::size_t t = 0; t < length; ++t) {
            CHECK_SAME_BITS(steps.states[t + 1], unrolled.state(t + 1));
            CHECK_SAME_BITS(steps.probabilities[t], (VectorView<Real>{unrolled.probabilities().row(t), n_y}));
          }
          unrolled.backward(inputs, targets, gradients);
          NaiveParameters<Real> expected(n_a, n_x, n_y);
          gradients.copy_to(expected.arrays());
          CHECK_SAME_BITS(steps.backward(targets).all(), expected.all());
        }
      }
    }
  });
}

TEST("the way back through a whole sequence has the bits of its steps, for dense inputs too") {
  for_each_set_and_type([]<typename Real>() {
    for (const std::size_t n_a : {1, 8, 17, 50}) {
      for (const std::size_t length : {1, 2, 11}) {
        const Context context("hidden ", n_a, ", length ", length);
        constexpr std::size_t n_x = 6, n_y = 27;
        auto p = NaiveParameters<Real>::made_up(n_a, n_x, n_y, 55);
        MadeUpNumbers numbers(56);
        const std::vector<CharacterId> targets = numbers.characters(length, n_y);
        const std::vector<Real> y_hat = numbers.numbers<Real>(length * n_y),
                                a = numbers.numbers<Real>((length + 1) * n_a),
                                x = numbers.numbers<Real>(length * n_x);
        NaiveParameters<Real> expected(n_a, n_x, n_y), gradients(n_a, n_x, n_y);
        std::vector<Real> da_next(n_a), da_prev(n_a), d_initial(n_a);
        for (std::size_t t = length; t-- > 0;) {
          std::vector<Real> dy(y_hat.begin() + static_cast<std::ptrdiff_t>(t * n_y),
                               y_hat.begin() + static_cast<std::ptrdiff_t>((t + 1) * n_y));
          Real& d_target = dy[static_cast<std::size_t>(targets[t])];
          d_target = d_target - Real{1};
          notebook_step_backward<Real>({
              .dy = view_of(dy),
              .Wya = p.arrays().Wya,
              .Waa = p.arrays().Waa,
              .x = {x.data() + t * n_x, n_x},
              .a = {a.data() + (t + 1) * n_a, n_a},
              .a_prev = {a.data() + t * n_a, n_a},
              .da_next = view_of(da_next),
              .gradients = expected.arrays(),
              .da_prev = view_of(da_prev),
          });
          da_next = da_prev;
        }
        const NotebookCache<Real> cache{.y_hat = {y_hat.data(), length, n_y, n_y},
                                        .a = {a.data(), length + 1, n_a, n_a},
                                        .x = {x.data(), length, n_x, n_x}};
        notebook_backward<Real>(p.arrays(), targets, cache, gradients.arrays(), view_of(d_initial));
        CHECK_SAME_BITS(gradients.all(), expected.all());
        CHECK_SAME_BITS(d_initial, da_next);
      }
    }
  });
}

TEST("a dense input goes through Wax, summed in ascending order before the bias") {
  for_each_type([]<typename Real>() {
    constexpr std::size_t n_a = 13, n_x = 7, n_y = 5;
    auto p = NaiveParameters<Real>::made_up(n_a, n_x, n_y, 50);
    MadeUpNumbers numbers(51);
    const std::vector<Real> x = numbers.numbers<Real>(n_x), a_prev = numbers.numbers<Real>(n_a);
    std::vector<Real> a(n_a), y(n_y), expected(n_a);
    notebook_step_forward<Real>(p.arrays(), view_of(a_prev), view_of(x), view_of(a), view_of(y));
    for (std::size_t j = 0; j < n_a; ++j) {
      Real z = 0;
      for (std::size_t i = 0; i < n_x; ++i) z = z + x[i] * p.Wax[j * n_x + i];
      z = z + p.b[j];
      for (std::size_t k = 0; k < n_a; ++k) z = z + a_prev[k] * p.Waa[j * n_a + k];
      expected[j] = naive_tanh(z);
    }
    CHECK_SAME_BITS(a, expected);
    CHECK_SAME_BITS(y, naive_softmax(naive_logits(p, expected)).probabilities);
  });
}

TEST("gradients are added to what is there, for a dense input too") {
  for_each_type([]<typename Real>() {
    constexpr std::size_t n_a = 10, n_x = 6, n_y = 7;
    auto p = NaiveParameters<Real>::made_up(n_a, n_x, n_y, 52);
    auto gradients = NaiveParameters<Real>::made_up(n_a, n_x, n_y, 53);
    auto expected = gradients;
    MadeUpNumbers numbers(54);
    const std::vector<Real> dy = numbers.numbers<Real>(n_y), x = numbers.numbers<Real>(n_x),
                            a = numbers.numbers<Real>(n_a), a_prev = numbers.numbers<Real>(n_a),
                            da_next = numbers.numbers<Real>(n_a);
    std::vector<Real> da_prev = numbers.numbers<Real>(n_a), expected_da_prev(n_a), dz(n_a);
    for (std::size_t k = 0; k < n_a; ++k) {
      Real da = 0;
      for (std::size_t i = 0; i < n_y; ++i) da = da + dy[i] * p.Wya[i * n_a + k];
      da = da + da_next[k];
      dz[k] = (Real{1} - a[k] * a[k]) * da;
    }
    for (std::size_t i = 0; i < n_y; ++i) {
      for (std::size_t k = 0; k < n_a; ++k) {
        expected.Wya[i * n_a + k] = expected.Wya[i * n_a + k] + dy[i] * a[k];
      }
      expected.by[i] = expected.by[i] + dy[i];
    }
    for (std::size_t j = 0; j < n_a; ++j) {
      for (std::size_t i = 0; i < n_x; ++i) {
        expected.Wax[j * n_x + i] = expected.Wax[j * n_x + i] + dz[j] * x[i];
      }
      for (std::size_t k = 0; k < n_a; ++k) {
        expected.Waa[j * n_a + k] = expected.Waa[j * n_a + k] + dz[j] * a_prev[k];
        expected_da_prev[k] = expected_da_prev[k] + dz[j] * p.Waa[j * n_a + k];
      }
      expected.b[j] = expected.b[j] + dz[j];
    }
    notebook_step_backward<Real>({
        .dy = view_of(dy),
        .Wya = p.arrays().Wya,
        .Waa = p.arrays().Waa,
        .x = view_of(x),
        .a = view_of(a),
        .a_prev = view_of(a_prev),
        .da_next = view_of(da_next),
        .gradients = gradients.arrays(),
        .da_prev = view_of(da_prev),
    });
    CHECK_SAME_BITS(gradients.all(), expected.all());
    CHECK_SAME_BITS(da_prev, expected_da_prev);
  });
}

}  // namespace
}  // namespace dinorc::check
