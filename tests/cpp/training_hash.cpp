// Prints hashes of what the core computes, to be compared between processors, instruction sets and compilers.
//
//   training_hash [iterations [names]]    trains (2000 iterations), samples (200 names), prints the hashes
//   training_hash --instruction-sets      lists the values that DINORC_ISA may have here, one a line
//
// The line "all" covers those above it; those below are of mini-batches and of predictors. What is before the
// first hash of a line is its name: a new cell or optimizer has lines of its own and changes no other.
//
// Everything comes from the core itself and from integers: no file, no C library function of real numbers, no
// distribution of the standard library.
#include <bit>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "batch_hashes.hpp"
#include "dinorc/foundations/bit_hash.hpp"
#include "dinorc/foundations/float_environment.hpp"
#include "dinorc/kernels/kernels.hpp"
#include "dinorc/notebook/name_sampler.hpp"
#include "dinorc/notebook/online_trainer.hpp"
#include "dinorc/random/mersenne_twister.hpp"
#include "drawing_hash.hpp"
#include "ensemble_hash.hpp"
#include "label_hash.hpp"
#include "ngram_hashes.hpp"

namespace {

using namespace dinorc;

template <typename Real>
using BitsOf = std::conditional_t<sizeof(Real) == 8, std::uint64_t, std::uint32_t>;

template <typename Real>
constexpr const char* name_of = sizeof(Real) == 8 ? "float64" : "float32";

template <typename Real>
void add_to(BitHash& hash, const std::vector<Real>& numbers) {
  hash.add(VectorView<const Real>{numbers.data(), numbers.size()});
}

constexpr std::size_t vocabulary_size = 27;  // the end of a name, and 26 letters
constexpr CharacterId end_character = 0;
constexpr std::size_t longest_name = 50;

// 200 names of two to five syllables.
NameList made_up_names() {
  const char consonants[] = "bcdfghjklmnpqrstvwxyz", vowels[] = "aeiou";
  MersenneTwister stream(2);
  const auto letter_of = [&stream](const char* letters) {
    const auto last = static_cast<std::uint32_t>(std::strlen(letters) - 1);
    return static_cast<CharacterId>(letters[stream.random_interval(last)] - 'a' + 1);
  };
  NameList names;
  for (int i = 0; i < 200; ++i) {
    for (std::uint32_t syllables = 2 + stream.random_interval(3); syllables > 0; --syllables) {
      names.characters.push_back(letter_of(consonants));
      names.characters.push_back(letter_of(vowels));
      if (stream.random_interval(2) == 0) names.characters.push_back(letter_of(consonants));
    }
    names.characters.push_back(end_character);
    names.ends.push_back(names.characters.size());
  }
  return names;
}

// The parameters in the notebook's shapes: Wax, Waa, Wya, b, by.
template <typename Real>
struct Parameters {
  explicit Parameters(std::size_t size)
      : hidden_size(size),
        Wax(size * vocabulary_size),
        Waa(size * size),
        Wya(vocabulary_size * size),
        b(size),
        by(vocabulary_size) {
    MersenneTwister stream(1);
    for (std::vector<Real>* weights : {&Wax, &Waa, &Wya}) {
      for (Real& weight : *weights) weight = static_cast<Real>(stream.standard_normal() * 0.01);
    }
  }

  NotebookArrays<Real> arrays() {
    return {{Wax.data(), hidden_size, vocabulary_size, vocabulary_size},
            {Waa.data(), hidden_size, hidden_size, hidden_size},
            {Wya.data(), vocabulary_size, hidden_size, hidden_size},
            {b.data(), hidden_size},
            {by.data(), vocabulary_size}};
  }

  std::size_t hidden_size;
  std::vector<Real> Wax, Waa, Wya, b, by;
};

template <typename Real>
void print_training(std::size_t hidden_size, std::size_t iterations, std::size_t name_count, BitHash& all) {
  Parameters<Real> parameters(hidden_size);
  OnlineTrainer<Real> trainer(parameters.arrays(), made_up_names(), static_cast<Real>(0.01), Real{5});
  double smoothed_loss = 23.0;
  const bool finite = trainer.run(iterations, smoothed_loss, [] { return false; });
  trainer.copy_parameters_to(parameters.arrays());

  BitHash of_parameters;
  for (const std::vector<Real>* part :
       {&parameters.Wax, &parameters.Waa, &parameters.Wya, &parameters.b, &parameters.by}) {
    add_to(of_parameters, *part);
  }
  BitHash of_samples;
  for (std::size_t seed = 0; seed < name_count; ++seed) {
    const std::vector<CharacterId> name =
        sample_name(trainer.network(), end_character, static_cast<std::int64_t>(seed), longest_name);
    for (const CharacterId character : name) of_samples.add(static_cast<std::uint64_t>(character), 4);
  }
  const std::uint64_t loss = std::bit_cast<std::uint64_t>(smoothed_loss);
  std::printf("%s hidden %zu: parameters %016" PRIx64 " samples %016" PRIx64 " loss %016" PRIx64 "%s\n",
              name_of<Real>, hidden_size, of_parameters.value(), of_samples.value(), loss,
              finite ? "" : " (diverged)");
  all.add(of_parameters.value());
  all.add(of_samples.value());
  all.add(loss);
}

// Numbers all over the range: every bit pattern of a wide, odd stride (subnormal numbers and NaN among them),
// small multiples of 1/128, and the ends of the range.
template <typename Real>
std::vector<Real> grid() {
  using Bits = BitsOf<Real>;
  using Limits = std::numeric_limits<Real>;
  std::vector<Real> x;
  constexpr std::uint32_t patterns = 40000;
  constexpr Bits stride = static_cast<Bits>(Limits::digits == 53 ? 0x0001A36E2EB1C433u : 0x0001A36Fu);
  for (std::uint32_t i = 0; i < patterns; ++i)
    x.push_back(std::bit_cast<Real>(static_cast<Bits>(i * stride)));
  for (int i = -100 * 128; i <= 100 * 128; ++i) x.push_back(static_cast<Real>(i) / Real{128});
  for (const Real end : {Real{0}, Limits::denorm_min(), Limits::min() - Limits::denorm_min(), Limits::min(),
                         Limits::epsilon(), Limits::max(), Limits::infinity()}) {
    x.push_back(end);
    x.push_back(-end);
  }
  for (std::uint32_t i = 1; i < 2000; ++i) x.push_back(std::bit_cast<Real>(static_cast<Bits>(i)));
  return x;
}

template <typename Real>
std::uint64_t hash_of_functions() {
  const KernelTable<Real>& kernels = active_kernels<Real>();
  const std::vector<Real> x = grid<Real>();
  BitHash hash;
  for (const auto kernel : {kernels.exp, kernels.tanh, kernels.sigmoid, kernels.log}) {
    std::vector<Real> y(x.size());
    kernel(x.data(), y.data(), x.size());
    add_to(hash, y);
  }
  return hash.value();
}

// A whole number, or nothing where the text is no such thing.
bool read_count(const char* text, std::size_t& count) {
  char* end = nullptr;
  const unsigned long long value = std::strtoull(text, &end, 10);
  count = static_cast<std::size_t>(value);
  return *text >= '0' && *text <= '9' && *end == '\0';
}

int print_hashes(std::size_t iterations, std::size_t name_count) {
  const FloatEnvironmentGuard guard;
  BitHash all;
  for (const std::size_t hidden_size : {50, 33}) {
    print_training<double>(hidden_size, iterations, name_count, all);
    print_training<float>(hidden_size, iterations, name_count, all);
  }
  const std::uint64_t float64_functions = hash_of_functions<double>();
  const std::uint64_t float32_functions = hash_of_functions<float>();
  std::printf("exp tanh sigmoid log: float64 %016" PRIx64 " float32 %016" PRIx64 "\n", float64_functions,
              float32_functions);
  all.add(float64_functions);
  all.add(float32_functions);
  std::printf("all %016" PRIx64 "\n", all.value());

  print_all_batch_hashes<double>(made_up_names(), vocabulary_size);
  print_all_batch_hashes<float>(made_up_names(), vocabulary_size);
  print_ensemble_hashes(made_up_names(), vocabulary_size);
  for (const NGramOrders orders : {NGramOrders{3, 3}, NGramOrders{2, 8}}) {
    print_ngram_hashes(made_up_names(), vocabulary_size, orders);
  }
  print_drawing_hashes(made_up_names(), vocabulary_size);
  print_label_hashes(made_up_names(), vocabulary_size);
  return 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
  try {
    if (argument_count == 2 && std::strcmp(arguments[1], "--instruction-sets") == 0) {
      for (const std::string& name : usable_instruction_sets()) std::printf("%s\n", name.c_str());
      return 0;
    }
    std::size_t iterations = 2000, name_count = 200;
    if (argument_count <= 3 && (argument_count < 2 || read_count(arguments[1], iterations)) &&
        (argument_count < 3 || read_count(arguments[2], name_count))) {
      return print_hashes(iterations, name_count);
    }
    std::fprintf(stderr, "usage: %s [iterations [names]] | --instruction-sets\n", arguments[0]);
    return 2;
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "%s\n", exception.what());
    return 1;
  }
}
