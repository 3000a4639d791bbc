#include "dinorc/training/batch_trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>

#include "dinorc/foundations/sizes.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/random/philox.hpp"

namespace dinorc {
namespace {

// Squares are summed in stretches of this many numbers, so that workers can share them. Results depend on it.
constexpr std::size_t stretch = 4096;

NameList in_order(const NameList& names, const std::vector<std::uint32_t>& order) {
  NameList result;
  result.characters.reserve(names.characters.size());
  result.ends.reserve(names.size());
  for (const std::uint32_t index : order) {
    const CharacterIds name = names[index];
    result.characters.insert(result.characters.end(), name.begin(), name.end());
    result.ends.push_back(result.characters.size());
  }
  return result;
}

// The sum of the weights up to each place of the order.
std::vector<double> sums_in_order(const std::vector<double>& weights,
                                  const std::vector<std::uint32_t>& order) {
  std::vector<double> result;
  result.reserve(weights.size());
  double sum = 0.0;
  if (!weights.empty()) {
    for (const std::uint32_t index : order) result.push_back(sum += weights[index]);
  }
  return result;
}

}  // namespace

template <typename Real>
BatchTrainer<Real>::BatchTrainer(CharacterNetwork<Real>& network, const OptimizerOperations<Real>& optimizer,
                                 const NameList& names, const TrainingSettings& settings,
                                 const std::vector<double>& weights)
    : BatchTrainer(network, optimizer, names, settings, weights, sorted_order(names)) {}

template <typename Real>
BatchTrainer<Real>::BatchTrainer(CharacterNetwork<Real>& network, const OptimizerOperations<Real>& optimizer,
                                 const NameList& names, const TrainingSettings& settings,
                                 const std::vector<double>& weights, const std::vector<std::uint32_t>& order)
    : network_(network),
      optimizer_(optimizer),
      settings_(settings),
      names_(in_order(names, order)),
      weight_sums_(sums_in_order(weights, order)),
      gradients_(network.shape()),
      moments_(product_of_sizes(optimizer.moments, gradients_.all().size)),
      packed_(network.shape()),
      forward_(network.cell(), network.shape()),
      backward_(network.cell(), network.shape()),
      squares_(ceiling_quotient(gradients_.all().size, stretch)) {}

// As many batches as the batch size requires, all of the same size or nearly so.
template <typename Real>
std::uint64_t BatchTrainer<Real>::batches_per_epoch() const {
  return ceiling_quotient(names_.size(), settings_.batch_size);
}

template <typename Real>
double BatchTrainer<Real>::learning_rate() const {
  return learning_rate_at(settings_.schedule, settings_.learning_rate, step(),
                          settings_.epochs * batches_per_epoch());
}

template <typename Real>
void BatchTrainer<Real>::set_position(const TrainingPosition& position) {
  position_ = position;
  order_.clear();
}

// The names of the epoch in ascending order. With weights, by systematic resampling (Kitagawa, "Monte Carlo
// filter and smoother for non-Gaussian nonlinear state space models", 1996): with W the sum of all weights
// and u from [0, 1), name number i of N is the one at whose place the weights sum up to more than (i + u) W /
// N.
template <typename Real>
std::vector<std::uint32_t> BatchTrainer<Real>::names_of_epoch() const {
  std::vector<std::uint32_t> chosen(names_.size());
  std::iota(chosen.begin(), chosen.end(), std::uint32_t{0});
  if (weight_sums_.empty()) return chosen;
  PhiloxStream stream(settings_.seed, StreamPurpose::epoch_choice, position_.epoch);
  const double start = stream.next_double();
  const double distance = weight_sums_.back() / static_cast<double>(names_.size());
  std::uint32_t name = 0;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const double place = (static_cast<double>(i) + start) * distance;
    while (name + 1 < names_.size() && weight_sums_[name] <= place) ++name;
    chosen[i] = name;
  }
  return chosen;
}

// Shuffles the names and then puts those of each batch in ascending order: goes through all names in order,
// and puts each in the next place of its batch.
template <typename Real>
void BatchTrainer<Real>::begin_epoch() {
  const std::vector<std::uint32_t> chosen = names_of_epoch();
  std::vector<std::uint64_t> batch_of(names_.size());
  std::vector<std::size_t> next_place(batches_per_epoch());
  PhiloxStream stream(settings_.seed, StreamPurpose::epoch_order, position_.epoch);
  order_ = shuffled_indices(names_.size(), stream);  // the last thing that may fail
  for (std::uint64_t batch = 0; batch < batches_per_epoch(); ++batch) {
    const Part part = part_of(names_.size(), batch, batches_per_epoch());
    for (std::size_t i = part.begin; i < part.end; ++i) batch_of[order_[i]] = batch;
    next_place[batch] = part.begin;
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) order_[next_place[batch_of[i]]++] = chosen[i];
}

// Prepares the next batches of the epoch, one per worker: a tree takes a while to build, and can't be shared.
template <typename Real>
void BatchTrainer<Real>::prepare_batches(ThreadTeam& team) {
  batches_.resize(std::min<std::uint64_t>(team.size(), batches_per_epoch() - position_.batch));
  team.run([&](std::size_t index) {
    if (index >= batches_.size()) return;
    const Part part = part_of(names_.size(), position_.batch + index, batches_per_epoch());
    Batch& batch = batches_[index];
    batch.tree.build(names_, {order_.data() + part.begin, part.end - part.begin},
                     network_.shape().label_count != 0);
    batch.shares.divide(batch.tree, team.size());
  });
  for (const Batch& batch : batches_) {
    forward_.reserve(batch.tree.size());
    backward_.reserve(batch.tree.size());
  }
}

template <typename Real>
TrainingOutcome BatchTrainer<Real>::run(double seconds, std::size_t workers, const Interrupted& interrupted) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  if (order_.empty()) begin_epoch();
  ThreadTeam team(workers);
  workers = team.size();
  WorkerGroup group(team, interrupted);
  backward_.reserve_workers(workers);
  for (std::size_t next = 0;; ++next) {
    if (next % workers == 0) prepare_batches(team);
    const Batch& batch = batches_[next % workers];
    step_ = Step::abandoned;
    team.run([&](std::size_t index) {
      Worker worker(group, index);
      learn_batch(batch, worker);
    });
    if (step_ == Step::not_finite) return TrainingOutcome::not_finite;
    if (step_ == Step::abandoned) return TrainingOutcome::interrupted;

    if (position_.batch == 0) {
      position_.loss_sum = 0.0;
      position_.characters = 0;
    }
    position_.loss_sum += loss_;
    position_.characters += batch.tree.character_count();
    if (++position_.batch == batches_per_epoch()) {
      position_.batch = 0;
      ++position_.epoch;
      order_.clear();
      return TrainingOutcome::epoch_is_done;
    }
    if (std::chrono::duration<double>(Clock::now() - start).count() >= seconds) {
      return TrainingOutcome::out_of_time;
    }
  }
}

template <typename Real>
void BatchTrainer<Real>::learn_batch(const Batch& batch, Worker& worker) noexcept {
  const PrefixTree& tree = batch.tree;
  const OutputDropout dropout{settings_.dropout, settings_.seed, static_cast<std::uint32_t>(step())};
  packed_.pack(network_.parameters(), worker.index(), worker.workers());
  backward_.pack(network_.parameters(), worker);
  if (!worker.meet()) return;
  if (!forward_.compute_states(packed_, tree, batch.shares, worker)) return;
  const Part part = worker.part(tree.size(), row_unit);
  const PrefixTree::Range nodes = tree.all().part(part.begin, part.end);
  forward_.compute_log_probabilities(packed_, tree, dropout, nodes);
  const BackwardTask<Real> task{tree, batch.shares, network_.parameters(), dropout, forward_};
  if (!backward_.compute_gradients(task, nodes, gradients_, worker)) return;
  if (!worker.meet()) return;
  measure_stretches(worker);
  if (worker.is_first()) loss_ = batch_loss(tree);
  if (!worker.meet()) return;
  update_parameters(worker);
}

template <typename Real>
void BatchTrainer<Real>::measure_stretches(const Worker& worker) noexcept {
  const VectorView<Real> gradients = gradients_.all();
  const Part part = worker.part(squares_.size());
  for (std::size_t i = part.begin; i < part.end; ++i) {
    const std::size_t begin = i * stretch;
    squares_[i] = active_kernels<Real>().sum_of_squares(gradients.data + begin,
                                                        std::min(stretch, gradients.size - begin));
  }
}

// Each worker adds up the stretches for itself and comes to the same norm. An infinite loss may have finite
// gradients, where a character has probability zero.
template <typename Real>
void BatchTrainer<Real>::update_parameters(const Worker& worker) noexcept {
  double sum = 0.0;
  for (const double square : squares_) sum += square;
  const double norm = std::sqrt(sum);
  const double loss_before = position_.batch == 0 ? 0.0 : position_.loss_sum;
  const bool is_finite = std::isfinite(norm) && std::isfinite(loss_before + loss_);
  if (worker.is_first()) step_ = is_finite ? Step::done : Step::not_finite;
  if (!is_finite) return;

  const std::size_t all = gradients_.all().size;
  const std::size_t weights = gradients_.weight_count();
  const Part part = worker.part(all, stretch);
  const auto update = [&](std::size_t begin, std::size_t end, double weight_decay) {
    if (begin >= end) return;
    OptimizerStep<Real> step{
        .parameters = network_.parameters().all().data + begin,
        .gradients = gradients_.all().data + begin,
        .moments = {nullptr, nullptr},
        .size = end - begin,
        .number = this->step() + 1,
        .learning_rate = learning_rate(),
        .weight_decay = weight_decay,
        .gradient_scale = norm > settings_.clip_norm ? settings_.clip_norm / norm : 1.0,
        .maximum_gradient = settings_.clip_value,
    };
    for (std::size_t i = 0; i < optimizer_.moments; ++i) step.moments[i] = moments_.data() + i * all + begin;
    optimizer_.update(step);
  };
  update(part.begin, std::min(part.end, weights), settings_.weight_decay);
  update(std::max(part.begin, weights), part.end, 0.0);
}

// Nats, over all characters of the batch: names that share a prefix share its terms.
template <typename Real>
double BatchTrainer<Real>::batch_loss(const PrefixTree& tree) const {
  double loss = 0.0;
  for (PrefixTree::Node node = 0; node < tree.size(); ++node) {
    if (node != PrefixTree::root && tree.predicts(tree.parent(node))) {
      loss -= static_cast<double>(tree.names_through(node)) *
              static_cast<double>(forward_.character_log_probabilities()[node]);
    }
    if (tree.names_ending(node) != 0) {
      loss -= static_cast<double>(tree.names_ending(node)) *
              static_cast<double>(forward_.end_log_probabilities()[node]);
    }
  }
  return loss;
}

template class BatchTrainer<float>;
template class BatchTrainer<double>;

}  // namespace dinorc
