// Training in mini-batches: steps of an optimizer along the gradients of some names at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/names/name_list.hpp"
#include "dinorc/names/prefix_tree.hpp"
#include "dinorc/names/tree_shares.hpp"
#include "dinorc/network/character_network.hpp"
#include "dinorc/network/packed_parameters.hpp"
#include "dinorc/threads/worker.hpp"
#include "dinorc/training/optimizers.hpp"
#include "dinorc/training/prefix_backward.hpp"
#include "dinorc/training/prefix_forward.hpp"
#include "dinorc/training/training_settings.hpp"

namespace dinorc {

// How far a training run has come. Together with the parameters and the optimizer's moments, this determines
// the rest of the run.
struct TrainingPosition {
  std::uint64_t epoch = 0;       // whole epochs done
  std::uint64_t batch = 0;       // batches done of the current one
  double loss_sum = 0.0;         // nats, over the current epoch so far, or over the one just done
  std::uint64_t characters = 0;  // how many characters that is over
};

enum class TrainingOutcome { out_of_time, epoch_is_done, interrupted, not_finite };

template <typename Real>
class BatchTrainer {
 public:
  // Trains `network` in place; it must outlive this object. There is at least one name, none is empty, and
  // every character is in the network's vocabulary; if the network knows labels, each name begins with one,
  // its number added to the size of the vocabulary. The order of the names makes no difference.
  //
  // With a weight above 0 for each name, an epoch has as many names as without, each as often as its weight
  // demands on average; without weights, each once.
  BatchTrainer(CharacterNetwork<Real>& network, const OptimizerOperations<Real>& optimizer,
               const NameList& names, const TrainingSettings& settings,
               const std::vector<double>& weights = {});

  // Takes whole steps until the epoch is done, `seconds` are over (but at least one step), or `interrupted`
  // is true. An interrupted step is abandoned, and one whose gradients are not finite is not taken:
  // parameters and position stay as before it. The number of workers makes no difference.
  TrainingOutcome run(double seconds, std::size_t workers, const Interrupted& interrupted);

  const TrainingPosition& position() const { return position_; }
  VectorView<Real> moments() { return moments_.vector(); }
  void set_position(const TrainingPosition& position);

  std::uint64_t batches_per_epoch() const;
  double learning_rate() const;  // of the next step

 private:
  // With the order of the names, which is found once for names and weights.
  BatchTrainer(CharacterNetwork<Real>& network, const OptimizerOperations<Real>& optimizer,
               const NameList& names, const TrainingSettings& settings, const std::vector<double>& weights,
               const std::vector<std::uint32_t>& order);

  enum class Step { done, abandoned, not_finite };

  // The names of a step, ready for all workers.
  struct Batch {
    PrefixTree tree;
    TreeShares shares;
  };

  std::uint64_t step() const { return position_.epoch * batches_per_epoch() + position_.batch; }

  std::vector<std::uint32_t> names_of_epoch() const;
  void begin_epoch();
  void prepare_batches(ThreadTeam& team);
  void learn_batch(const Batch& batch, Worker& worker) noexcept;
  void measure_stretches(const Worker& worker) noexcept;
  void update_parameters(const Worker& worker) noexcept;
  double batch_loss(const PrefixTree& tree) const;

  CharacterNetwork<Real>& network_;
  const OptimizerOperations<Real>& optimizer_;
  TrainingSettings settings_;
  NameList names_;                   // in the order of their characters
  std::vector<double> weight_sums_;  // up to each name, in the same order; none without weights
  TrainingPosition position_;
  std::vector<std::uint32_t> order_;  // of this epoch's names, ascending within a batch; or none yet
  std::vector<Batch> batches_;        // the next ones, at most one per worker

  NetworkParameters<Real> gradients_;
  AlignedBuffer<Real> moments_;  // the optimizer's, one vector after the other
  PackedParameters<Real> packed_;
  PrefixForward<Real> forward_;
  PrefixBackward<Real> backward_;
  std::vector<double> squares_;  // sums of squared gradients, by stretch of the flat buffer
  double loss_ = 0.0;            // of the current batch, in nats
  Step step_ = Step::abandoned;  // how its step ended
};

}  // namespace dinorc
