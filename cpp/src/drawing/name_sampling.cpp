#include "dinorc/drawing/name_sampling.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "dinorc/drawing/name_block_sampler.hpp"
#include "dinorc/foundations/sizes.hpp"
#include "dinorc/threads/thread_team.hpp"

namespace dinorc {
namespace {

// The more names in a block, the more prefixes they share.
constexpr std::size_t most_names_in_a_block = std::size_t{1} << 17;
constexpr std::size_t names_worth_a_worker = 256;

// All workers get the same number of blocks, of the same number of names.
std::size_t names_in_a_block(std::size_t count, std::size_t workers) {
  const std::size_t names_of_a_worker = std::max(ceiling_quotient(count, workers), std::size_t{1});
  return ceiling_quotient(names_of_a_worker, ceiling_quotient(names_of_a_worker, most_names_in_a_block));
}

template <typename Number>
void append(const std::vector<Number>& numbers, std::vector<Number>& all) {
  all.insert(all.end(), numbers.begin(), numbers.end());
}

// The blocks of a request, which the workers take one by one.
class Blocks {
 public:
  Blocks(const NameRequest& request, std::size_t size, std::size_t workers)
      : request_(request),
        size_(size),
        blocks_(ceiling_quotient(request.count, size)),
        others_(workers - 1) {}

  // Draws blocks until none is left. Only the first worker asks whether the user wants to stop, and so it
  // stays until the last of the others is done.
  void draw(NameBlockSampler& sampler, bool is_first, Interruption& interruption) {
    const auto wants_end = [&] {
      if (is_first && interruption.is_wanted()) is_abandoned_ = true;
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
        const std::size_t first = i * size_;
        blocks_[i] =
            sampler.sample(request_.first + first, std::min(size_, request_.count - first), wants_end);
      }
    } catch (...) {
      is_abandoned_ = true;  // the others need not go on
      throw;
    }
  }

  // All blocks; none if any is missing.
  std::vector<SampledNames> blocks() {
    if (is_abandoned_) return {};
    return std::move(blocks_);
  }

 private:
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
  std::size_t size_;  // how many names a block has
  std::vector<SampledNames> blocks_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> is_abandoned_ = false;
  std::mutex mutex_;
  std::condition_variable all_are_ready_;
  std::size_t others_;  // workers besides the first that still draw
};

}  // namespace

std::vector<SampledNames> sample_blocks(const Predictor& predictor, const NameRequest& request,
                                        std::size_t workers, const Interrupted& interrupted) {
  ThreadTeam team(std::min(workers, request.count / names_worth_a_worker + 1));
  Interruption interruption(interrupted);
  const std::size_t block_size = names_in_a_block(request.count, team.size());
  std::vector<NameBlockSampler> samplers;
  for (std::size_t i = 0; i < team.size(); ++i) samplers.emplace_back(predictor, request, block_size);
  Blocks blocks(request, block_size, team.size());
  team.run([&](std::size_t index) { blocks.draw(samplers[index], index == 0, interruption); });
  return blocks.blocks();
}

SampledNames sample_names(const Predictor& predictor, const NameRequest& request, std::size_t workers,
                          const Interrupted& interrupted) {
  std::vector<SampledNames> blocks = sample_blocks(predictor, request, workers, interrupted);
  if (blocks.size() == 1) return std::move(blocks[0]);
  SampledNames all;
  for (SampledNames& block : blocks) {
    const std::size_t before = all.names.characters.size();
    append(block.names.characters, all.names.characters);
    for (const std::size_t end : block.names.ends) all.names.ends.push_back(before + end);
    append(block.log_probabilities, all.log_probabilities);
    block = {};  // its memory may be wanted
  }
  return all;
}

}  // namespace dinorc
