#include "dinorc/predictors/label_mixture.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dinorc/kernels/kernels.hpp"

namespace dinorc {
namespace {

// Each part of a state begins on a cache line, as rows of states do: first the labels' log-probabilities.
std::size_t state_bytes_of(const Predictor& label) { return padded<std::byte>(label.state_bytes()); }

std::size_t weights_bytes(std::size_t labels) { return padded<std::byte>(labels * sizeof(double)); }

double* weights_in(std::byte* state) { return reinterpret_cast<double*>(state); }
const double* weights_in(const std::byte* state) { return reinterpret_cast<const double*>(state); }

class LabelMixtureReader final : public Reader {
 public:
  LabelMixtureReader(const std::vector<const Predictor*>& labels, std::size_t rows,
                     std::size_t rows_at_a_time)
      : rows_at_a_time_(std::min(rows, rows_at_a_time)),
        next_(rows_at_a_time_, labels.front()->vocabulary_size()),
        mixture_(rows_at_a_time_, labels.front()->vocabulary_size()),
        weights_(rows_at_a_time_, labels.size()),
        sums_(rows_at_a_time_) {
    std::size_t begin = weights_bytes(labels.size());
    for (const Predictor* label : labels) {
      labels_.push_back({label->reader(rows), begin, label->state_bytes()});
      begin += state_bytes_of(*label);
    }
  }

  // With w the log-probability of label and characters so far:    w after = w + log p(character | label, ...)
  // It stays as it is for a character that the model does not know, and where all labels would have none.
  void read(ConstStateRows before, std::span<const std::uint32_t> parents, CharacterIds characters,
            StateRows after) noexcept override {
    for (std::size_t row = 0; row < parents.size(); ++row) {
      const double* const old = weights_in(before.row(parents[row]));
      std::copy_n(old, labels_.size(), weights_in(after.row(row)));
    }
    for (std::size_t i = 0; i < labels_.size(); ++i) add_to_weights(i, before, parents, characters, after);
    for (std::size_t row = 0; row < parents.size(); ++row) {
      double* const weights = weights_in(after.row(row));
      if (is_possible(weights)) continue;
      std::copy_n(weights_in(before.row(parents[row])), labels_.size(), weights);
    }
    for (const Label& label : labels_) {
      label.reader->read(before.columns_from(label.state_begin, label.state_bytes), parents, characters,
                         after.columns_from(label.state_begin, label.state_bytes));
    }
  }

  // For each row, with m the largest w:    sum = 0 + exp(w_0 - m) p_0 + exp(w_1 - m) p_1 + ...
  //                                        log p = log(sum / (the sum of this over all characters))
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
  struct Label {
    std::unique_ptr<Reader> reader;
    std::size_t state_begin;  // in the state of the mixture
    std::size_t state_bytes;
  };

  bool is_possible(const double* weights) const {
    return std::any_of(weights, weights + labels_.size(), [](double w) { return std::isfinite(w); });
  }

  // Predicts each parent once, though it may have many rows, and neighbouring parents together.
  void add_to_weights(std::size_t label, ConstStateRows before, std::span<const std::uint32_t> parents,
                      CharacterIds characters, StateRows after) noexcept {
    const MatrixView<double> next = next_.view();
    const ConstStateRows states = before.columns_from(labels_[label].state_begin, labels_[label].state_bytes);
    for (std::size_t row = 0; row < parents.size();) {
      const std::size_t first = parents[row];
      std::size_t last = first;
      std::size_t end = row;
      while (end < parents.size() && parents[end] - last <= 1 && parents[end] - first < rows_at_a_time_) {
        last = parents[end++];
      }
      labels_[label].reader->predict(states.rows_from(first, last - first + 1), {}, next);
      for (; row < end; ++row) {
        if (characters[row] == no_character) continue;
        weights_in(after.row(row))[label] += next.row(parents[row] - first)[characters[row]];
      }
    }
  }

  void mix(ConstStateRows states, MatrixView<double> mixture) noexcept {
    const KernelTable<double>& kernels = active_kernels<double>();
    const MatrixView<double> next = next_.view();
    const MatrixView<double> weights = weights_.view();
    for (std::size_t row = 0; row < mixture.rows; ++row) {
      const double* const logarithms = weights_in(states.row(row));
      const double largest = *std::max_element(logarithms, logarithms + labels_.size());
      for (std::size_t i = 0; i < labels_.size(); ++i) weights.row(row)[i] = logarithms[i] - largest;
      kernels.exp(weights.row(row), weights.row(row), labels_.size());
      std::fill_n(mixture.row(row), mixture.row_stride, 0.0);
    }
    for (std::size_t i = 0; i < labels_.size(); ++i) {
      const Label& label = labels_[i];
      label.reader->predict(states.columns_from(label.state_begin, label.state_bytes), {}, next);
      for (std::size_t row = 0; row < mixture.rows; ++row) {
        kernels.add_weighted_exp(weights.row(row)[i], next.row(row), mixture.row(row), mixture.columns);
      }
    }
    kernels.sum_rows(mixture.data, mixture.rows, mixture.columns, mixture.row_stride, sums_.data());
    for (std::size_t row = 0; row < mixture.rows; ++row) {
      kernels.divide(sums_[row], mixture.row(row), mixture.columns);
      kernels.log(mixture.row(row), mixture.row(row), mixture.columns);
    }
  }

  std::vector<Label> labels_;
  std::size_t rows_at_a_time_;
  AlignedMatrix<double> next_;     // [rows_at_a_time][vocabulary_size], log-probabilities under one label
  AlignedMatrix<double> mixture_;  // [rows_at_a_time][vocabulary_size]
  AlignedMatrix<double> weights_;  // [rows_at_a_time][labels], the largest of a row 1
  std::vector<double> sums_;       // [rows_at_a_time], of each row of the mixture
};

}  // namespace

LabelMixture::LabelMixture(std::vector<const Predictor*> labels, std::vector<double> log_shares)
    : labels_(std::move(labels)) {
  std::size_t bytes = weights_bytes(labels_.size());
  for (const Predictor* label : labels_) bytes += state_bytes_of(*label);
  first_state_ = {1, bytes};
  std::byte* place = first_state_.view().data;
  std::copy(log_shares.begin(), log_shares.end(), weights_in(place));
  place += weights_bytes(labels_.size());
  for (const Predictor* label : labels_) {
    std::copy_n(label->first_state(), label->state_bytes(), place);
    place += state_bytes_of(*label);
  }
}

std::unique_ptr<Reader> LabelMixture::reader(std::size_t rows) const {
  return std::make_unique<LabelMixtureReader>(labels_, rows, rows_at_a_time());
}

}  // namespace dinorc
