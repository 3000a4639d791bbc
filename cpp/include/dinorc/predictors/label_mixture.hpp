// Several predictors, of which each name follows one, as one predictor: names whose label is not known.
#pragma once

#include <vector>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/predictors/predictor.hpp"

namespace dinorc {

// The probability of a name is the sum over labels l of share_l p(name | l). A state is that of each label's
// predictor, and how probable the label is together with the characters read so far.
class LabelMixture final : public Predictor {
 public:
  // One predictor for each label, all of the same vocabulary, which must outlive this object; and the
  // logarithm of the share of names that have the label, of which at least one is finite.
  LabelMixture(std::vector<const Predictor*> labels, std::vector<double> log_shares);

  std::size_t vocabulary_size() const override { return labels_.front()->vocabulary_size(); }
  FloatType float_type() const override { return FloatType::float64; }
  std::size_t state_bytes() const override { return first_state_.view().columns; }
  const std::byte* first_state() const override { return first_state_.view().data; }
  std::unique_ptr<Reader> reader(std::size_t rows) const override;

 private:
  std::vector<const Predictor*> labels_;
  AlignedMatrix<std::byte> first_state_;  // [1][state_bytes]
};

}  // namespace dinorc
