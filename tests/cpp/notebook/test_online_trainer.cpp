// The notebook's training loop against one built here, its restarts, its interruption and its divergence.
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/notebook/backpropagation.hpp"
#include "dinorc/notebook/online_trainer.hpp"
#include "naive_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr std::size_t vocabulary_size = 9;

// Names of 1 to 8 characters; 0 ends each.
NameList made_up_names(std::size_t count, std::uint64_t seed) {
  MadeUpNumbers numbers(seed);
  NameList names;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t letters = numbers.below(8); letters > 0; --letters) {
      names.characters.push_back(static_cast<CharacterId>(1 + numbers.below(vocabulary_size - 1)));
    }
    names.characters.push_back(0);
    names.ends.push_back(names.characters.size());
  }
  return names;
}

template <typename Real>
NaiveParameters<Real> small_parameters(std::size_t hidden_size) {
  auto parameters = NaiveParameters<Real>::made_up(hidden_size, vocabulary_size, vocabulary_size, 55);
  for (std::vector<Real>* part : parameters.parts()) {
    for (Real& each : *part) each = each * static_cast<Real>(0.2);
  }
  return parameters;
}

// Where a training run stands: enough to tell whether two are the same.
template <typename Real>
struct Standing {
  std::vector<Real> parameters;
  double smoothed_loss = 20.0;
  std::size_t iteration = 0;
};

template <typename Real>
void check_same(const Standing<Real>& actual, const Standing<Real>& expected) {
  CHECK_SAME_BITS(actual.parameters, expected.parameters);
  CHECK_SAME_BITS(actual.smoothed_loss, expected.smoothed_loss);
  CHECK_EQUAL(actual.iteration, expected.iteration);
}

template <typename Real>
struct Training {
  Training(std::size_t hidden, Real learning_rate, Real maximum_gradient, std::size_t name_count = 7)
      : hidden_size(hidden),
        trainer(small_parameters<Real>(hidden).arrays(), made_up_names(name_count, 56), learning_rate,
                maximum_gradient) {}

  bool run(std::size_t count, const std::function<bool()>& interrupted = [] { return false; }) {
    return trainer.run(count, smoothed_loss, interrupted);
  }

  Standing<Real> standing() {
    NaiveParameters<Real> parameters(hidden_size, vocabulary_size, vocabulary_size);
    trainer.copy_parameters_to(parameters.arrays());
    return {parameters.all(), smoothed_loss, trainer.iteration()};
  }

  std::size_t hidden_size;
  double smoothed_loss = 20.0;
  OnlineTrainer<Real> trainer;
};

// What `count` iterations should do, from the core's public pieces.
template <typename Real>
Standing<Real> train_from_the_pieces(std::size_t hidden_size, Real learning_rate, Real maximum_gradient,
                                     std::size_t count) {
  const NameList names = made_up_names(7, 56);
  NaiveParameters<Real> read = small_parameters<Real>(hidden_size);
  ParameterBuffer<Real> parameters(read.arrays());
  ParameterBuffer<Real> gradients(hidden_size, vocabulary_size, vocabulary_size);
  PackedNetwork<Real> network(parameters);
  UnrolledNetwork<Real> unrolled(network, 8);
  Standing<Real> standing;
  for (; standing.iteration < count; ++standing.iteration) {
    const std::size_t index = standing.iteration % names.ends.size();
    const std::size_t begin = index == 0 ? 0 : names.ends[index - 1];
    const std::vector<CharacterId> targets(names.characters.data() + begin,
                                           names.characters.data() + names.ends[index]);
    std::vector<CharacterId> inputs = {no_character};
    inputs.insert(inputs.end(), targets.begin(), targets.end() - 1);
    const double loss = unrolled.forward(inputs, targets);
    unrolled.backward(inputs, targets, gradients);
    active_kernels<Real>().clip(maximum_gradient, gradients.all().data, gradients.all().size);
    active_kernels<Real>().descend(learning_rate, gradients.all().data, parameters.all().data,
                                   gradients.all().size);
    network.pack();
    unrolled.carry_state(targets.size());
    standing.smoothed_loss = standing.smoothed_loss * 0.999 + loss * 0.001;
  }
  parameters.copy_to(read.arrays());
  standing.parameters = read.all();
  return standing;
}

// The same once more, from plain loops.
template <typename Real>
Standing<Real> train_naively(std::size_t hidden_size, Real learning_rate, Real maximum_gradient,
                             std::size_t count) {
  const NameList names = made_up_names(7, 56);
  NaiveParameters<Real> parameters = small_parameters<Real>(hidden_size);
  std::vector<Real> state(hidden_size);
  Standing<Real> standing;
  for (; standing.iteration < count; ++standing.iteration) {
    const std::size_t index = standing.iteration % names.ends.size();
    std::vector<CharacterId> inputs = {no_character}, targets;
    for (std::size_t i = index == 0 ? 0 : names.ends[index - 1]; i < names.ends[index]; ++i) {
      targets.push_back(names.characters[i]);
      if (i + 1 < names.ends[index]) inputs.push_back(names.characters[i]);
    }
    const NaiveSequence<Real> sequence = naive_forward(parameters, state, inputs, targets);
    NaiveParameters<Real> gradients = naive_backward(parameters, sequence, inputs, targets);
    for (std::size_t part = 0; part < gradients.parts().size(); ++part) {
      for (std::size_t i = 0; i < gradients.parts()[part]->size(); ++i) {
        Real gradient = (*gradients.parts()[part])[i];
        if (gradient > maximum_gradient) gradient = maximum_gradient;
        if (gradient < -maximum_gradient) gradient = -maximum_gradient;
        Real& parameter = (*parameters.parts()[part])[i];
        parameter = parameter - learning_rate * gradient;
      }
    }
    state = sequence.states.back();
    standing.smoothed_loss = standing.smoothed_loss * 0.999 + sequence.loss * 0.001;
  }
  standing.parameters = parameters.all();
  return standing;
}

TEST("training is forward, backward, clip and descend, name after name, the state carried on") {
  for_each_set_and_type([]<typename Real>() {
    for (const std::size_t hidden_size : {5, 16, 33, 90}) {  // at the last the weights are several panels
      for (const Real maximum_gradient :
           {Real{5}, static_cast<Real>(0.05)}) {  // the second clips nearly everything
        const Context context("hidden size ", hidden_size, ", maximum ", maximum_gradient);
        constexpr std::size_t count = 40;  // the names come round five times and more
        Training<Real> training(hidden_size, static_cast<Real>(0.1), maximum_gradient);
        CHECK(training.run(count));
        const Standing<Real> standing = training.standing();
        check_same(standing,
                   train_from_the_pieces(hidden_size, static_cast<Real>(0.1), maximum_gradient, count));
        check_same(standing, train_naively(hidden_size, static_cast<Real>(0.1), maximum_gradient, count));
        CHECK_EQUAL(standing.iteration, count);
      }
    }
  });
}

TEST("the same run twice gives the same bits") {
  for_each_type([]<typename Real>() {
    Training<Real> first(20, static_cast<Real>(0.05), Real{5}), second(20, static_cast<Real>(0.05), Real{5});
    CHECK(first.run(300));
    CHECK(second.run(300));
    check_same(first.standing(), second.standing());
  });
}

TEST("every instruction set trains to the same bits") {
  for_each_type([]<typename Real>() {
    const auto trained = [] {
      Training<Real> training(33, static_cast<Real>(0.05), Real{5});
      CHECK(training.run(300));
      return training.standing();
    };
    const std::string before = name_in_use();
    use_instruction_set("baseline");
    const Standing<Real> expected = trained();
    for (const std::string& name : usable_instruction_sets()) {
      const Context context(name);
      use_instruction_set(name);
      check_same(trained(), expected);
    }
    use_instruction_set(before);
  });
}

TEST("a run in pieces is the run at once") {
  for_each_type([]<typename Real>() {
    Training<Real> at_once(20, static_cast<Real>(0.05), Real{5}),
        in_pieces(20, static_cast<Real>(0.05), Real{5});
    CHECK(at_once.run(100));
    for (const std::size_t count : {1, 0, 6, 7, 30, 1, 55}) CHECK(in_pieces.run(count));
    check_same(in_pieces.standing(), at_once.standing());
  });
}

TEST("zero iterations leave everything as it was") {
  for_each_type([]<typename Real>() {
    Training<Real> training(8, static_cast<Real>(0.05), Real{5});
    const Standing<Real> before = training.standing();
    CHECK_SAME_BITS(before.parameters, small_parameters<Real>(8).all());
    CHECK(training.run(0));
    check_same(training.standing(), before);
  });
}

TEST("a single name is learned over and over") {
  for_each_type([]<typename Real>() {
    Training<Real> training(12, static_cast<Real>(0.05), Real{5}, 1);
    CHECK(training.run(50));
    CHECK_EQUAL(training.standing().iteration, 50);
    const double early = training.smoothed_loss;
    CHECK(training.run(2000));
    CHECK(training.smoothed_loss < early);
  });
}

TEST("the trainer's network has the trained parameters") {
  for_each_type([]<typename Real>() {
    Training<Real> training(12, static_cast<Real>(0.05), Real{5});
    CHECK(training.run(25));
    NaiveParameters<Real> trained(12, vocabulary_size, vocabulary_size);
    training.trainer.copy_parameters_to(trained.arrays());
    const std::vector<Real> state = MadeUpNumbers(57).numbers<Real>(12);
    AlignedMatrix<Real> hidden(1, 12), logits(1, vocabulary_size);
    std::copy(state.begin(), state.end(), hidden.view().data);
    training.trainer.network().compute_logits(hidden.view(), logits.view());
    CHECK_SAME_BITS((VectorView<Real>{logits.view().data, vocabulary_size}), naive_logits(trained, state));
  });
}

TEST("an interruption stops after a whole iteration, and training can go on") {
  for_each_type([]<typename Real>() {
    constexpr std::size_t forever = std::numeric_limits<std::size_t>::max();
    Training<Real> training(12, static_cast<Real>(0.001), Real{5});
    int calls = 0;
    CHECK(training.run(forever, [&] { return ++calls == 2; }));
    CHECK_EQUAL(calls, 2);
    const std::size_t done = training.trainer.iteration();
    CHECK(done > 0);

    Training<Real> uninterrupted(12, static_cast<Real>(0.001), Real{5});
    CHECK(uninterrupted.run(done));
    check_same(training.standing(), uninterrupted.standing());
    CHECK(training.run(10));
    CHECK(uninterrupted.run(10));
    check_same(training.standing(), uninterrupted.standing());
  });
}

// The learning rate lets the weights grow past what the logits can hold, some iterations later.
template <typename Real>
constexpr Real diverging_rate = std::numeric_limits<Real>::max() / 400;

TEST("a loss that is not finite puts parameters, state and count back to the start of the call") {
  for_each_type([]<typename Real>() {
    Training<Real> probe(6, diverging_rate<Real>, Real{1});
    std::size_t good = 0;  // iterations with finite losses
    while (good < 1000 && probe.run(1)) ++good;
    CHECK(good >= 3);
    CHECK(good < 1000);
    CHECK_EQUAL(probe.trainer.iteration(), good);

    // Into the divergence from the beginning, where the state still makes a difference, and from the middle.
    for (const std::size_t done : {std::size_t{0}, good / 2}) {
      const Context context("after ", done, " of ", good, " iterations");
      Training<Real> training(6, diverging_rate<Real>, Real{1});
      CHECK(training.run(done));
      const Standing<Real> before = training.standing();
      CHECK(!training.run(1000));
      check_same(training.standing(), before);

      // The state is back, too: the iterations that were good come out as if nothing had happened.
      CHECK(training.run(good - done));
      Training<Real> undisturbed(6, diverging_rate<Real>, Real{1});
      CHECK(undisturbed.run(good));
      check_same(training.standing(), undisturbed.standing());
    }
  });
}

TEST("a learning rate that is far too large leaves the initial parameters") {
  for_each_type([]<typename Real>() {
    const Real rate = sizeof(Real) == 8 ? static_cast<Real>(1e308) : std::numeric_limits<Real>::max();
    Training<Real> training(12, rate, Real{5});
    const Standing<Real> before = training.standing();
    CHECK(!training.run(100));
    check_same(training.standing(), before);
    CHECK(!training.run(100));
    check_same(training.standing(), before);
  });
}

TEST("a run that counts as good leaves finite parameters") {
  for_each_type([]<typename Real>() {
    const Real rate = sizeof(Real) == 8 ? static_cast<Real>(1e308) : std::numeric_limits<Real>::max();
    Training<Real> training(12, rate, Real{5});
    const bool finite = training.run(1);  // its loss is finite, its step is not
    const std::vector<Real> parameters = training.standing().parameters;
    CHECK_EQUAL(active_kernels<Real>().all_finite(parameters.data(), parameters.size()), true);
    CHECK_EQUAL(training.trainer.iteration(), finite ? 1 : 0);
  });
}

}  // namespace
}  // namespace dinorc::check
