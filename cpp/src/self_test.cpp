#include "dinorc/self_test.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "dinorc/cells/cell_registry.hpp"
#include "dinorc/drawing/name_sampling.hpp"
#include "dinorc/foundations/bit_hash.hpp"
#include "dinorc/foundations/float_environment.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/notebook/name_sampler.hpp"
#include "dinorc/notebook/online_trainer.hpp"
#include "dinorc/predictors/network_predictor.hpp"
#include "dinorc/random/mersenne_twister.hpp"
#include "dinorc/scoring/name_scorer.hpp"
#include "dinorc/training/batch_trainer.hpp"

namespace dinorc {
namespace {

// Points all over the range of the functions, infinities, NaN and numbers near the limits of the type
// included.
template <typename Real>
void add_functions(BitHash& hash) {
  constexpr Real infinity = std::numeric_limits<Real>::infinity();
  std::vector<Real> points = {Real{0},
                              -Real{0},
                              infinity,
                              -infinity,
                              infinity - infinity,
                              std::numeric_limits<Real>::denorm_min(),
                              std::numeric_limits<Real>::max()};
  for (int i = -40; i <= 40; ++i) points.push_back(static_cast<Real>(i) * Real{0.53125} + Real{0.0078125});
  for (Real x = std::numeric_limits<Real>::min(); x < Real{1000}; x *= Real{1000}) points.push_back(x);

  const KernelTable<Real>& kernels = active_kernels<Real>();
  std::vector<Real> results(points.size());
  for (const auto function : {kernels.exp, kernels.tanh, kernels.sigmoid, kernels.log}) {
    function(points.data(), results.data(), points.size());
    hash.add(VectorView<const Real>{results.data(), results.size()});
  }
}

// Some steps of a network whose sizes are not multiples of any vector's, and a name from it.
template <typename Real>
void add_training(BitHash& hash) {
  constexpr std::size_t hidden_size = 19;
  constexpr std::size_t vocabulary_size = 5;
  MersenneTwister stream(1);
  const auto random_numbers = [&stream](std::size_t size) {
    std::vector<Real> numbers(size);
    for (Real& number : numbers) number = static_cast<Real>(stream.random_sample() - 0.5);
    return numbers;
  };
  std::vector<Real> Wax = random_numbers(hidden_size * vocabulary_size);
  std::vector<Real> Waa = random_numbers(hidden_size * hidden_size);
  std::vector<Real> Wya = random_numbers(vocabulary_size * hidden_size);
  std::vector<Real> b = random_numbers(hidden_size);
  std::vector<Real> by = random_numbers(vocabulary_size);
  const NotebookArrays<Real> parameters{
      .Wax = {Wax.data(), hidden_size, vocabulary_size, vocabulary_size},
      .Waa = {Waa.data(), hidden_size, hidden_size, hidden_size},
      .Wya = {Wya.data(), vocabulary_size, hidden_size, hidden_size},
      .b = {b.data(), hidden_size},
      .by = {by.data(), vocabulary_size},
  };

  OnlineTrainer<Real> trainer(parameters, {.characters = {1, 2, 3, 4, 1, 1, 0, 4, 2, 0}, .ends = {7, 10}},
                              Real{0.0625}, Real{0.5});
  double smoothed_loss = 10.0;
  trainer.run(8, smoothed_loss, [] { return false; });
  trainer.copy_parameters_to(parameters);
  for (const std::vector<Real>& part : {Wax, Waa, Wya, b, by}) {
    hash.add(VectorView<const Real>{part.data(), part.size()});
  }
  hash.add(smoothed_loss);
  for (const CharacterId character : sample_name(trainer.network(), 0, 1, 20)) {
    hash.add(static_cast<std::uint64_t>(character));
  }
}

// Some mini-batches of a cell, and what the network then says of the names.
template <typename Real>
void add_batch_training(const CellOperations<Real>& cell, BitHash& hash) {
  constexpr std::size_t hidden_size = 19;
  constexpr std::size_t embedding_size = 3;
  constexpr std::size_t vocabulary_size = 5;
  const NameList names{.characters = {1, 2, 3, 4, 1, 1, 0, 4, 2, 0, 1, 2, 4, 0}, .ends = {7, 10, 14}};
  const TrainingSettings settings{
      .seed = 1,
      .batch_size = 2,
      .epochs = 2,
      .learning_rate = 0.0625,
      .schedule = Schedule::one_cycle,
      .weight_decay = 0.125,
      .dropout = 0.25,
      .clip_value = 0.5,
      .clip_norm = 1.0,
  };
  const Interrupted never = [] { return false; };
  CharacterNetwork<Real> network(cell, vocabulary_size, hidden_size, embedding_size);
  network.initialize(settings.seed);
  BatchTrainer<Real> trainer(network, optimizer_registry<Real>().front(), names, settings);
  while (trainer.position().epoch < settings.epochs) trainer.run(1.0, 1, never);
  hash.add(VectorView<const Real>(network.parameters().all()));
  std::vector<double> scores(names.size());
  const NetworkPredictor<Real> predictor(network);
  score_names(predictor, names, 0.0, 1, never, scores);
  for (const double score : scores) hash.add(score);
  const NameRequest request{.seed = 1, .count = 2, .max_length = 20};
  for (const CharacterId character : sample_names(predictor, request, 1, never).names.characters) {
    hash.add(static_cast<std::uint64_t>(character));
  }
}

}  // namespace

std::uint64_t self_test_hash(std::string_view part) {
  const FloatEnvironmentGuard guard;
  BitHash hash;
  if (part == "functions") {
    add_functions<float>(hash);
    add_functions<double>(hash);
  } else if (part == "notebook") {
    add_training<float>(hash);
    add_training<double>(hash);
  }
  for (const CellOperations<float>& cell : cell_registry<float>()) {
    if (part != cell.name) continue;
    add_batch_training(cell, hash);
    add_batch_training(cell_registry<double>()[cell.number], hash);
  }
  return hash.value();
}

std::string verify_kernels(std::span<const SelfTestHash> expected) {
  const auto are_right = [expected] {
    return std::ranges::all_of(
        expected, [](const SelfTestHash& hash) { return self_test_hash(hash.part) == hash.value; });
  };
  if (are_right()) return "";
  const std::string failed = instruction_set();
  use_instruction_set("baseline");
  if (are_right()) {
    return "the " + failed +
           " kernels give wrong results on this machine; the baseline kernels are used instead";
  }
  return "the kernels of this build do not keep the float contract on this machine; results may differ from "
         "those of other machines";
}

}  // namespace dinorc
