#include "dinorc/drawing/batch_sampler.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "dinorc/drawing/name_block_sampler.hpp"
#include "dinorc/network/packed_parameters.hpp"

namespace dinorc {
namespace {

// The more names in a block, the more prefixes they share; but the states of two levels lie in memory.
constexpr std::size_t most_names_in_a_block = 16384;
constexpr std::size_t least_names_in_a_block = 64;
constexpr std::size_t most_bytes_of_states = std::size_t{1} << 23;  // of a level

constexpr std::size_t names_worth_a_worker = 256;

constexpr std::size_t divided_up(std::size_t a, std::size_t b) { return a / b + (a % b == 0 ? 0 : 1); }

// All workers get the same number of blocks, of the same number of names.
template <typename Real>
std::size_t names_in_a_block(const NetworkShape& shape, std::size_t count, std::size_t workers) {
  const std::size_t affordable = most_bytes_of_states / (padded<Real>(shape.state_columns()) * sizeof(Real));
  const std::size_t most = std::clamp(affordable, least_names_in_a_block, most_names_in_a_block);
  const std::size_t names_of_a_worker = std::max(divided_up(count, workers), std::size_t{1});
  return divided_up(names_of_a_worker, divided_up(names_of_a_worker, most));
}

// The blocks of a request, which go to the workers one by one.
class Blocks {
 public:
  Blocks(const NameRequest& request, std::size_t names, std::size_t workers)
      : request_(request), names_(names), blocks_(divided_up(request.count, names)), others_(workers - 1) {}

  // Draws blocks until none is left. The first worker alone asks whether the user wants an end, and so stays
  // until the last of the others is ready.
  template <typename Real>
  void draw(NameBlockSampler<Real>& sampler, bool is_first, WorkerGroup& group) {
    const auto wants_end = [&] {
      if (is_first && group.wants_end()) is_abandoned_ = true;
      return is_abandoned_.load();
    };
    const AtEnd leave([&] {
      std::unique_lock lock(mutex_);
      if (!is_first && --others_ == 0) all_are_ready_.notify_one();
      const auto are_ready = [&] { return others_ == 0; };
      while (is_first && !all_are_ready_.wait_for(lock, std::chrono::milliseconds(20), are_ready))
        wants_end();
    });
    try {
      for (std::size_t i = next_++; i < blocks_.size() && !wants_end(); i = next_++) {
        const std::size_t first = i * names_;
        blocks_[i] =
            sampler.sample(request_.first + first, std::min(names_, request_.count - first), wants_end);
      }
    } catch (...) {
      is_abandoned_ = true;  // the others need not go on
      throw;
    }
  }

  // Of all blocks, one after the other; none where some are missing.
  SampledNames names() {
    SampledNames all;
    if (is_abandoned_) return all;
    if (blocks_.size() == 1) return std::move(blocks_[0]);
    for (SampledNames& block : blocks_) {
      const std::size_t before = all.names.characters.size();
      append(block.names.characters, all.names.characters);
      for (const std::size_t end : block.names.ends) all.names.ends.push_back(before + end);
      append(block.log_probabilities, all.log_probabilities);
      all.had_a_choice = all.had_a_choice || block.had_a_choice;
      block = {};  // its memory may be wanted
    }
    return all;
  }

 private:
  template <typename Number>
  static void append(const std::vector<Number>& numbers, std::vector<Number>& all) {
    all.insert(all.end(), numbers.begin(), numbers.end());
  }

  // Calls a function when its scope is left, by an exception as well.
  template <typename Function>
  struct AtEnd {
    explicit AtEnd(Function function) : function_(function) {}
    ~AtEnd() { function_(); }
    AtEnd(const AtEnd&) = delete;
    AtEnd& operator=(const AtEnd&) = delete;
    Function function_;
  };

  const NameRequest& request_;
  std::size_t names_;
  std::vector<SampledNames> blocks_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> is_abandoned_ = false;
  std::mutex mutex_;
  std::condition_variable all_are_ready_;
  std::size_t others_;  // than the first worker, as long as they draw
};

}  // namespace

template <typename Real>
SampledNames sample_names(CharacterNetwork<Real>& network, const NameRequest& request, std::size_t workers,
                          const Interrupted& interrupted) {
  ThreadTeam team(std::min(workers, request.count / names_worth_a_worker + 1));
  workers = team.size();
  WorkerGroup group(team, interrupted);
  PackedParameters<Real> packed(network.shape());
  team.run([&](std::size_t index) { packed.pack(network.parameters(), Worker(group, index)); });

  const std::size_t names = names_in_a_block<Real>(network.shape(), request.count, workers);
  std::vector<NameBlockSampler<Real>> samplers;
  for (std::size_t i = 0; i < workers; ++i) samplers.emplace_back(network.cell(), packed, request, names);
  Blocks blocks(request, names, workers);
  team.run([&](std::size_t index) { blocks.draw(samplers[index], index == 0, group); });
  return blocks.names();
}

template SampledNames sample_names(CharacterNetwork<float>&, const NameRequest&, std::size_t,
                                   const Interrupted&);
template SampledNames sample_names(CharacterNetwork<double>&, const NameRequest&, std::size_t,
                                   const Interrupted&);

}  // namespace dinorc
