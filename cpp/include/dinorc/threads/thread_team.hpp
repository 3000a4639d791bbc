// Threads that work together for the length of one call of the library, and the parts that each takes.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace dinorc {

// `size` workers: the calling thread, which is worker 0, and size - 1 threads, which are joined at the end of
// the team's scope. No thread outlives a call of the library, so a fork has none to lose.
//
// A team belongs to the thread that made it: only that thread runs work, and work runs no other work.
class ThreadTeam {
 public:
  using Work = std::function<void(std::size_t worker)>;

  // At least one worker; fewer than asked for where the system has no more threads.
  explicit ThreadTeam(std::size_t size);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  std::size_t size() const { return size_; }

  // Runs work(0), ..., work(size - 1) at the same time, each under a FloatEnvironmentGuard, and returns when
  // all have returned. They see what the caller wrote before, and the caller then sees what they wrote. If
  // some threw, rethrows the exception of the first of them.
  void run(const Work& work);

  // Inside work: returns when every worker has called it; then all see what any of them wrote before.
  // Work that calls it must not throw, or the others would wait forever.
  void wait_for_all() noexcept;

 private:
  void start_threads();
  void serve(std::size_t worker) noexcept;
  void work_as(std::size_t worker) noexcept;
  void dismiss_threads() noexcept;
  bool is_over_soon(std::uint32_t phase) noexcept;

  static constexpr std::size_t cache_line = 64;

  std::atomic<std::size_t> size_;           // changes only before the first worker arrives anywhere
  const Work* work_ = nullptr;              // what to do next; null: it's over
  std::vector<std::exception_ptr> thrown_;  // by worker
  std::vector<std::thread> threads_;

  // Waiting workers watch the phase; arriving ones must not take its cache line from them.
  alignas(cache_line) std::atomic<std::size_t> arrived_ = 0;  // workers that wait for the others
  alignas(cache_line) std::atomic<std::uint32_t> phase_ = 0;  // times that all have arrived
  std::atomic<int> patience_;  // vain waits left before all go to sleep at once
  std::mutex mutex_;           // held where the phase changes
  std::condition_variable phase_is_over_;
};

// The numbers begin, ..., end - 1.
struct Part {
  std::size_t begin;
  std::size_t end;
};

// The part of 0, ..., size - 1 that falls to one of the workers. The parts lie in the workers' order, cover
// everything once, begin at multiples of `unit`, and differ by at most one unit: the first workers have the
// larger ones. Where there are fewer units than workers, the last workers' parts are empty.
Part part_of(std::size_t size, std::size_t worker, std::size_t workers, std::size_t unit = 1);

}  // namespace dinorc
