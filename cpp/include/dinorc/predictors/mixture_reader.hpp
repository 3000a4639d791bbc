// What predictors share that are mixtures of others: the members' states side by side, and sums of their
// probabilities made into log-probabilities.
#pragma once

#include <memory>
#include <vector>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/predictors/predictor.hpp"

namespace dinorc {

// The state that names begin with: room for `own_bytes`, whole cache lines, then each member's first state.
// Each begins on a cache line, as rows of states do.
AlignedMatrix<std::byte> first_state_of(const std::vector<const Predictor*>& members,
                                        std::size_t own_bytes = 0);

class MixtureReader : public Reader {
 public:
  MixtureReader(const std::vector<const Predictor*>& members, std::size_t own_bytes, std::size_t rows,
                std::size_t rows_at_a_time);

  // For each row:    log p = log(m / (m_0 + m_1 + ...)), with m what sum_probabilities makes
  // No quotient of a part and the whole is above 1, so that no logarithm is above 0.
  void predict(ConstStateRows states, const Predictions& wanted) noexcept final;

 protected:
  std::size_t size() const { return members_.size(); }
  std::size_t rows_at_a_time() const { return rows_at_a_time_; }

  // The states of all members after these characters.
  void read_members(ConstStateRows before, std::span<const std::uint32_t> parents, CharacterIds characters,
                    StateRows after) noexcept;

  // The log-probabilities under a member, until the next call: [rows_at_a_time][vocabulary_size].
  MatrixView<double> predict_member(std::size_t member, ConstStateRows states) noexcept;

 private:
  struct Member {
    std::unique_ptr<Reader> reader;
    std::size_t state_begin;  // in the state of the mixture
    std::size_t state_bytes;
  };

  // Adds to the mixture, which is zero, each member's probabilities times its weight. Kernels may take all
  // rows at once; what they make of the padding is never read.
  virtual void sum_probabilities(ConstStateRows states, MatrixView<double> mixture) noexcept = 0;

  std::vector<Member> members_;
  std::size_t rows_at_a_time_;
  AlignedMatrix<double> next_;     // [rows_at_a_time][vocabulary_size], log-probabilities under one member
  AlignedMatrix<double> mixture_;  // [rows_at_a_time][vocabulary_size]
  std::vector<double> sums_;       // [rows_at_a_time], of each row of the mixture
};

}  // namespace dinorc
