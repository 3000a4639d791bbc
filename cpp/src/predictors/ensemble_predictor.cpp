#include "dinorc/predictors/ensemble_predictor.hpp"

#include <algorithm>
#include <utility>

#include "dinorc/kernels/kernels.hpp"

namespace dinorc {
namespace {

// Each member's part of a state begins on a cache line, as rows of states do.
std::size_t state_bytes_of(const Predictor& member) { return padded<std::byte>(member.state_bytes()); }

class EnsembleReader final : public Reader {
 public:
  EnsembleReader(const std::vector<const Predictor*>& members, const std::vector<double>& weights,
                 std::size_t rows, std::size_t rows_at_a_time)
      : rows_at_a_time_(std::min(rows, rows_at_a_time)),
        next_(rows_at_a_time_, members.front()->vocabulary_size()),
        mixture_(rows_at_a_time_, members.front()->vocabulary_size()),
        sums_(rows_at_a_time_) {
    std::size_t begin = 0;
    for (std::size_t i = 0; i < members.size(); ++i) {
      members_.push_back({members[i]->reader(rows), weights[i], begin, members[i]->state_bytes()});
      begin += state_bytes_of(*members[i]);
    }
  }

  void read(ConstStateRows before, std::span<const std::uint32_t> parents, CharacterIds characters,
            StateRows after) noexcept override {
    for (const Member& member : members_) {
      member.reader->read(before.columns_from(member.state_begin, member.state_bytes), parents, characters,
                          after.columns_from(member.state_begin, member.state_bytes));
    }
  }

  // For each row:    m = 0 + w_0 exp(log p_0) + w_1 exp(log p_1) + ...
  //                  log p = log(m / (m_0 + m_1 + ...))
  // The divisor is 1 but for the rounding of members and weights; no quotient of a part and the whole is
  // above 1, so that no logarithm is above 0.
  void predict(ConstStateRows states, MatrixView<double> logits,
               MatrixView<double> log_probabilities) noexcept override {
    for (std::size_t first = 0; first < states.rows; first += rows_at_a_time_) {
      const std::size_t rows = std::min(rows_at_a_time_, states.rows - first);
      const MatrixView<double> mixture = mixture_.view().rows_from(0, rows);
      mix(states.rows_from(first, rows), mixture);
      for (const MatrixView<double> result : {logits, log_probabilities}) {
        if (result.data == nullptr) continue;
        for (std::size_t row = 0; row < rows; ++row) {
          std::copy_n(mixture.row(row), mixture.columns, result.row(first + row));
        }
      }
    }
  }

 private:
  struct Member {
    std::unique_ptr<Reader> reader;
    double weight;
    std::size_t state_begin;  // in the state of the ensemble
    std::size_t state_bytes;
  };

  // Kernels take all rows at once; what they make of the padding is never read.
  void mix(ConstStateRows states, MatrixView<double> mixture) noexcept {
    const KernelTable<double>& kernels = active_kernels<double>();
    const MatrixView<double> next = next_.view();
    const std::size_t size = mixture.rows * mixture.row_stride;
    std::fill_n(mixture.data, size, 0.0);
    for (const Member& member : members_) {
      member.reader->predict(states.columns_from(member.state_begin, member.state_bytes), {}, next);
      kernels.add_weighted_exp(member.weight, next.data, mixture.data, size);
    }
    kernels.sum_rows(mixture.data, mixture.rows, mixture.columns, mixture.row_stride, sums_.data());
    for (std::size_t row = 0; row < mixture.rows; ++row) {
      kernels.divide(sums_[row], mixture.row(row), mixture.columns);
    }
    kernels.log(mixture.data, mixture.data, size);
  }

  std::vector<Member> members_;
  std::size_t rows_at_a_time_;
  AlignedMatrix<double> next_;     // [rows_at_a_time][vocabulary_size], log-probabilities of one member
  AlignedMatrix<double> mixture_;  // [rows_at_a_time][vocabulary_size]
  std::vector<double> sums_;       // [rows_at_a_time], of each row of the mixture
};

}  // namespace

EnsemblePredictor::EnsemblePredictor(std::vector<const Predictor*> members, std::vector<double> weights)
    : members_(std::move(members)), weights_(std::move(weights)) {
  std::size_t bytes = 0;
  for (const Predictor* member : members_) bytes += state_bytes_of(*member);
  first_state_ = {1, bytes};
  std::byte* place = first_state_.view().data;
  for (const Predictor* member : members_) {
    std::copy_n(member->first_state(), member->state_bytes(), place);
    place += state_bytes_of(*member);
  }
}

std::unique_ptr<Reader> EnsemblePredictor::reader(std::size_t rows) const {
  return std::make_unique<EnsembleReader>(members_, weights_, rows, rows_at_a_time());
}

}  // namespace dinorc
