// The thread team: everybody works, nobody passes the barrier alone, and nothing is left behind.
#include <algorithm>
#include <atomic>
#include <cfenv>
#include <chrono>
#include <cstddef>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "check.hpp"
#include "dinorc/threads/thread_team.hpp"

#if defined(__unix__) || defined(__APPLE__)
#define DINORC_TEST_POSIX
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

#if defined(__has_feature)
#define DINORC_TEST_HAS_FEATURE(feature) __has_feature(feature)
#else
#define DINORC_TEST_HAS_FEATURE(feature) 0
#endif

// The thread sanitizer can't follow threads into a forked child, and the address sanitizer needs more address
// space than a test can leave it.
#if defined(DINORC_TEST_POSIX) && !defined(__SANITIZE_THREAD__) && !DINORC_TEST_HAS_FEATURE(thread_sanitizer)
#define DINORC_TEST_FORK
#if !defined(__SANITIZE_ADDRESS__) && !DINORC_TEST_HAS_FEATURE(address_sanitizer)
#define DINORC_TEST_ADDRESS_SPACE
#endif
#endif

namespace dinorc::check {
namespace {

constexpr std::size_t most_workers = 9;

TEST("every worker runs once, each on a thread of its own, the first on the caller's") {
  for (std::size_t size = 1; size <= most_workers; ++size) {
    const Context context("size ", size);
    ThreadTeam team(size);
    CHECK_EQUAL(team.size(), size);
    std::set<std::thread::id> all_threads;
    for (int run = 0; run < 3; ++run) {
      std::vector<int> runs(size);
      std::vector<std::thread::id> threads(size);
      team.run([&](std::size_t worker) {
        ++runs[worker];
        threads[worker] = std::this_thread::get_id();
      });
      CHECK_EQUAL(runs, std::vector<int>(size, 1));
      CHECK(threads[0] == std::this_thread::get_id());
      all_threads.insert(threads.begin(), threads.end());
    }
    CHECK_EQUAL(all_threads.size(), size);  // and they stay the same from run to run
  }
}

TEST("a team that never works can be dismissed") {
  for (std::size_t size = 1; size <= most_workers; ++size) {
    const ThreadTeam team(size);
    CHECK_EQUAL(team.size(), size);
  }
}

TEST("a team of nobody is refused") { CHECK_THROWS(std::invalid_argument, ThreadTeam(0)); }

TEST("runs see what the caller wrote before, and the caller what they wrote") {
  for (const std::size_t size : {1u, 2u, 5u}) {
    const Context context("size ", size);
    ThreadTeam team(size);
    std::vector<std::size_t> sums(size);
    std::size_t written = 0, expected = 0;
    for (std::size_t run = 0; run < 2000; ++run) {
      written = run;
      expected += run;
      team.run([&](std::size_t worker) { sums[worker] += written; });
      if (run % 500 == 0) CHECK_EQUAL(sums, std::vector<std::size_t>(size, expected));
    }
    CHECK_EQUAL(sums, std::vector<std::size_t>(size, expected));
  }
}

// Each worker leaves a mark in every phase and, after the barrier, counts the marks that are missing.
// `before_arriving` may keep a worker back.
template <typename Delay>
std::size_t marks_missed(ThreadTeam& team, std::size_t phases, Delay&& before_arriving) {
  std::vector<std::size_t> marks(phases * team.size());  // [phase][worker]
  std::vector<std::size_t> missed(team.size());
  team.run([&](std::size_t worker) {
    for (std::size_t phase = 0; phase < phases; ++phase) {
      before_arriving(phase, worker);
      marks[phase * team.size() + worker] = phase + 1;
      team.wait_for_all();
      for (std::size_t other = 0; other < team.size(); ++other) {
        if (marks[phase * team.size() + other] != phase + 1) ++missed[worker];
      }
    }
  });
  std::size_t sum = 0;
  for (const std::size_t each : missed) sum += each;
  return sum;
}

TEST("after the barrier everything that was written before it is there") {
  for (std::size_t size = 1; size <= most_workers; ++size) {
    const Context context("size ", size);
    ThreadTeam team(size);
    CHECK_EQUAL(marks_missed(team, 1000, [](std::size_t, std::size_t) {}), 0);
  }
}

TEST("the barrier waits for stragglers, and wakes those who have fallen asleep") {
  for (std::size_t size = 1; size <= most_workers; ++size) {
    const Context context("size ", size);
    ThreadTeam team(size);
    for (int run = 0; run < 2; ++run) {
      CHECK_EQUAL(marks_missed(team, 50,
                               [&](std::size_t phase, std::size_t worker) {
                                 if (phase % 2 == 0 && worker == phase / 2 % size) {
                                   std::this_thread::sleep_for(std::chrono::microseconds(500));
                                 }
                               }),
                  0);
    }
  }
}

TEST("what a worker throws is rethrown when all have finished, and the team goes on") {
  for (std::size_t size = 1; size <= most_workers; ++size) {
    const Context context("size ", size);
    ThreadTeam team(size);
    for (std::size_t thrower = 0; thrower < size; ++thrower) {
      std::vector<int> finished(size);
      const std::string message = CHECK_THROWS(std::runtime_error, team.run([&](std::size_t worker) {
        if (worker >= thrower) throw std::runtime_error("worker " + std::to_string(worker));
        std::this_thread::sleep_for(std::chrono::microseconds(200));
        finished[worker] = 1;
      }));
      CHECK_EQUAL(message, "worker " + std::to_string(thrower));  // of several the first
      CHECK_EQUAL(std::count(finished.begin(), finished.end(), 1), thrower);

      std::vector<int> runs(size);
      team.run([&](std::size_t worker) { ++runs[worker]; });
      CHECK_EQUAL(runs, std::vector<int>(size, 1));
    }
  }
}

TEST("anything can be thrown, by all workers at once") {
  ThreadTeam team(4);
  for (int run = 0; run < 100; ++run) {
    int caught = -1;
    try {
      team.run([](std::size_t worker) { throw static_cast<int>(worker); });
    } catch (int thrown) {
      caught = thrown;
    }
    CHECK_EQUAL(caught, 0);
  }
}

#if defined(FE_UPWARD)

// Hidden from the compiler, which knows only one rounding mode.
bool rounds_upward() {
  volatile double one = 1.0, tiny = 0x1p-80;
  volatile double sum = one + tiny;
  return sum > one;
}

TEST("every worker computes in the default floating-point environment, and the caller's comes back") {
  for (std::size_t size = 1; size <= 4; ++size) {
    const Context context("size ", size);
    std::fesetround(FE_UPWARD);
    const bool upward_before = rounds_upward();
    std::vector<int> upward(size);
    bool upward_afterwards = false;
    {
      ThreadTeam team(size);  // on most systems its threads inherit the rounding mode
      for (int run = 0; run < 2; ++run) {
        team.run([&](std::size_t worker) {
          upward[worker] += rounds_upward() ? 1 : 0;
          std::fesetround(FE_UPWARD);  // lasts to the end of this run
        });
      }
      upward_afterwards = rounds_upward();
    }
    std::fesetround(FE_TONEAREST);
    CHECK(upward_before);
    CHECK(upward_afterwards);
    CHECK_EQUAL(upward, std::vector<int>(size, 0));
  }
}

#endif

TEST("many teams work at once") {
  constexpr std::size_t callers = 6, rounds = 20, size = 3, phases = 20;
  std::vector<std::size_t> missed(callers, 0), runs(callers, 0);
  std::vector<std::thread> threads;
  for (std::size_t caller = 0; caller < callers; ++caller) {
    threads.emplace_back([&, caller] {
      for (std::size_t round = 0; round < rounds; ++round) {
        ThreadTeam team(size);
        missed[caller] += marks_missed(team, phases, [](std::size_t, std::size_t) {});
        ++runs[caller];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK_EQUAL(missed, std::vector<std::size_t>(callers, 0));
  CHECK_EQUAL(runs, std::vector<std::size_t>(callers, rounds));
}

#if defined(DINORC_TEST_FORK)

// Runs the function in a child of this process; true where it returned true there within a minute.
template <typename Function>
bool holds_in_child(Function&& function) {
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    bool holds = false;
    try {
      holds = function();
    } catch (...) {
    }
    _exit(holds ? 0 : 1);
  }
  int status = 0;
  return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool new_team_works() {
  ThreadTeam team(3);
  return marks_missed(team, 100, [](std::size_t, std::size_t) {}) == 0;
}

TEST("a fork while a team is idle: the parent's works on, the child makes its own") {
  for (const std::size_t size : {1u, 2u, 4u}) {
    const Context context("size ", size);
    ThreadTeam team(size);
    CHECK_EQUAL(marks_missed(team, 10, [](std::size_t, std::size_t) {}), 0);
    CHECK(holds_in_child(new_team_works));
    CHECK_EQUAL(marks_missed(team, 10, [](std::size_t, std::size_t) {}), 0);
  }
}

TEST("a fork while another thread's team is at work") {
  std::atomic<bool> is_over = false;
  std::atomic<int> phases = 0;
  std::thread busy([&] {
    ThreadTeam team(3);
    while (!is_over) {
      team.run([&](std::size_t) { team.wait_for_all(); });
      ++phases;
    }
  });
  while (phases < 10) std::this_thread::yield();
  for (int i = 0; i < 10; ++i) CHECK(holds_in_child(new_team_works));
  is_over = true;
  busy.join();
}

#endif
#if defined(DINORC_TEST_ADDRESS_SPACE)

// Whether teams of fewer workers than asked for work, in this process, and a new one after them.
bool works_with_fewer_threads() {
  // The stacks of a thousand threads don't fit into what is left here of the address space; where a system
  // does not care about the limit, it gives them all.
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  limit.rlim_cur = std::size_t{256} << 20;
  setrlimit(RLIMIT_AS, &limit);
  for (int i = 0; i < 3; ++i) {
    ThreadTeam team(1000);
    std::atomic<std::size_t> runs = 0;
    team.run([&](std::size_t worker) { runs += worker < team.size() ? 1 : 1000; });
    if (runs != team.size() || marks_missed(team, 20, [](std::size_t, std::size_t) {}) != 0) return false;
  }
  return new_team_works();
}

TEST("where the system has no more threads, fewer do the work") {
  CHECK(holds_in_child(works_with_fewer_threads));
}

#endif
#if defined(DINORC_TEST_POSIX)

TEST("signals to the process are left to the threads that were there before") {
  constexpr std::size_t size = 3;
  sigset_t before, afterwards;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  ThreadTeam team(size);
  pthread_sigmask(SIG_SETMASK, nullptr, &afterwards);
  std::vector<sigset_t> masks(size);
  team.run([&](std::size_t worker) { pthread_sigmask(SIG_SETMASK, nullptr, &masks[worker]); });
  for (const int signal : {SIGINT, SIGTERM, SIGALRM, SIGCHLD, SIGUSR1}) {
    CHECK(!sigismember(&masks[0], signal));
    for (std::size_t worker = 1; worker < size; ++worker) CHECK(sigismember(&masks[worker], signal));
    CHECK_EQUAL(sigismember(&afterwards, signal), sigismember(&before, signal));
  }
  for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) {
    for (const sigset_t& mask : masks) CHECK(!sigismember(&mask, own));
  }
}

#endif

TEST("parts cover everything once, in order, in whole units, as equally as can be") {
  for (std::size_t size = 0; size <= 70; ++size) {
    for (std::size_t workers = 1; workers <= most_workers; ++workers) {
      for (std::size_t unit = 1; unit <= 17; ++unit) {
        const Context context("size ", size, ", workers ", workers, ", unit ", unit);
        bool in_order = true, whole_units = true;
        std::size_t end = 0, largest = 0, smallest = size, before = size + unit;
        for (std::size_t worker = 0; worker < workers; ++worker) {
          const Part part = part_of(size, worker, workers, unit);
          const std::size_t units = (part.end - part.begin + unit - 1) / unit;
          in_order = in_order && part.begin == end && part.end >= part.begin && units <= before;
          whole_units = whole_units && (part.begin % unit == 0 || part.begin == size) &&
                        (part.end % unit == 0 || part.end == size);
          end = part.end;
          before = units;
          largest = std::max(largest, units);
          smallest = std::min(smallest, units);
        }
        CHECK(in_order);
        CHECK(whole_units);
        CHECK_EQUAL(end, size);
        CHECK(largest <= smallest + 1);
      }
    }
  }
}

TEST("the default unit is one, and the largest size can be divided") {
  const Part part = part_of(10, 1, 3);
  CHECK_EQUAL(part.begin, 4);
  CHECK_EQUAL(part.end, 7);
  constexpr std::size_t largest = std::numeric_limits<std::size_t>::max();
  CHECK_EQUAL(part_of(largest, 0, 1).end, largest);
  CHECK_EQUAL(part_of(largest, 6, 7).end, largest);
}

}  // namespace
}  // namespace dinorc::check
