// The seam between models of names and everything that scores, draws and searches names.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "dinorc/foundations/views.hpp"
#include "dinorc/names/characters.hpp"

namespace dinorc {

enum class FloatType { float32, float64 };

// States of some prefixes, one per row: numbers that only the predictor they come from can read. A row begins
// on a cache line, and the rest of its last line may be overwritten (AlignedMatrix<std::byte> lays rows out
// so).
using StateRows = MatrixView<std::byte>;
using ConstStateRows = MatrixView<const std::byte>;

// What may come next: matrices of vocabulary_size columns. One without data is left out.
struct Predictions {
  MatrixView<double> logits = {};             // whose softmax gives the probabilities
  MatrixView<double> terms = {};              // of the softmax: exp(logit - the largest one)
  MatrixView<double> log_probabilities = {};  // in nats, none above zero; minus infinity: impossible
};

// Reads characters and predicts the next ones, many rows at a time. The bits of a row depend on its state and
// character alone, not on the other rows nor on how many there are; and they keep the float contract, for
// which exp and log are those of the kernels, never the C library's. A reader has buffers of its own, so each
// thread takes one for itself.
class Reader {
 public:
  virtual ~Reader() = default;

  // after(row) = the state that characters[row] leads to from before(parents[row]), for each of the parents.
  // Consecutive rows with the same parent share its work. `before` and `after` may be different rows of one
  // matrix. No character is the end of a name; `no_character` stands for one that the model does not know.
  virtual void read(ConstStateRows before, std::span<const std::uint32_t> parents, CharacterIds characters,
                    StateRows after) noexcept = 0;

  // Writes what may come next, for each state. The numbers are those of the model's own float type.
  virtual void predict(ConstStateRows states, const Predictions& wanted) noexcept = 0;
};

// What a model of names knows, ready to be used by any number of threads. Character 0 ends a name.
class Predictor {
 public:
  virtual ~Predictor() = default;

  virtual std::size_t vocabulary_size() const = 0;
  virtual FloatType float_type() const = 0;
  virtual std::size_t state_bytes() const = 0;

  // The state of the empty prefix, with which every name begins.
  virtual const std::byte* first_state() const = 0;

  // A reader for calls of up to this many rows. The predictor must outlive it.
  virtual std::unique_ptr<Reader> reader(std::size_t rows) const = 0;

  // How many rows are best predicted together: enough for fast products, few enough to stay in a cache.
  std::size_t rows_at_a_time() const { return std::clamp<std::size_t>(65'536 / vocabulary_size(), 1, 64); }
};

}  // namespace dinorc
