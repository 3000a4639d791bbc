// One of the workers of a long computation, which the calling program may interrupt.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/threads/interruption.hpp"
#include "dinorc/threads/thread_team.hpp"

namespace dinorc {

// Workers share the rows of a product in multiples of this: few enough for small products, and enough for the
// tiles of the kernels.
inline constexpr std::size_t row_unit = 4;

// They share columns in whole cache lines, so that no two workers write to the same one.
template <typename Real>
inline constexpr std::size_t column_unit = alignment_bytes / sizeof(Real);

// What the workers of one computation share: their team, and the meeting after which they stop.
class WorkerGroup {
 public:
  WorkerGroup(ThreadTeam& team, const Interrupted& interrupted) : team_(team), interruption_(interrupted) {}

  std::size_t size() const { return team_.size(); }

 private:
  friend class Worker;

  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  ThreadTeam& team_;
  Interruption interruption_;  // asked by the first worker, on the calling thread
  std::atomic<std::uint64_t> last_meeting_ = never;
};

// A worker's own view of the group. All workers of a group come to every meeting.
class Worker {
 public:
  Worker(WorkerGroup& group, std::size_t index) : group_(group), index_(index) {}

  std::size_t index() const { return index_; }
  std::size_t workers() const { return group_.size(); }
  bool is_first() const { return index_ == 0; }

  // This worker's part of 0, ..., size - 1, in multiples of `unit`.
  Part part(std::size_t size, std::size_t unit = 1) const {
    return part_of(size, index_, group_.size(), unit);
  }

  // Into how many pieces the workers cut their parts, which take `multiplications` in all, to meet after each
  // piece: even on a slow processor a piece takes only a moment.
  std::size_t pieces(double multiplications) const {
    constexpr double most = 5e8;  // per worker and piece
    return static_cast<std::size_t>(multiplications / (most * static_cast<double>(group_.size()))) + 1;
  }

  // The given piece of this worker's part of 0, ..., size - 1.
  Part part(std::size_t size, std::size_t unit, std::size_t piece, std::size_t pieces) const {
    const Part whole = part(size, unit);
    const Part within = part_of(whole.end - whole.begin, piece, pieces, unit);
    return {whole.begin + within.begin, whole.begin + within.end};
  }

  // Waits for all others; then all see what any of them wrote before. Returns false, to all of them, if the
  // computation is to be abandoned: the first worker announces the last meeting before it goes there. A
  // worker that is late to leave an earlier meeting may see that number already, but its own is smaller.
  [[nodiscard]] bool meet() noexcept {
    if (is_first() && group_.interruption_.is_wanted()) {
      group_.last_meeting_.store(meetings_, std::memory_order_relaxed);
    }
    group_.team_.wait_for_all();
    return meetings_++ < group_.last_meeting_.load(std::memory_order_relaxed);
  }

 private:
  WorkerGroup& group_;
  std::size_t index_;
  std::uint64_t meetings_ = 0;
};

}  // namespace dinorc
