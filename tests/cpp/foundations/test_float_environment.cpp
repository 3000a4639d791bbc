// The guard of the floating-point environment: what the caller had set changes no result, and comes back.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>
#include <thread>
#include <vector>

#include "check.hpp"
#include "dinorc/foundations/float_environment.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/notebook/online_trainer.hpp"
#include "naive_network.hpp"
#include "walk.hpp"

#if defined(__SSE2__) || defined(_M_X64)
#include <immintrin.h>
#else
#include <cfenv>
#endif

namespace dinorc::check {
namespace {

// The control bits of the thread, and on x86, where they share a register, its status flags too.
using Registers = std::uint64_t;

struct Setting {
  const char* name;
  Registers registers;
  bool changes_results;  // of a computation without the guard
};

#if defined(__SSE2__) || defined(_M_X64)

Registers read_registers() { return _mm_getcsr(); }
void write_registers(Registers registers) { _mm_setcsr(static_cast<unsigned>(registers)); }

// Intel's Software Developer's Manual, volume 1, section 10.2.3: MXCSR.
constexpr Registers all_masked = 0x1F80, flush_to_zero = 0x8000, denormals_are_zero = 0x0040;
constexpr Registers downward = 0x2000, upward = 0x4000, toward_zero = 0x6000, all_flags = 0x003F;
constexpr Registers defaults = all_masked;
constexpr Setting settings[] = {
    {"flush to zero", all_masked | flush_to_zero, true},
    {"denormals are zero", all_masked | denormals_are_zero, true},
    {"both of them, as -ffast-math starts a program", all_masked | flush_to_zero | denormals_are_zero, true},
    {"rounding downward", all_masked | downward, true},
    {"rounding upward", all_masked | upward, true},
    {"rounding toward zero", all_masked | toward_zero, true},
    {"all at once", all_masked | flush_to_zero | denormals_are_zero | toward_zero | all_flags, true},
    {"all status flags set", all_masked | all_flags, false},
    {"some status flags set", all_masked | 0x0021, false},
    {"the defaults", all_masked, false},
};

#elif defined(__aarch64__)

Registers read_registers() {
  std::uint64_t registers = 0;
  asm volatile("mrs %0, fpcr" : "=r"(registers));
  return registers;
}
void write_registers(Registers registers) { asm volatile("msr fpcr, %0" ::"r"(registers)); }

// Arm Architecture Reference Manual: FPCR.
constexpr Registers flush_to_zero = Registers{1} << 24, default_nan = Registers{1} << 25;
constexpr Registers upward = Registers{1} << 22, downward = Registers{2} << 22,
                    toward_zero = Registers{3} << 22;
constexpr Registers defaults = 0;
constexpr Setting settings[] = {
    {"flush to zero", flush_to_zero, true},
    {"rounding downward", downward, true},
    {"rounding upward", upward, true},
    {"rounding toward zero", toward_zero, true},
    {"all at once", flush_to_zero | toward_zero | default_nan, true},
    {"default NaN", default_nan, false},
    {"the defaults", defaults, false},
};

#else

Registers read_registers() { return static_cast<Registers>(std::fegetround()); }
void write_registers(Registers registers) { std::fesetround(static_cast<int>(registers)); }

constexpr Registers defaults = FE_TONEAREST;
constexpr Setting settings[] = {
    {"rounding downward", FE_DOWNWARD, true},
    {"rounding upward", FE_UPWARD, true},
    {"rounding toward zero", FE_TOWARDZERO, true},
    {"the defaults", FE_TONEAREST, false},
};

#endif

// Runs the function with the registers set, and puts the defaults back whatever happens. The function has to
// do its arithmetic in the core, hidden from the compiler, which may move other arithmetic past a change of
// the registers. Returns what was in the registers afterwards.
Registers with_registers(Registers registers, const std::function<void()>& function) {
  write_registers(registers);
  try {
    function();
  } catch (...) {
    write_registers(defaults);
    throw;
  }
  const Registers afterwards = read_registers();
  write_registers(defaults);
  return afterwards;
}

// Numbers that show every setting: sums and products of subnormal and of ordinary numbers, elementary
// functions, and some training. The inputs are made beforehand.
template <typename Real>
class Computation {
 public:
  Computation() : parameters_(NaiveParameters<Real>::made_up(9, 5, 5, 60)) {
    using Limits = std::numeric_limits<Real>;
    MadeUpNumbers numbers(61);
    x_ = numbers.numbers<Real>(40);
    for (std::size_t i = 0; i < x_.size(); i += 4) x_[i] = x_[i] * Limits::min();
    for (std::size_t i = 1; i < x_.size(); i += 8) x_[i] = Limits::denorm_min();
    names_ = {{1, 2, 0, 3, 4, 4, 0, 0}, {3, 7, 8}};
  }

  std::vector<Real> operator()() const {
    const KernelTable<Real>& kernels = active_kernels<Real>();
    std::vector<Real> results;
    std::vector<Real> y = x_;
    const auto keep = [&] { results.insert(results.end(), y.begin(), y.end()); };
    kernels.add(x_.data(), y.data(), y.size());
    keep();
    kernels.descend(x_[2], x_.data(), y.data(), y.size());
    keep();
    kernels.tanh_backward(x_.data(), x_.data(), x_.data(), y.data(), y.size());
    keep();
    for (const auto kernel : {kernels.exp, kernels.tanh, kernels.sigmoid, kernels.log}) {
      kernel(x_.data(), y.data(), y.size());
      keep();
    }
    auto parameters = parameters_;
    OnlineTrainer<Real> trainer(parameters.arrays(), names_, learning_rate_, Real{5});
    double smoothed_loss = 1.0;
    trainer.run(20, smoothed_loss, [] { return false; });
    trainer.copy_parameters_to(parameters.arrays());
    const std::vector<Real> trained = parameters.all();
    results.insert(results.end(), trained.begin(), trained.end());
    return results;
  }

 private:
  NaiveParameters<Real> parameters_;
  std::vector<Real> x_;
  NameList names_;
  Real learning_rate_ = static_cast<Real>(0.01);
};

template <typename Real>
bool same_bits(const std::vector<Real>& left, const std::vector<Real>& right) {
  bool same = left.size() == right.size();
  for (std::size_t i = 0; same && i < left.size(); ++i) same = bits_of(left[i]) == bits_of(right[i]);
  return same;
}

TEST("whatever was set before, the results under the guard are the same and the registers come back") {
  for_each_type([]<typename Real>() {
    const Computation<Real> computation;
    const std::vector<Real> expected = computation();
    for (const Setting& setting : settings) {
      const Context context(setting.name);
      std::vector<Real> guarded, unguarded;
      const Registers afterwards = with_registers(setting.registers, [&] {
        const FloatEnvironmentGuard guard;
        guarded = computation();
      });
      CHECK_SAME_BITS(guarded, expected);
      CHECK_EQUAL(afterwards, setting.registers);

      // The test would notice: without the guard the results are different.
      with_registers(setting.registers, [&] { unguarded = computation(); });
      CHECK_EQUAL(same_bits(unguarded, expected), !setting.changes_results);
    }
  });
}

TEST("under the guard the registers hold the defaults") {
  for (const Setting& setting : settings) {
    const Context context(setting.name);
    Registers inside = ~Registers{0};
    with_registers(setting.registers, [&] {
      const FloatEnvironmentGuard guard;
      inside = read_registers();
    });
    CHECK_EQUAL(inside, defaults);
  }
}

TEST("guards may be nested, and an exception that leaves their scope restores the registers") {
  for (const Setting& setting : settings) {
    const Context context(setting.name);
    Registers after_inner = ~Registers{0};
    const Registers afterwards = with_registers(setting.registers, [&] {
      try {
        const FloatEnvironmentGuard outer;
        {
          const FloatEnvironmentGuard inner;
          write_registers(setting.registers);
        }
        after_inner = read_registers();
        throw std::runtime_error("leaving");
      } catch (const std::runtime_error&) {
      }
    });
    CHECK_EQUAL(after_inner, defaults);
    CHECK_EQUAL(afterwards, setting.registers);
  }
}

TEST("the guard is the thread's own: others keep what they have set") {
  for_each_type([]<typename Real>() {
    const Computation<Real> computation;
    const std::vector<Real> expected = computation();
    for (const Setting& setting : settings) {
      const Context context(setting.name);
      std::vector<Real> guarded;
      Registers afterwards_there = ~Registers{0}, meanwhile_here = ~Registers{0};
      const Registers afterwards_here = with_registers(setting.registers, [&] {
        std::thread thread([&] {  // a new thread may or may not inherit the setting
          afterwards_there = with_registers(setting.registers, [&] {
            const FloatEnvironmentGuard guard;
            guarded = computation();
          });
        });
        thread.join();
        meanwhile_here = read_registers();
      });
      CHECK_SAME_BITS(guarded, expected);
      CHECK_EQUAL(afterwards_there, setting.registers);
      CHECK_EQUAL(meanwhile_here, setting.registers);
      CHECK_EQUAL(afterwards_here, setting.registers);
    }
  });
}

#if defined(__SSE2__) || defined(_M_X64)

TEST("the guard leaves no status flag of its own, and takes none away") {
  const Computation<double> computation;
  for (Registers flags = 0; flags <= all_flags; ++flags) {
    const Registers afterwards = with_registers(all_masked | flags, [&] {
      const FloatEnvironmentGuard guard;
      computation();  // inexact for certain
    });
    CHECK_EQUAL(afterwards, all_masked | flags);
  }
}

TEST("traps that the caller has unmasked do not strike under the guard") {
  const Computation<double> computation;
  std::vector<double> guarded;
  constexpr Registers all_unmasked = 0;
  const Registers afterwards = with_registers(all_unmasked, [&] {
    const FloatEnvironmentGuard guard;
    guarded = computation();
  });
  CHECK_EQUAL(afterwards, all_unmasked);
  CHECK_SAME_BITS(guarded, computation());
}

#endif

}  // namespace
}  // namespace dinorc::check
