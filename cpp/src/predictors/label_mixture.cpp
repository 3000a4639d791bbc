#include "dinorc/predictors/label_mixture.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "dinorc/kernels/kernels.hpp"
#include "dinorc/predictors/mixture_reader.hpp"

namespace dinorc {
namespace {

// A state begins with the log-probabilities of the labels.
std::size_t weights_bytes(std::size_t labels) { return padded<std::byte>(labels * sizeof(double)); }

double* weights_in(std::byte* state) { return reinterpret_cast<double*>(state); }
const double* weights_in(const std::byte* state) { return reinterpret_cast<const double*>(state); }

class LabelMixtureReader final : public MixtureReader {
 public:
  LabelMixtureReader(const std::vector<const Predictor*>& labels, std::size_t rows,
                     std::size_t rows_at_a_time)
      : MixtureReader(labels, weights_bytes(labels.size()), rows, rows_at_a_time),
        weights_(std::min(rows, rows_at_a_time), labels.size()) {}

  // With w the log-probability of label and characters so far:    w after = w + log p(character | label, ...)
  // It stays as it is for a character that the model does not know, and where all labels would have none.
  void read(ConstStateRows before, std::span<const std::uint32_t> parents, CharacterIds characters,
            StateRows after) noexcept override {
    for (std::size_t row = 0; row < parents.size(); ++row) {
      const double* const old = weights_in(before.row(parents[row]));
      std::copy_n(old, size(), weights_in(after.row(row)));
    }
    for (std::size_t i = 0; i < size(); ++i) add_to_weights(i, before, parents, characters, after);
    for (std::size_t row = 0; row < parents.size(); ++row) {
      double* const weights = weights_in(after.row(row));
      if (is_possible(weights)) continue;
      std::copy_n(weights_in(before.row(parents[row])), size(), weights);
    }
    read_members(before, parents, characters, after);
  }

 private:
  bool is_possible(const double* weights) const {
    return std::any_of(weights, weights + size(), [](double w) { return std::isfinite(w); });
  }

  // Predicts each parent once, though it may have many rows, and neighbouring parents together.
  void add_to_weights(std::size_t label, ConstStateRows before, std::span<const std::uint32_t> parents,
                      CharacterIds characters, StateRows after) noexcept {
    for (std::size_t row = 0; row < parents.size();) {
      const std::size_t first = parents[row];
      std::size_t last = first;
      std::size_t end = row;
      while (end < parents.size() && parents[end] - last <= 1 && parents[end] - first < rows_at_a_time()) {
        last = parents[end++];
      }
      const MatrixView<double> next = predict_member(label, before.rows_from(first, last - first + 1));
      for (; row < end; ++row) {
        if (characters[row] == no_character) continue;
        weights_in(after.row(row))[label] += next.row(parents[row] - first)[characters[row]];
      }
    }
  }

  // For each row, with m the largest w:    sum = 0 + exp(w_0 - m) p_0 + exp(w_1 - m) p_1 + ...
  void sum_probabilities(ConstStateRows states, MatrixView<double> mixture) noexcept override {
    const KernelTable<double>& kernels = active_kernels<double>();
    const MatrixView<double> weights = weights_.view();
    for (std::size_t row = 0; row < mixture.rows; ++row) {
      const double* const logarithms = weights_in(states.row(row));
      const double largest = *std::max_element(logarithms, logarithms + size());
      for (std::size_t i = 0; i < size(); ++i) weights.row(row)[i] = logarithms[i] - largest;
      kernels.exp(weights.row(row), weights.row(row), size());
    }
    for (std::size_t i = 0; i < size(); ++i) {
      const MatrixView<double> next = predict_member(i, states);
      for (std::size_t row = 0; row < mixture.rows; ++row) {
        kernels.add_weighted_exp(weights.row(row)[i], next.row(row), mixture.row(row), mixture.columns);
      }
    }
  }

  AlignedMatrix<double> weights_;  // [rows_at_a_time][labels], the largest of a row 1
};

}  // namespace

LabelMixture::LabelMixture(std::vector<const Predictor*> labels, std::vector<double> log_shares)
    : labels_(std::move(labels)), first_state_(first_state_of(labels_, weights_bytes(labels_.size()))) {
  std::copy(log_shares.begin(), log_shares.end(), weights_in(first_state_.view().data));
}

std::unique_ptr<Reader> LabelMixture::reader(std::size_t rows) const {
  return std::make_unique<LabelMixtureReader>(labels_, rows, rows_at_a_time());
}

}  // namespace dinorc
