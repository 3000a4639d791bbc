// Several predictors mixed character by character, as one predictor.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/predictors/predictor.hpp"

namespace dinorc {

// p = sum over members i of w_i p_i / sum over all characters of the same. A state is those of the members
// side by side.
class EnsemblePredictor final : public Predictor {
 public:
  // One member or more, all of the same vocabulary, which must outlive this object. Weights are 0 or more,
  // one for each member, and sum to 1 or nearly so.
  EnsemblePredictor(std::vector<const Predictor*> members, std::vector<double> weights);

  std::size_t vocabulary_size() const override { return members_.front()->vocabulary_size(); }
  FloatType float_type() const override { return FloatType::float64; }
  std::size_t state_bytes() const override { return first_state_.view().columns; }
  const std::byte* first_state() const override { return first_state_.view().data; }
  std::unique_ptr<Reader> reader(std::size_t rows) const override;

 private:
  std::vector<const Predictor*> members_;
  std::vector<double> weights_;
  AlignedMatrix<std::byte> first_state_;  // [1][state_bytes]
};

}  // namespace dinorc
