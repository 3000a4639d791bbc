#include "dinorc/notebook/name_sampler.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/notebook/cross_entropy.hpp"
#include "dinorc/random/categorical.hpp"
#include "dinorc/random/mersenne_twister.hpp"

namespace dinorc {
namespace {

// The uniform numbers of successive draws, made several at a time.
class DrawNumbers {
 public:
  explicit DrawNumbers(std::int64_t seed) : seed_(seed) {}

  double number(std::size_t draw) {
    const std::int64_t seed = seed_of(draw);
    if (seed < 0 || seed > largest_seed) {
      throw std::invalid_argument("Seed must be between 0 and 2**32 - 1, as for numpy.random.seed");
    }
    if (draw >= made_) make_more();
    return numbers_[draw % numbers_.size()];
  }

 private:
  static constexpr std::size_t draws_at_once = 16;  // enough for most names
  static constexpr std::int64_t largest_seed = std::numeric_limits<std::uint32_t>::max();

  std::int64_t seed_of(std::size_t draw) const { return seed_ + 2 * static_cast<std::int64_t>(draw); }

  void make_more() {
    std::array<std::uint32_t, draws_at_once> seeds;
    for (std::size_t i = 0; i < seeds.size(); ++i) {
      seeds[i] =
          static_cast<std::uint32_t>(seed_of(made_ + i));  // one too large is refused when it is asked for
    }
    first_random_samples(seeds, numbers_.data());
    made_ += numbers_.size();
  }

  std::int64_t seed_;
  std::array<double, draws_at_once> numbers_;
  std::size_t made_ = 0;
};

}  // namespace

template <typename Real>
std::vector<CharacterId> sample_name(const PackedNetwork<Real>& network, CharacterId end_character,
                                     std::int64_t seed, std::size_t limit) {
  AlignedMatrix<Real> states(2, network.hidden_size());  // the one before, and the one now
  AlignedMatrix<Real> probabilities(1, network.output_size());

  DrawNumbers uniform(seed);
  std::vector<CharacterId> name;
  CharacterId character = no_character;
  while (character != end_character && name.size() < limit) {
    const MatrixView<Real> a = states.view().rows_from(1, 1);
    network.look_up(character, a.data);
    network.steps_forward(states.view());
    network.compute_logits(a, probabilities.view());
    std::copy_n(a.data, a.columns, states.view().data);
    const VectorView<Real> row{probabilities.view().data, network.output_size()};
    softmax<Real>(row, row);

    const double sum = checked_sum<Real>(row);
    character = static_cast<CharacterId>(draw_category<Real>(row, sum, uniform.number(name.size())));
    name.push_back(character);
  }
  // The notebook appends the end even where the last letter allowed was the end itself.
  if (name.size() == limit) name.push_back(end_character);
  return name;
}

template std::vector<CharacterId> sample_name(const PackedNetwork<float>&, CharacterId, std::int64_t,
                                              std::size_t);
template std::vector<CharacterId> sample_name(const PackedNetwork<double>&, CharacterId, std::int64_t,
                                              std::size_t);

}  // namespace dinorc
