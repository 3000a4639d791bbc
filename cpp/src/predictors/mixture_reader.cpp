#include "dinorc/predictors/mixture_reader.hpp"

#include <algorithm>

#include "dinorc/kernels/kernels.hpp"

namespace dinorc {
namespace {

std::size_t state_bytes_of(const Predictor& member) { return padded<std::byte>(member.state_bytes()); }

}  // namespace

AlignedMatrix<std::byte> first_state_of(const std::vector<const Predictor*>& members, std::size_t own_bytes) {
  std::size_t bytes = own_bytes;
  for (const Predictor* member : members) bytes += state_bytes_of(*member);
  AlignedMatrix<std::byte> state(1, bytes);
  std::byte* place = state.view().data + own_bytes;
  for (const Predictor* member : members) {
    std::copy_n(member->first_state(), member->state_bytes(), place);
    place += state_bytes_of(*member);
  }
  return state;
}

MixtureReader::MixtureReader(const std::vector<const Predictor*>& members, std::size_t own_bytes,
                             std::size_t rows, std::size_t rows_at_a_time)
    : rows_at_a_time_(std::min(rows, rows_at_a_time)),
      next_(rows_at_a_time_, members.front()->vocabulary_size()),
      mixture_(rows_at_a_time_, members.front()->vocabulary_size()),
      sums_(rows_at_a_time_) {
  std::size_t begin = own_bytes;
  for (const Predictor* member : members) {
    members_.push_back({member->reader(rows), begin, member->state_bytes()});
    begin += state_bytes_of(*member);
  }
}

void MixtureReader::read_members(ConstStateRows before, std::span<const std::uint32_t> parents,
                                 CharacterIds characters, StateRows after) noexcept {
  for (const Member& member : members_) {
    member.reader->read(before.columns_from(member.state_begin, member.state_bytes), parents, characters,
                        after.columns_from(member.state_begin, member.state_bytes));
  }
}

MatrixView<double> MixtureReader::predict_member(std::size_t member, ConstStateRows states) noexcept {
  const Member& one = members_[member];
  one.reader->predict(states.columns_from(one.state_begin, one.state_bytes),
                      {.log_probabilities = next_.view()});
  return next_.view();
}

void MixtureReader::predict(ConstStateRows states, const Predictions& wanted) noexcept {
  const KernelTable<double>& kernels = active_kernels<double>();
  for (std::size_t first = 0; first < states.rows; first += rows_at_a_time_) {
    const std::size_t rows = std::min(rows_at_a_time_, states.rows - first);
    const MatrixView<double> mixture = mixture_.view().rows_from(0, rows);
    const std::size_t size = rows * mixture.row_stride;
    std::fill_n(mixture.data, size, 0.0);
    sum_probabilities(states.rows_from(first, rows), mixture);
    kernels.sum_rows(mixture, sums_.data());
    kernels.divide_rows(sums_.data(), mixture);
    kernels.log(mixture.data, mixture.data, size);
    for (const MatrixView<double> result : {wanted.logits, wanted.log_probabilities}) {
      if (result.data == nullptr) continue;
      for (std::size_t row = 0; row < rows; ++row) {
        std::copy_n(mixture.row(row), mixture.columns, result.row(first + row));
      }
    }
    if (wanted.terms.data == nullptr) continue;
    double* const maxima = sums_.data();
    kernels.softmax_terms(mixture, wanted.terms.rows_from(first, rows), maxima);
  }
}

}  // namespace dinorc
