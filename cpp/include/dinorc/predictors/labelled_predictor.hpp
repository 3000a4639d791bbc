// A predictor of the names with one label, of a model that knows labels.
#pragma once

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/predictors/predictor.hpp"

namespace dinorc {

// What the other predictor makes of names after it has read a label ahead of them.
class LabelledPredictor final : public Predictor {
 public:
  // The other one must outlive this object; `label` is the symbol that it reads for the label.
  LabelledPredictor(const Predictor& predictor, CharacterId label);

  std::size_t vocabulary_size() const override { return predictor_.vocabulary_size(); }
  FloatType float_type() const override { return predictor_.float_type(); }
  std::size_t state_bytes() const override { return predictor_.state_bytes(); }
  const std::byte* first_state() const override { return first_state_.view().data; }
  std::unique_ptr<Reader> reader(std::size_t rows) const override { return predictor_.reader(rows); }

 private:
  const Predictor& predictor_;
  AlignedMatrix<std::byte> first_state_;  // [1][state_bytes]
};

}  // namespace dinorc
