// Forward and backward over a tree of prefixes: the loss, its gradients, and the same bits from any team.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "check.hpp"
#include "dinorc/training/prefix_backward.hpp"
#include "dinorc/training/prefix_forward.hpp"
#include "made_up_network.hpp"
#include "walk.hpp"

namespace dinorc::check {
namespace {

constexpr double dropout_rates[] = {0.0, 0.3};

struct RunSizes {
  std::size_t vocabulary_size, hidden_size, names, longest, labels = 0;
};

constexpr RunSizes small_sizes{.vocabulary_size = 5, .hidden_size = 3, .names = 9, .longest = 5};
constexpr RunSizes large_sizes{.vocabulary_size = 19, .hidden_size = 21, .names = 60, .longest = 7};

// One batch of names under a network.
template <typename Real>
struct BatchRun {
  BatchRun(const CellOperations<Real>& cell, RunSizes sizes, std::size_t embedding_size, double dropout_rate)
      : network(made_up_network(cell, sizes.vocabulary_size, sizes.hidden_size, embedding_size, 101,
                                sizes.labels)),
        gradients(network.shape()),
        dropout{dropout_rate, 0x123456789ABCDEFu, 7},
        packed(network.shape()),
        forward(cell, network.shape()),
        backward(cell, network.shape()) {
    std::vector<Name> made_up = made_up_names(sizes.names, sizes.vocabulary_size, sizes.longest, 102);
    if (sizes.labels != 0) made_up = with_labels(made_up, sizes.vocabulary_size, sizes.labels);
    const NameList names = list_of(made_up);
    tree.build(names, sorted_order(names), sizes.labels != 0);
    forward.reserve(tree.size());
    backward.reserve(tree.size());
    const VectorView<Real> all = gradients.all();
    for (std::size_t i = 0; i < all.size; ++i) all[i] = Real{99};  // to be written, every one
  }

  void compute(std::size_t workers) {
    shares.divide(tree, workers);
    ThreadTeam team(workers);
    const Interrupted interrupted = never_interrupted;
    WorkerGroup group(team, interrupted);
    backward.reserve_workers(workers);
    bool all_met = true;  // as the first worker saw it, and so did all others
    team.run([&](std::size_t index) {
      Worker worker(group, index);
      const bool met = compute_as(worker);
      if (worker.is_first()) all_met = met;
    });
    CHECK(all_met);
  }

  bool compute_as(Worker& worker) {
    packed.pack(network.parameters(), worker.index(), worker.workers());
    backward.pack(network.parameters(), worker);
    if (!worker.meet() || !forward.compute_states(packed, tree, shares, worker)) return false;
    const Part part = worker.part(tree.size(), row_unit);
    const PrefixTree::Range nodes = tree.all().part(part.begin, part.end);
    forward.compute_log_probabilities(packed, tree, dropout, nodes);
    const BackwardTask<Real> task{tree, shares, network.parameters(), dropout, forward};
    return backward.compute_gradients(task, nodes, gradients, worker);
  }

  // Nats a character, from the log-probabilities.
  double loss() const {
    double sum = 0.0;
    for (PrefixTree::Node node = 0; node < tree.size(); ++node) {
      if (node != PrefixTree::root && tree.predicts(tree.parent(node))) {
        sum -= tree.names_through(node) * static_cast<double>(forward.character_log_probabilities()[node]);
      }
      if (tree.names_ending(node) != 0) {
        sum -= tree.names_ending(node) * static_cast<double>(forward.end_log_probabilities()[node]);
      }
    }
    return sum / static_cast<double>(tree.character_count());
  }

  double loss_with(std::size_t parameter, Real value) {
    Real& number = network.parameters().all()[parameter];
    const Real before = number;
    number = value;
    compute(1);
    number = before;
    return loss();
  }

  CharacterNetwork<Real> network;
  NetworkParameters<Real> gradients;
  OutputDropout dropout;
  PackedParameters<Real> packed;
  PrefixTree tree;
  TreeShares shares;
  PrefixForward<Real> forward;
  PrefixBackward<Real> backward;
};

// Calls function(cell, embedding_size, dropout_rate) for all of them.
template <typename Real, typename Function>
void for_each_kind(Function&& function) {
  for_each_cell_and_embedding<Real>([&](const CellOperations<Real>& cell, std::size_t embedding_size) {
    for (const double rate : dropout_rates) {
      const Context context("dropout ", rate);
      function(cell, embedding_size, rate);
    }
  });
}

TEST("the gradients of all parameters agree with finite differences") {
  constexpr double width = 1e-5;
  constexpr double tolerance = 1e-9;
  const auto check = [&](const CellOperations<double>& cell, RunSizes sizes, std::size_t embedding_size,
                         double rate) {
    BatchRun<double> run(cell, sizes, embedding_size, rate);
    run.compute(1);
    const std::vector<double> gradients = copy_of(run.gradients.all());
    double largest = 0.0;
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      const Context context("parameter ", i, " of ", gradients.size());
      const double value = run.network.parameters().all()[i];
      const double above = run.loss_with(i, value + width), below = run.loss_with(i, value - width);
      CHECK_NEAR(gradients[i], (above - below) / (2 * width), tolerance);
      largest = std::max(largest, std::abs(gradients[i]));
    }
    CHECK(largest > 0.01);
  };
  for_each_kind<double>([&](const CellOperations<double>& cell, std::size_t embedding_size, double rate) {
    for (const std::size_t labels : {0, 2}) {
      const Context context(labels, " labels");
      RunSizes sizes = small_sizes;
      sizes.labels = labels;
      check(cell, sizes, embedding_size, rate);
    }
  });
}

// A label stands where the beginning of a name stands without labels.
TEST("with a single label, the loss is that of a network whose names begin with the label's embedding") {
  RunSizes sizes = large_sizes;
  sizes.labels = 1;
  for_each_cell<double>([&](const CellOperations<double>& cell) {
    BatchRun<double> labelled(cell, sizes, 3, 0.0), plain(cell, large_sizes, 3, 0.0);
    NetworkParameters<double>&from = labelled.network.parameters(), &to = plain.network.parameters();
    const std::size_t rest = to.all().size - to.embedding().rows * 3;
    std::copy_n(from.all().data, to.embedding().rows * 3, to.all().data);
    std::copy_n(from.embedding().row(large_sizes.vocabulary_size), 3, to.embedding().row(end_of_name));
    std::copy_n(from.input_weights().data, rest, to.input_weights().data);
    labelled.compute(1);
    plain.compute(1);
    CHECK_EQUAL(labelled.tree.character_count(), plain.tree.character_count());
    CHECK_SAME_BITS(labelled.loss(), plain.loss());
  });
}

TEST("the gradients of float32 are near those of float64") {
  for (std::size_t c = 0; c < cell_registry<float>().size(); ++c) {
    for (const std::size_t embedding_size : {0, 3}) {
      for (const double rate : dropout_rates) {
        const Context context(cell_registry<float>()[c].name, ", embedding ", embedding_size, ", dropout ",
                              rate);
        BatchRun<float> narrow(cell_registry<float>()[c], large_sizes, embedding_size, rate);
        BatchRun<double> wide(cell_registry<double>()[c], large_sizes, embedding_size, rate);
        const VectorView<float> source = narrow.network.parameters().all();
        for (std::size_t i = 0; i < source.size; ++i) wide.network.parameters().all()[i] = source[i];
        narrow.compute(1);
        wide.compute(1);
        CHECK_NEAR(narrow.loss(), wide.loss(), 1e-6);
        for (std::size_t i = 0; i < source.size; ++i) {
          CHECK_NEAR(narrow.gradients.all()[i], wide.gradients.all()[i], 1e-6);
        }
      }
    }
  }
}

TEST("every team and every instruction set gives the same bits") {
  const std::string before = name_in_use();
  for_each_type([]<typename Real>() {
    for_each_kind<Real>([](const CellOperations<Real>& cell, std::size_t embedding_size, double rate) {
      RunSizes sizes = large_sizes;
      sizes.labels = rate == 0.0 ? 3 : 0;
      use_instruction_set("baseline");
      BatchRun<Real> expected(cell, sizes, embedding_size, rate);
      expected.compute(1);
      for (const std::string& name : usable_instruction_sets()) {
        use_instruction_set(name);
        for (const std::size_t workers : team_sizes) {
          const Context context(name, ", ", workers, " workers");
          BatchRun<Real> run(cell, sizes, embedding_size, rate);
          run.compute(workers);
          CHECK_SAME_BITS(run.gradients.all(), expected.gradients.all());
          CHECK_SAME_BITS(run.loss(), expected.loss());
        }
      }
    });
  });
  use_instruction_set(before);
}

// Equal prefixes are computed once; the result must be as if each name were computed alone.
TEST("without dropout the loss and the gradients are the mean over names that are computed alone") {
  for_each_cell_and_embedding<double>([](const CellOperations<double>& cell, std::size_t embedding_size) {
    BatchRun<double> together(cell, large_sizes, embedding_size, 0.0);
    together.compute(1);
    const std::size_t all = together.gradients.all().size;
    std::vector<double> gradients(all);
    double loss = 0.0;
    std::size_t characters = 0;
    for (const Name& name :
         made_up_names(large_sizes.names, large_sizes.vocabulary_size, large_sizes.longest, 102)) {
      BatchRun<double> alone(cell, large_sizes, embedding_size, 0.0);
      const std::uint32_t order[] = {0};
      alone.tree.build(list_of({name}), order);
      alone.compute(1);
      const double weight = static_cast<double>(name.size());
      for (std::size_t i = 0; i < all; ++i) gradients[i] += alone.gradients.all()[i] * weight;
      loss += alone.loss() * weight;
      characters += name.size();
    }
    CHECK_NEAR(together.loss(), loss / static_cast<double>(characters), 1e-13);
    for (std::size_t i = 0; i < all; ++i) {
      CHECK_NEAR(together.gradients.all()[i], gradients[i] / static_cast<double>(characters), 1e-14);
    }
  });
}

TEST("dropout depends on seed and step, and on nothing else") {
  const CellOperations<double>& cell = cell_registry<double>()[0];
  const auto loss_of = [&cell](double rate, std::uint64_t seed, std::uint32_t step) {
    BatchRun<double> run(cell, large_sizes, 0, rate);
    run.dropout.seed = seed;
    run.dropout.step = step;
    run.compute(1);
    return run.loss();
  };
  CHECK_SAME_BITS(loss_of(0.3, 1, 2), loss_of(0.3, 1, 2));
  CHECK_SAME_BITS(loss_of(0.0, 1, 2), loss_of(0.0, 3, 4));
  CHECK(loss_of(0.3, 1, 2) != loss_of(0.0, 1, 2));
  CHECK(loss_of(0.3, 1, 2) != loss_of(0.3, 1, 3));
  CHECK(loss_of(0.3, 1, 2) != loss_of(0.3, 2, 2));
  CHECK(loss_of(0.3, 1, 2) != loss_of(0.3, 1 + (std::uint64_t{1} << 32), 2));
}

}  // namespace
}  // namespace dinorc::check
