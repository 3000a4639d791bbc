// One of the workers of a long computation, which the calling program may interrupt.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/threads/thread_team.hpp"

namespace dinorc {

// Workers share the rows of a product in multiples of this: few enough for small products, and enough for the
// tiles of the kernels.
inline constexpr std::size_t row_unit = 4;

// And columns that begin and end together with a cache line, so that no two workers write to one.
template <typename Real>
inline constexpr std::size_t column_unit = alignment_bytes / sizeof(Real);

// Whether the user wants the computation to end; asked some twenty times a second, by the calling thread.
using Interrupted = std::function<bool()>;

// What the workers of one computation share: their team, and the meeting at which they part.
class WorkerGroup {
 public:
  WorkerGroup(ThreadTeam& team, const Interrupted& interrupted) : team_(team), interrupted_(interrupted) {}

  std::size_t size() const { return team_.size(); }

  // To be asked by the calling thread, as often as it likes.
  bool wants_end() {
    const Clock::time_point now = Clock::now();
    if (now < next_poll_) return false;
    next_poll_ = now + poll_interval;
    return interrupted_();
  }

 private:
  friend class Worker;

  using Clock = std::chrono::steady_clock;
  static constexpr auto poll_interval = std::chrono::milliseconds(50);
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  ThreadTeam& team_;
  const Interrupted& interrupted_;
  Clock::time_point next_poll_ = Clock::now() + poll_interval;
  std::atomic<std::uint64_t> last_meeting_ = never;
};

// A worker's own view of the group. All workers of a group hold as many meetings, or none goes on.
class Worker {
 public:
  Worker(WorkerGroup& group, std::size_t index) : group_(group), index_(index) {}

  std::size_t index() const { return index_; }
  bool is_first() const { return index_ == 0; }

  // The part of 0, ..., size - 1 that is this worker's, in multiples of `unit`.
  Part part(std::size_t size, std::size_t unit = 1) const {
    return part_of(size, index_, group_.size(), unit);
  }

  // Into how many pieces all workers cut parts of so many multiplications together, to meet after each:
  // enough that a piece takes a moment only, also on a slow processor.
  std::size_t pieces(double multiplications) const {
    constexpr double most = 5e8;  // a worker and a piece
    return static_cast<std::size_t>(multiplications / (most * static_cast<double>(group_.size()))) + 1;
  }

  // The piece of this worker's part of 0, ..., size - 1.
  Part part(std::size_t size, std::size_t unit, std::size_t piece, std::size_t pieces) const {
    const Part whole = part(size, unit);
    const Part within = part_of(whole.end - whole.begin, piece, pieces, unit);
    return {whole.begin + within.begin, whole.begin + within.end};
  }

  // Waits for all others; what any of them wrote before is seen by all after. Returns false, to all of them
  // alike, where the computation is to be abandoned.
  //
  // The first worker names the meeting that is the last before it goes there. One that comes late from an
  // earlier meeting may see the number already, but has a smaller one itself.
  [[nodiscard]] bool meet() noexcept {
    if (is_first() && group_.wants_end()) group_.last_meeting_.store(meetings_, std::memory_order_relaxed);
    group_.team_.wait_for_all();
    return meetings_++ < group_.last_meeting_.load(std::memory_order_relaxed);
  }

 private:
  WorkerGroup& group_;
  std::size_t index_;
  std::uint64_t meetings_ = 0;
};

}  // namespace dinorc
