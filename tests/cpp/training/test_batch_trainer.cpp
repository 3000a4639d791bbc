// Training in mini-batches: the same bits however it is run, stopped, and gone on with.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/predictors/network_predictor.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "dinorc/training/batch_trainer.hpp"
#include "made_up_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t vocabulary_size = 6;

// 37 names in batches of 8 at most: five of 8, 8, 7, 7 and 7.
constexpr TrainingSettings usual = {
    .seed = 11,
    .batch_size = 8,
    .epochs = 3,
    .learning_rate = 0.02,
    .schedule = Schedule::one_cycle,
    .weight_decay = 0.01,
    .dropout = 0.3,
    .clip_value = 0.5,
    .clip_norm = 0.4,
};

std::vector<Name> usual_names() { return made_up_names(37, vocabulary_size, 6, 103); }

// All that the rest of a run depends on.
template <typename Real>
struct Standing {
  std::vector<Real> parameters, moments;
  TrainingPosition position;
};

template <typename Real>
void check_same(const Standing<Real>& actual, const Standing<Real>& expected) {
  CHECK_SAME_BITS(actual.parameters, expected.parameters);
  CHECK_SAME_BITS(actual.moments, expected.moments);
  CHECK_EQUAL(actual.position.epoch, expected.position.epoch);
  CHECK_EQUAL(actual.position.batch, expected.position.batch);
  CHECK_SAME_BITS(actual.position.loss_sum, expected.position.loss_sum);
  CHECK_EQUAL(actual.position.characters, expected.position.characters);
}

template <typename Real>
struct Training {
  Training(const CellOperations<Real>& cell, const OptimizerOperations<Real>& optimizer,
           const std::vector<Name>& names = usual_names(), const TrainingSettings& settings = usual,
           std::size_t hidden_size = 9, std::size_t embedding_size = 3,
           const std::vector<double>& weights = {})
      : network(made_up_network(cell, vocabulary_size, hidden_size, embedding_size)),
        trainer(network, optimizer, list_of(names), settings, weights) {}

  TrainingOutcome run_epoch(std::size_t workers = 1) {
    return trainer.run(infinity, workers, never_interrupted);
  }
  TrainingOutcome run_batch(std::size_t workers = 1) { return trainer.run(0.0, workers, never_interrupted); }

  Standing<Real> standing() {
    return {copy_of(network.parameters().all()), copy_of(trainer.moments()), trainer.position()};
  }

  void go_to(const Standing<Real>& standing) {
    trainer.set_position(standing.position);
    std::copy(standing.moments.begin(), standing.moments.end(), trainer.moments().data);
    std::copy(standing.parameters.begin(), standing.parameters.end(), network.parameters().all().data);
  }

  CharacterNetwork<Real> network;
  BatchTrainer<Real> trainer;
};

template <typename Real, typename Function>
void for_each_cell_and_optimizer(Function&& function) {
  for_each_cell<Real>([&](const CellOperations<Real>& cell) {
    for (const OptimizerOperations<Real>& optimizer : optimizer_registry<Real>()) {
      const Context context(optimizer.name);
      function(cell, optimizer);
    }
  });
}

template <typename Real>
const OptimizerOperations<Real>& optimizer_named(const char* name) {
  for (const OptimizerOperations<Real>& optimizer : optimizer_registry<Real>()) {
    if (optimizer.name == std::string(name)) return optimizer;
  }
  throw std::invalid_argument(name);
}

TEST("every team gives the same bits, also where parameters fill several stretches") {
  for_each_type([]<typename Real>() {
    for_each_cell_and_optimizer<Real>([](const auto& cell, const auto& optimizer) {
      for (const std::size_t hidden_size : {9, 70}) {
        const std::size_t embedding_size = hidden_size == 9 ? 3 : 0;
        Training<Real> expected(cell, optimizer, usual_names(), usual, hidden_size, embedding_size);
        CHECK(expected.run_epoch() == TrainingOutcome::epoch_is_done);
        for (const std::size_t workers : team_sizes) {
          const Context context("hidden size ", hidden_size, ", ", workers, " workers");
          Training<Real> training(cell, optimizer, usual_names(), usual, hidden_size, embedding_size);
          CHECK(training.run_epoch(workers) == TrainingOutcome::epoch_is_done);
          check_same(training.standing(), expected.standing());
        }
      }
    });
  });
}

TEST("every instruction set gives the same bits") {
  const std::string before = name_in_use();
  for_each_type([]<typename Real>() {
    for_each_cell_and_optimizer<Real>([](const auto& cell, const auto& optimizer) {
      use_instruction_set("baseline");
      Training<Real> expected(cell, optimizer);
      expected.run_epoch();
      for (const std::string& name : usable_instruction_sets()) {
        const Context context(name);
        use_instruction_set(name);
        Training<Real> training(cell, optimizer);
        training.run_epoch(2);
        check_same(training.standing(), expected.standing());
      }
    });
  });
  use_instruction_set(before);
}

TEST("training batch by batch gives the bits of whole epochs") {
  for_each_type([]<typename Real>() {
    for_each_cell_and_optimizer<Real>([](const auto& cell, const auto& optimizer) {
      Training<Real> whole(cell, optimizer), sliced(cell, optimizer);
      for (std::uint64_t epoch = 0; epoch < usual.epochs; ++epoch) {
        CHECK(whole.run_epoch() == TrainingOutcome::epoch_is_done);
        for (std::uint64_t batch = 0; batch < 5; ++batch) {
          CHECK_EQUAL(sliced.trainer.position().epoch, epoch);
          CHECK_EQUAL(sliced.trainer.position().batch, batch);
          const auto expected = batch == 4 ? TrainingOutcome::epoch_is_done : TrainingOutcome::out_of_time;
          CHECK(sliced.run_batch(1 + batch % 3) == expected);
        }
        check_same(sliced.standing(), whole.standing());
      }
    });
  });
}

TEST("the order of the names makes no difference") {
  for_each_type([]<typename Real>() {
    const CellOperations<Real>& cell = cell_registry<Real>()[0];
    const OptimizerOperations<Real>& adam = optimizer_named<Real>("adam");
    std::vector<Name> names = usual_names();
    Training<Real> expected(cell, adam, names);
    expected.run_epoch();
    MadeUpNumbers numbers(104);
    for (int i = 0; i < 5; ++i) {
      for (std::size_t last = names.size() - 1; last > 0; --last)
        std::swap(names[last], names[numbers.below(last + 1)]);
      Training<Real> training(cell, adam, names);
      training.run_epoch();
      check_same(training.standing(), expected.standing());
    }
    std::vector<Name> others = names;
    others.back().insert(others.back().begin(), 5);
    Training<Real> training(cell, adam, others);
    training.run_epoch();
    CHECK(training.standing().parameters != expected.standing().parameters);
  });
}

TEST("seed, dropout and batches matter") {
  const CellOperations<double>& cell = cell_registry<double>()[0];
  const OptimizerOperations<double>& adam = optimizer_named<double>("adam");
  const auto parameters_with = [&](const TrainingSettings& settings) {
    Training<double> training(cell, adam, usual_names(), settings);
    training.run_epoch();
    return training.standing().parameters;
  };
  const std::vector<double> expected = parameters_with(usual);
  CHECK_SAME_BITS(parameters_with(usual), expected);
  const auto check_differs = [&](auto change) {
    TrainingSettings settings = usual;
    change(settings);
    CHECK(parameters_with(settings) != expected);
  };
  check_differs([](TrainingSettings& settings) { settings.seed = 12; });
  check_differs([](TrainingSettings& settings) { settings.batch_size = 10; });
  check_differs([](TrainingSettings& settings) { settings.epochs = 4; });
  check_differs([](TrainingSettings& settings) { settings.learning_rate = 0.03; });
  check_differs([](TrainingSettings& settings) { settings.schedule = Schedule::constant; });
  check_differs([](TrainingSettings& settings) { settings.weight_decay = 0.0; });
  check_differs([](TrainingSettings& settings) { settings.dropout = 0.0; });
  check_differs([](TrainingSettings& settings) { settings.clip_value = 0.01; });
  check_differs([](TrainingSettings& settings) { settings.clip_norm = 0.1; });
}

TEST("an epoch has as many batches as it needs, of nearly one size, and every name once") {
  const CellOperations<float>& cell = cell_registry<float>()[0];
  std::size_t characters = 0;
  for (const Name& name : usual_names()) characters += name.size();
  for (const std::size_t batch_size : {1, 2, 8, 36, 37, 38, 1000000000}) {
    const Context context("batch size ", batch_size);
    TrainingSettings settings = usual;
    settings.batch_size = batch_size;
    Training<float> training(cell, optimizer_registry<float>()[0], usual_names(), settings);
    CHECK_EQUAL(training.trainer.batches_per_epoch(), (37 + batch_size - 1) / batch_size);
    for (std::uint64_t epoch = 1; epoch <= 2; ++epoch) {
      CHECK(training.run_epoch() == TrainingOutcome::epoch_is_done);
      CHECK_EQUAL(training.trainer.position().epoch, epoch);
      CHECK_EQUAL(training.trainer.position().batch, 0);
      CHECK_EQUAL(training.trainer.position().characters, characters);
    }
  }
}

TEST("the learning rate is that of the schedule, step by step") {
  Training<double> training(cell_registry<double>()[0], optimizer_registry<double>()[0]);
  for (std::uint64_t step = 0; step < 15; ++step) {
    CHECK_SAME_BITS(training.trainer.learning_rate(),
                    learning_rate_at(Schedule::one_cycle, usual.learning_rate, step, 15));
    training.run_batch();
  }
}

// By the moments after the step, in the form in which Adam was published.
TEST("adam is told the number of the step, its learning rate, and what decays") {
  Training<double> training(cell_registry<double>()[0], optimizer_named<double>("adam"));
  const std::size_t weights = training.network.parameters().weight_count();
  for (int number = 1; number <= 12; ++number) {
    const Context context("step ", number);
    const double rate = training.trainer.learning_rate();
    const std::vector<double> before = training.standing().parameters;
    training.run_batch();
    const Standing<double> after = training.standing();
    for (std::size_t i = 0; i < before.size(); ++i) {
      const double mean = after.moments[i] / (1.0 - std::pow(0.9, number));
      const double square = after.moments[before.size() + i] / (1.0 - std::pow(0.999, number));
      const double decay = i < weights ? rate * usual.weight_decay * before[i] : 0.0;
      CHECK_NEAR(after.parameters[i], before[i] - decay - rate * mean / (std::sqrt(square) + 1e-8), 1e-14);
    }
  }
}

TEST("every step leaves out different units") {
  TrainingSettings settings = usual;
  settings.batch_size = 1000;  // one batch an epoch
  settings.learning_rate = 0.0;
  Training<double> training(cell_registry<double>()[0], optimizer_named<double>("sgd"), usual_names(),
                            settings);
  std::set<double> losses;
  for (int epoch = 0; epoch < 5; ++epoch) {
    training.run_epoch();
    losses.insert(training.trainer.position().loss_sum);
  }
  CHECK_EQUAL(losses.size(), 5);
}

TEST("the loss of an epoch is that of the parameters before each step") {
  for_each_type([]<typename Real>() {
    TrainingSettings settings = usual;
    settings.dropout = 0.0;
    settings.learning_rate = 0.0;
    const std::vector<Name> names = usual_names();
    for_each_cell<Real>([&](const CellOperations<Real>& cell) {
      Training<Real> training(cell, optimizer_named<Real>("sgd"), names, settings);
      const std::vector<Real> before = training.standing().parameters;
      training.run_epoch();
      CHECK_SAME_BITS(training.standing().parameters, before);
      double loss = 0.0;
      const NetworkPredictor<Real> predictor(training.network);
      for (const Name& name : names) {
        for (const double nats : score_characters(predictor, name, 0.0)) loss -= nats;
      }
      CHECK_NEAR(training.trainer.position().loss_sum, loss, 1e-12 * loss);
    });
  });
}

TEST("a run goes on from another's position") {
  for_each_type([]<typename Real>() {
    for_each_cell_and_optimizer<Real>([](const auto& cell, const auto& optimizer) {
      for (const int batches : {0, 1, 4, 5, 7}) {
        const Context context("after ", batches, " batches");
        Training<Real> first(cell, optimizer), second(cell, optimizer);
        for (int i = 0; i < batches; ++i) first.run_batch();
        second.run_batch();  // to be forgotten
        second.go_to(first.standing());
        check_same(second.standing(), first.standing());
        for (int i = 0; i < 6; ++i) {
          first.run_batch();
          second.run_batch(2);
        }
        check_same(second.standing(), first.standing());
      }
    });
  });
}

// Enough names that an epoch takes many times as long as the trainer waits between two questions.
constexpr std::size_t many = 20000;

template <typename Real>
Training<Real> long_training() {
  TrainingSettings settings = usual;
  settings.batch_size = 16;
  return {cell_registry<Real>()[2],
          optimizer_named<Real>("adam"),
          made_up_names(many, vocabulary_size, 12, 105),
          settings,
          100,
          3};
}

TEST("an interrupted run has stopped after a whole batch, and goes on from there") {
  for (const std::size_t workers : {1, 3}) {
    const Context context(workers, " workers");
    Training<float> training = long_training<float>(), twin = long_training<float>();
    for (int times = 0; times < 2; ++times) {
      const auto has_come_further = [&] {
        return training.trainer.position().batch > twin.trainer.position().batch;
      };
      CHECK(training.trainer.run(infinity, workers, has_come_further) == TrainingOutcome::interrupted);
      const TrainingPosition& position = training.trainer.position();
      CHECK_EQUAL(position.epoch, 0);
      CHECK(has_come_further());
      while (twin.trainer.position().batch < position.batch) twin.run_batch();
      check_same(training.standing(), twin.standing());
    }
    for (int i = 0; i < 3; ++i) {
      training.run_batch();
      twin.run_batch();
    }
    check_same(training.standing(), twin.standing());
  }
}

TEST("a run ends in time") {
  Training<float> training = long_training<float>();
  CHECK(training.trainer.run(0.01, 2, never_interrupted) == TrainingOutcome::out_of_time);
  CHECK(training.trainer.position().batch > 0);
  CHECK(training.trainer.position().batch < training.trainer.batches_per_epoch());
}

TEST("a step that is not finite is not taken") {
  for_each_type([]<typename Real>() {
    using Limits = std::numeric_limits<Real>;
    for_each_cell_and_optimizer<Real>([](const auto& cell, const auto& optimizer) {
      for (const std::size_t workers : {1, 3}) {
        for (const Real bad : {Limits::quiet_NaN(), Limits::infinity()}) {
          const Context context(workers, " workers, parameter ", bad);
          // Of a size at which every worker has parameters of its own.
          Training<Real> training(cell, optimizer, usual_names(), usual, 70, 0);
          Training<Real> undisturbed(cell, optimizer, usual_names(), usual, 70, 0);
          for (Training<Real>* each : {&training, &undisturbed}) {
            each->run_batch();
            each->run_batch();
          }
          Real& parameter = training.network.parameters().output_bias()[2];
          const Real good = parameter;
          parameter = bad;
          const Standing<Real> before = training.standing();
          for (int times = 0; times < 2; ++times) {
            CHECK(training.run_batch(workers) == TrainingOutcome::not_finite);
            check_same(training.standing(), before);
          }

          // With the parameter repaired it goes on as if nothing had happened.
          parameter = good;
          CHECK(training.run_epoch(workers) == TrainingOutcome::epoch_is_done);
          undisturbed.run_epoch();
          check_same(training.standing(), undisturbed.standing());
        }
      }
    });
  });
}

// A character of the names with probability 0 makes the loss infinite, but not the gradients.
TEST("a step with an infinite loss is not taken") {
  for_each_type([]<typename Real>() {
    Training<Real> training(cell_registry<Real>()[0], optimizer_named<Real>("adam"));
    training.network.parameters().output_bias()[2] = -std::numeric_limits<Real>::infinity();
    const Standing<Real> before = training.standing();
    CHECK(training.run_epoch() == TrainingOutcome::not_finite);
    check_same(training.standing(), before);
  });
}

TEST("an interruption after a step that was not finite still counts") {
  Training<float> training = long_training<float>();
  float& parameter = training.network.parameters().output_bias()[2];
  const float good = parameter;
  parameter = std::numeric_limits<float>::quiet_NaN();
  CHECK(training.run_batch() == TrainingOutcome::not_finite);
  parameter = good;
  CHECK(training.trainer.run(infinity, 1, [] { return true; }) == TrainingOutcome::interrupted);
}

// What one step of plain descent with learning rate 1 takes away from the parameters: the gradients.
std::vector<double> gradients_with(double clip_value, double clip_norm, double weight_decay = 0.0) {
  TrainingSettings settings = usual;
  settings.learning_rate = 1.0;
  settings.schedule = Schedule::constant;
  settings.weight_decay = weight_decay;
  settings.clip_value = clip_value;
  settings.clip_norm = clip_norm;
  Training<double> training(cell_registry<double>()[0], optimizer_named<double>("sgd"), usual_names(),
                            settings);
  std::vector<double> gradients = training.standing().parameters;
  training.run_batch();
  const std::vector<double> after = training.standing().parameters;
  for (std::size_t i = 0; i < gradients.size(); ++i) gradients[i] -= after[i];
  return gradients;
}

double norm_of(const std::vector<double>& numbers) {
  double sum = 0.0;
  for (const double number : numbers) sum += number * number;
  return std::sqrt(sum);
}

TEST("clipping limits the norm first, then every number") {
  constexpr double tolerance = 1e-15;
  const std::vector<double> gradients = gradients_with(infinity, infinity);
  const double norm = norm_of(gradients);
  const double largest = std::abs(*std::max_element(
      gradients.begin(), gradients.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
  for (const double clip_norm : {infinity, norm * 2, norm / 3}) {
    for (const double clip_value : {infinity, largest / 2, largest / 20}) {
      const Context context("norm ", clip_norm, ", value ", clip_value);
      const double scale = std::min(1.0, clip_norm / norm);
      const std::vector<double> clipped = gradients_with(clip_value, clip_norm);
      for (std::size_t i = 0; i < gradients.size(); ++i) {
        CHECK_NEAR(clipped[i], std::clamp(gradients[i] * scale, -clip_value, clip_value), tolerance);
      }
    }
  }
  CHECK_NEAR(norm_of(gradients_with(infinity, norm / 3)), norm / 3, 1e-13);
  for (const double gradient : gradients_with(0.0, infinity)) CHECK_EQUAL(gradient, 0.0);
  for (const double gradient : gradients_with(infinity, 0.0)) CHECK_EQUAL(gradient, 0.0);
}

TEST("weights decay, and biases do not") {
  const std::vector<double> gradients = gradients_with(infinity, infinity);
  const std::vector<double> with_decay = gradients_with(infinity, infinity, 0.1);
  Training<double> training(cell_registry<double>()[0], optimizer_named<double>("sgd"));
  const std::vector<double> parameters = training.standing().parameters;
  const std::size_t weights = training.network.parameters().weight_count();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Context context("parameter ", i, " of ", weights, " weights and biases");
    CHECK_NEAR(with_decay[i], gradients[i] + (i < weights ? 0.1 * parameters[i] : 0.0), 1e-15);
  }
}

TEST("training lowers the loss") {
  const std::vector<Name> four = {{1, 2, 3, 0}, {3, 1, 1, 2, 0}, {4, 5, 0}, {5, 4, 3, 2, 1, 0}};
  std::vector<Name> names;
  for (std::size_t i = 0; i < 40; ++i) names.push_back(four[i % 4]);
  TrainingSettings settings = usual;
  settings.epochs = 30;
  settings.dropout = 0.1;
  settings.clip_value = settings.clip_norm = infinity;
  for_each_type([&]<typename Real>() {
    for_each_cell_and_optimizer<Real>([&](const auto& cell, const auto& optimizer) {
      settings.learning_rate = optimizer.moments == 0 ? 3.0 : 0.02;
      Training<Real> training(cell, optimizer, names, settings);
      training.run_epoch();
      const double at_first = training.trainer.position().loss_sum;
      while (training.trainer.position().epoch < settings.epochs) training.run_epoch(2);
      CHECK(training.trainer.position().loss_sum < 0.7 * at_first);
    });
  });
}

// ---- weights ----------------------------------------------------------------------------------------------

Training<double> weighted(const std::vector<Name>& names, const std::vector<double>& weights,
                          const TrainingSettings& settings = usual) {
  return {cell_registry<double>()[0], optimizer_registry<double>()[0], names, settings, 9, 3, weights};
}

TEST("with the same weight for all, each name comes once an epoch") {
  Training<double> plain = weighted(usual_names(), {});
  Training<double> same = weighted(usual_names(), std::vector<double>(usual_names().size(), 2.5));
  for (int epoch = 0; epoch < 2; ++epoch) {
    CHECK(plain.run_epoch() == TrainingOutcome::epoch_is_done);
    CHECK(same.run_epoch(3) == TrainingOutcome::epoch_is_done);
  }
  check_same(same.standing(), plain.standing());
}

// Of four names an epoch, the first comes 4 * 5 / 8 = 2.5 times on average, so 2 or 3 times; the others 0.5.
TEST("a name comes as often as its weight demands, and an epoch is as long as without weights") {
  const std::vector<Name> names = {{1, 2, 3, 0}, {2, 0}, {3, 0}, {4, 0}};
  const std::vector<double> weights = {5.0, 1.0, 1.0, 1.0};
  TrainingSettings settings = usual;
  settings.epochs = 2000;
  settings.batch_size = 4;
  settings.learning_rate = 0.0;
  Training<double> training = weighted(names, weights, settings);
  double of_first = 0.0;
  for (std::size_t epoch = 0; epoch < settings.epochs; ++epoch) {
    CHECK(training.run_epoch() == TrainingOutcome::epoch_is_done);
    const std::uint64_t characters = training.trainer.position().characters;  // 8, and 2 for each copy
    const double copies = (static_cast<double>(characters) - 8.0) / 2.0;
    CHECK(copies == 2.0 || copies == 3.0);
    of_first += copies;
  }
  CHECK_NEAR(of_first / static_cast<double>(settings.epochs), 2.5, 0.05);
}

TEST("with weights, too, a run goes on to the same bits, and the order of the names makes no difference") {
  std::vector<Name> names = usual_names();
  std::vector<double> weights;
  for (std::size_t i = 0; i < names.size(); ++i) weights.push_back(1.0 + static_cast<double>(i % 7));
  Training<double> whole = weighted(names, weights);
  for (int epoch = 0; epoch < 2; ++epoch) CHECK(whole.run_epoch() == TrainingOutcome::epoch_is_done);
  Training<double> before = weighted(names, weights);
  CHECK(before.run_epoch() == TrainingOutcome::epoch_is_done);
  CHECK(before.run_batch() == TrainingOutcome::out_of_time);
  std::reverse(names.begin(), names.end());
  std::reverse(weights.begin(), weights.end());
  Training<double> after = weighted(names, weights);
  after.go_to(before.standing());
  CHECK(after.run_epoch(2) == TrainingOutcome::epoch_is_done);
  check_same(after.standing(), whole.standing());
}

}  // namespace
}  // namespace dinorc::check
