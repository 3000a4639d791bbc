#include "dinorc/threads/thread_team.hpp"

#include <algorithm>
#include <stdexcept>

#include "dinorc/foundations/float_environment.hpp"

#if defined(__SSE2__) || defined(_M_X64)
#include <immintrin.h>
#endif

#if defined(__unix__) || defined(__APPLE__)
#include <pthread.h>
#include <signal.h>
#define DINORC_POSIX_SIGNALS
#endif

namespace dinorc {
namespace {

// A waiting worker first polls the phase, for about a quarter of a millisecond: the others are usually only
// part of a step behind, and sleeping costs some thirty microseconds. If they do not come because they have
// to share this very core, polling only holds them up. So after a few waits in vain all workers go to sleep
// at once, and poll again only now and then, to see whether they have cores of their own by now.
//
// Nobody yields: that would give the core away for milliseconds if another process wants it, too.
//
// Two workers training an LSTM in batches of 32 on two idle cores, milliseconds an epoch of 2,000 names
// through BatchTrainer::run (medians of 15 runs in turn, Zen): 33.8 with 64 units and 103 with 128; with
// std::barrier of libstdc++ 12 instead, 39.8 and 113. On cores that others wanted too, now one was ahead and
// now the other.
constexpr int looks = 10000;
constexpr int full_patience = 4;
constexpr std::uint32_t phases_between_trials = 32;

// Tells the processor that this is a waiting loop.
inline void pause() {
#if defined(__SSE2__) || defined(_M_X64)
  _mm_pause();
#elif defined(__aarch64__) && defined(__GNUC__)
  asm volatile("isb");  // "yield" does nothing on most processors
#endif
}

#if defined(DINORC_POSIX_SIGNALS)

// In its scope, signals to the process are left to other threads. Threads started meanwhile inherit that:
// handlers, such as Python's for Ctrl-C, run on the threads that were there before. Signals for a thread's
// own mistakes still reach it, so that a crash is reported as one.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t blocked;
    sigfillset(&blocked);
    for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP}) sigdelset(&blocked, own);
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

#else

struct SignalsBlocked {
  SignalsBlocked() {}  // not trivial, so that no compiler calls the variable unused
};

#endif

}  // namespace

ThreadTeam::ThreadTeam(std::size_t size) : size_(size), thrown_(size), patience_(full_patience) {
  if (size == 0) throw std::invalid_argument("a thread team has at least one worker, the calling thread");
  try {
    start_threads();
  } catch (const std::exception&) {
    size_ = threads_.size() + 1;  // the workers there are; none can have passed a barrier without this one
  }
}

ThreadTeam::~ThreadTeam() { dismiss_threads(); }

void ThreadTeam::start_threads() {
  threads_.reserve(size_ - 1);
  const SignalsBlocked scope;
  for (std::size_t worker = 1; worker < size_; ++worker) {
    threads_.emplace_back([this, worker] { serve(worker); });
  }
}

void ThreadTeam::dismiss_threads() noexcept {
  work_ = nullptr;
  wait_for_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadTeam::run(const Work& work) {
  if (size_ == 1) {
    const FloatEnvironmentGuard guard;
    work(0);
    return;
  }
  work_ = &work;
  wait_for_all();
  work_as(0);
  wait_for_all();
  std::exception_ptr first;
  for (std::exception_ptr& thrown : thrown_) {
    if (first == nullptr) first = thrown;
    thrown = nullptr;
  }
  if (first != nullptr) std::rethrow_exception(first);
}

// What a thread of the team does: the other side of run().
void ThreadTeam::serve(std::size_t worker) noexcept {
  for (;;) {
    wait_for_all();
    if (work_ == nullptr) return;
    work_as(worker);
    wait_for_all();
  }
}

void ThreadTeam::work_as(std::size_t worker) noexcept {
  const FloatEnvironmentGuard guard;
  try {
    (*work_)(worker);
  } catch (...) {
    thrown_[worker] = std::current_exception();
  }
}

void ThreadTeam::wait_for_all() noexcept {
  if (size_ == 1) return;
  const std::uint32_t phase = phase_.load(std::memory_order_relaxed);  // can't end before this worker arrives
  const std::size_t others = arrived_.fetch_add(1, std::memory_order_acq_rel);
  if (others + 1 == size_) {
    arrived_.store(0, std::memory_order_relaxed);  // for the next phase, which nobody can enter yet
    {
      const std::lock_guard lock(mutex_);  // nobody falls asleep between looking at the phase and waiting
      phase_.store(phase + 1, std::memory_order_release);
    }
    phase_is_over_.notify_all();
    return;
  }
  if (is_over_soon(phase)) return;
  std::unique_lock lock(mutex_);
  phase_is_over_.wait(lock, [&] { return phase_.load(std::memory_order_relaxed) != phase; });
}

bool ThreadTeam::is_over_soon(std::uint32_t phase) noexcept {
  const int patience = patience_.load(std::memory_order_relaxed);
  if (patience == 0 && phase % phases_between_trials != 0) return false;
  for (int i = 0; i < looks; ++i) {
    if (phase_.load(std::memory_order_acquire) != phase) {
      if (patience < full_patience) patience_.store(full_patience, std::memory_order_relaxed);
      return true;
    }
    pause();
  }
  if (patience > 0) patience_.store(patience - 1, std::memory_order_relaxed);
  return false;
}

Part part_of(std::size_t size, std::size_t worker, std::size_t workers, std::size_t unit) {
  const std::size_t units = size / unit + (size % unit != 0 ? 1 : 0);
  const std::size_t smaller = units / workers, larger_parts = units % workers;
  const auto begin_of = [&](std::size_t which) {
    return std::min(size, (which * smaller + std::min(which, larger_parts)) * unit);
  };
  return {begin_of(worker), begin_of(worker + 1)};
}

}  // namespace dinorc
