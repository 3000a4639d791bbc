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

// How far a training run has come. With the parameters and the moments of the optimizer it is all that the
// rest of the run depends on.
struct TrainingPosition {
  std::uint64_t epoch = 0;       // whole epochs done
  std::uint64_t batch = 0;       // batches done of the current one
  double loss_sum = 0.0;         // nats, over the characters seen in the current epoch; after its end, in it
  std::uint64_t characters = 0;  // how many these are
};

enum class TrainingOutcome { out_of_time, epoch_is_done, interrupted, not_finite };

template <typename Real>
class BatchTrainer {
 public:
  // Trains `network` where it is, which must outlive this object. At least one name, no empty one, and every
  // character in the network's vocabulary. The order of the names makes no difference.
  BatchTrainer(CharacterNetwork<Real>& network, const OptimizerOperations<Real>& optimizer,
               const NameList& names, const TrainingSettings& settings);

  // Does whole steps until the epoch is done, so many seconds are over (but at least one step), or
  // `interrupted` says so. In the middle of a step that abandons it; one whose gradients are not finite is
  // not done either: parameters and position are as before it. The number of workers makes no difference.
  TrainingOutcome run(double seconds, std::size_t workers, const Interrupted& interrupted);

  const TrainingPosition& position() const { return position_; }
  VectorView<Real> moments() { return moments_.vector(); }
  void set_position(const TrainingPosition& position);

  std::uint64_t batches_per_epoch() const;
  double learning_rate() const;  // of the next step

 private:
  enum class Step { done, abandoned, not_finite };

  // The names of a step, ready for all workers.
  struct Batch {
    PrefixTree tree;
    TreeShares shares;
  };

  std::uint64_t step() const { return position_.epoch * batches_per_epoch() + position_.batch; }

  void begin_epoch();
  void prepare_batches(ThreadTeam& team);
  void learn_batch(const Batch& batch, Worker& worker) noexcept;
  void measure_stretches(const Worker& worker) noexcept;
  void update_parameters(const Worker& worker) noexcept;
  double batch_loss(const PrefixTree& tree) const;

  CharacterNetwork<Real>& network_;
  const OptimizerOperations<Real>& optimizer_;
  TrainingSettings settings_;
  NameList names_;  // in the order of their characters
  TrainingPosition position_;
  std::vector<std::uint32_t> order_;  // of the names in this epoch, within a batch ascending; or none yet
  std::vector<Batch> batches_;        // the next ones, as many as there are workers

  NetworkParameters<Real> gradients_;
  AlignedBuffer<Real> moments_;  // the optimizer's, one vector after the other
  PackedParameters<Real> packed_;
  PrefixForward<Real> forward_;
  PrefixBackward<Real> backward_;
  std::vector<double> squares_;  // sums of squared gradients, by stretch of the flat buffer
  double loss_ = 0.0;            // of the batch in work, in nats
  Step step_ = Step::abandoned;  // what has become of it
};

}  // namespace dinorc
