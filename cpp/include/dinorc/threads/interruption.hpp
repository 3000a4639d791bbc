// The wish of the calling program to end a long computation.
#pragma once

#include <chrono>
#include <functional>

namespace dinorc {

// Whether the user wants the computation to end; asked on the thread that called it.
using Interrupted = std::function<bool()>;

// Passes the question on some twenty times a second, however often it is asked itself.
class Interruption {
 public:
  explicit Interruption(const Interrupted& interrupted) : interrupted_(interrupted) {}

  bool is_wanted() {
    const Clock::time_point now = Clock::now();
    if (now < next_question_) return false;
    next_question_ = now + interval;
    return interrupted_();
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto interval = std::chrono::milliseconds(50);

  const Interrupted& interrupted_;
  Clock::time_point next_question_ = Clock::now() + interval;
};

}  // namespace dinorc
