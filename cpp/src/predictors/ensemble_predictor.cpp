#include "dinorc/predictors/ensemble_predictor.hpp"

#include <utility>

#include "dinorc/kernels/kernels.hpp"
#include "dinorc/predictors/mixture_reader.hpp"

namespace dinorc {
namespace {

class EnsembleReader final : public MixtureReader {
 public:
  EnsembleReader(const std::vector<const Predictor*>& members, const std::vector<double>& weights,
                 std::size_t rows, std::size_t rows_at_a_time)
      : MixtureReader(members, 0, rows, rows_at_a_time), weights_(weights) {}

  void read(ConstStateRows before, std::span<const std::uint32_t> parents, CharacterIds characters,
            StateRows after) noexcept override {
    read_members(before, parents, characters, after);
  }

 private:
  // For each row:    m = 0 + w_0 exp(log p_0) + w_1 exp(log p_1) + ...
  // whose sum is 1 but for the rounding of members and weights.
  void sum_probabilities(ConstStateRows states, MatrixView<double> mixture) noexcept override {
    for (std::size_t i = 0; i < size(); ++i) {
      const MatrixView<double> next = predict_member(i, states);
      active_kernels<double>().add_weighted_exp(weights_[i], next.data, mixture.data,
                                                mixture.rows * mixture.row_stride);
    }
  }

  const std::vector<double>& weights_;
};

}  // namespace

EnsemblePredictor::EnsemblePredictor(std::vector<const Predictor*> members, std::vector<double> weights)
    : members_(std::move(members)), weights_(std::move(weights)), first_state_(first_state_of(members_)) {}

std::unique_ptr<Reader> EnsemblePredictor::reader(std::size_t rows) const {
  return std::make_unique<EnsembleReader>(members_, weights_, rows, rows_at_a_time());
}

}  // namespace dinorc
