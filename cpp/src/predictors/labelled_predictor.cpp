#include "dinorc/predictors/labelled_predictor.hpp"

#include <algorithm>

#include "dinorc/predictors/prefix_reader.hpp"

namespace dinorc {

LabelledPredictor::LabelledPredictor(const Predictor& predictor, CharacterId label)
    : predictor_(predictor), first_state_(1, predictor.state_bytes()) {
  PrefixReader reader(predictor);
  reader.read(label);
  std::copy_n(reader.state(), predictor.state_bytes(), first_state_.view().data);
}

}  // namespace dinorc
