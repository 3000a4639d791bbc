// The recurrent network once more: plain vectors, plain loops, every sum in the order of the float contract.
// It shares the elementary functions with the core, number by number, and nothing else.
#pragma once

#include <cstddef>
#include <vector>

#include "dinorc/kernels/kernels.hpp"
#include "dinorc/names/characters.hpp"
#include "dinorc/notebook/notebook_arrays.hpp"
#include "made_up_numbers.hpp"

namespace dinorc::check {

template <typename Real>
Real naive_exp(Real x) {
  active_kernels<Real>().exp(&x, &x, 1);
  return x;
}

template <typename Real>
Real naive_tanh(Real x) {
  active_kernels<Real>().tanh(&x, &x, 1);
  return x;
}

template <typename Real>
Real naive_log(Real x) {
  active_kernels<Real>().log(&x, &x, 1);
  return x;
}

// Parameters, or their gradients, in the notebook's shapes, row after row.
template <typename Real>
struct NaiveParameters {
  NaiveParameters(std::size_t hidden_size, std::size_t input_size, std::size_t output_size)
      : n_a(hidden_size),
        n_x(input_size),
        n_y(output_size),
        Wax(n_a * n_x),
        Waa(n_a * n_a),
        Wya(n_y * n_a),
        b(n_a),
        by(n_y) {}

  static NaiveParameters made_up(std::size_t hidden_size, std::size_t input_size, std::size_t output_size,
                                 std::uint64_t seed) {
    NaiveParameters made(hidden_size, input_size, output_size);
    MadeUpNumbers numbers(seed);
    for (std::vector<Real>* part : made.parts()) *part = numbers.numbers<Real>(part->size());
    return made;
  }

  std::vector<std::vector<Real>*> parts() { return {&Wax, &Waa, &Wya, &b, &by}; }

  std::vector<Real> all() const {
    std::vector<Real> numbers;
    for (const std::vector<Real>* part : {&Wax, &Waa, &Wya, &b, &by}) {
      numbers.insert(numbers.end(), part->begin(), part->end());
    }
    return numbers;
  }

  NotebookArrays<Real> arrays() {
    return {{Wax.data(), n_a, n_x, n_x},
            {Waa.data(), n_a, n_a, n_a},
            {Wya.data(), n_y, n_a, n_a},
            {b.data(), n_a},
            {by.data(), n_y}};
  }

  std::size_t n_a, n_x, n_y;
  std::vector<Real> Wax, Waa, Wya, b, by;
};

template <typename Real>
using Rows = std::vector<std::vector<Real>>;

// What the backward pass needs from the forward pass.
template <typename Real>
struct NaiveSequence {
  Rows<Real> states;         // one more than characters, the initial state first
  Rows<Real> probabilities;  // a row for each character
  double loss = 0.0;
};

template <typename Real>
std::vector<Real> naive_state_after(const NaiveParameters<Real>& p, const std::vector<Real>& before,
                                    CharacterId character) {
  std::vector<Real> after(p.n_a);
  for (std::size_t j = 0; j < p.n_a; ++j) {
    Real z = p.b[j];
    if (character != no_character) z = z + p.Wax[j * p.n_x + static_cast<std::size_t>(character)];
    for (std::size_t k = 0; k < p.n_a; ++k) z = z + before[k] * p.Waa[j * p.n_a + k];
    after[j] = naive_tanh(z);
  }
  return after;
}

template <typename Real>
std::vector<Real> naive_logits(const NaiveParameters<Real>& p, const std::vector<Real>& state) {
  std::vector<Real> logits = p.by;
  for (std::size_t i = 0; i < p.n_y; ++i) {
    for (std::size_t k = 0; k < p.n_a; ++k) logits[i] = logits[i] + state[k] * p.Wya[i * p.n_a + k];
  }
  return logits;
}

template <typename Real>
struct NaiveSoftmax {
  std::vector<Real> probabilities;
  Real maximum, sum;
};

template <typename Real>
NaiveSoftmax<Real> naive_softmax(const std::vector<Real>& logits) {
  Real maximum = logits[0];
  for (const Real logit : logits) maximum = logit > maximum ? logit : maximum;
  std::vector<Real> terms;
  for (const Real logit : logits) terms.push_back(naive_exp(logit - maximum));
  Real sum = Real{0};
  for (const Real term : terms) sum = sum + term;
  for (Real& term : terms) term = term / sum;
  return {terms, maximum, sum};
}

template <typename Real>
NaiveSequence<Real> naive_forward(const NaiveParameters<Real>& p, const std::vector<Real>& initial_state,
                                  CharacterIds inputs, CharacterIds targets) {
  NaiveSequence<Real> sequence;
  sequence.states.push_back(initial_state);
  for (std::size_t t = 0; t < inputs.size(); ++t) {
    sequence.states.push_back(naive_state_after(p, sequence.states[t], inputs[t]));
    const std::vector<Real> logits = naive_logits(p, sequence.states[t + 1]);
    const NaiveSoftmax<Real> softmax = naive_softmax(logits);
    const Real target_logit = logits[static_cast<std::size_t>(targets[t])];
    const Real loss = naive_log(softmax.sum) - (target_logit - softmax.maximum);
    sequence.probabilities.push_back(softmax.probabilities);
    sequence.loss = sequence.loss + static_cast<double>(loss);
  }
  return sequence;
}

template <typename Real>
NaiveParameters<Real> naive_backward(const NaiveParameters<Real>& p, const NaiveSequence<Real>& sequence,
                                     CharacterIds inputs, CharacterIds targets) {
  NaiveParameters<Real> gradients(p.n_a, p.n_x, p.n_y);
  std::vector<Real> d_state(p.n_a);
  for (std::size_t t = inputs.size(); t-- > 0;) {
    const std::vector<Real>& state = sequence.states[t + 1];
    const std::vector<Real>& state_before = sequence.states[t];

    std::vector<Real> d_logits = sequence.probabilities[t];
    Real& d_target = d_logits[static_cast<std::size_t>(targets[t])];
    d_target = d_target - Real{1};
    for (std::size_t i = 0; i < p.n_y; ++i) {
      gradients.by[i] = gradients.by[i] + d_logits[i];
      for (std::size_t k = 0; k < p.n_a; ++k) {
        Real& gradient = gradients.Wya[i * p.n_a + k];
        gradient = gradient + d_logits[i] * state[k];
      }
    }

    std::vector<Real> dz(p.n_a);
    for (std::size_t k = 0; k < p.n_a; ++k) {
      Real da = Real{0};
      for (std::size_t i = 0; i < p.n_y; ++i) da = da + d_logits[i] * p.Wya[i * p.n_a + k];
      da = da + d_state[k];
      dz[k] = (Real{1} - state[k] * state[k]) * da;
    }
    for (std::size_t j = 0; j < p.n_a; ++j) {
      gradients.b[j] = gradients.b[j] + dz[j];
      for (std::size_t k = 0; k < p.n_a; ++k) {
        Real& gradient = gradients.Waa[j * p.n_a + k];
        gradient = gradient + dz[j] * state_before[k];
      }
      if (inputs[t] == no_character) continue;
      Real& gradient = gradients.Wax[j * p.n_x + static_cast<std::size_t>(inputs[t])];
      gradient = gradient + dz[j];
    }
    for (std::size_t k = 0; k < p.n_a; ++k) {
      d_state[k] = Real{0};
      for (std::size_t j = 0; j < p.n_a; ++j) d_state[k] = d_state[k] + dz[j] * p.Waa[j * p.n_a + k];
    }
  }
  return gradients;
}

}  // namespace dinorc::check
