#include "dinorc/predictors/network_predictor.hpp"

#include <algorithm>
#include <vector>

#include "dinorc/kernels/kernels.hpp"
#include "dinorc/matrices/matrix_multiply.hpp"
#include "dinorc/network/output_layer.hpp"
#include "dinorc/predictors/prefix_reader.hpp"

namespace dinorc {
namespace {

// A state is the state vectors of the cell, the hidden output first.
template <typename Real>
Real* numbers(std::byte* state) {
  return reinterpret_cast<Real*>(state);
}

template <typename Real>
const Real* numbers(const std::byte* state) {
  return reinterpret_cast<const Real*>(state);
}

template <typename Real>
class NetworkReader final : public Reader {
 public:
  NetworkReader(const CellOperations<Real>& cell, const PackedParameters<Real>& parameters, std::size_t rows,
                std::size_t rows_at_a_time)
      : cell_(cell),
        parameters_(parameters),
        hidden_(rows, parameters.shape().hidden_size),
        products_(rows, parameters.shape().recurrent_columns()),
        blocks_(1, parameters.shape().cell_columns()),
        rows_at_a_time_(std::min(rows, rows_at_a_time)),
        logits_(rows_at_a_time_, parameters.shape().vocabulary_size),
        exponentials_(rows_at_a_time_, parameters.shape().vocabulary_size),
        largest_(rows_at_a_time_),
        log_sums_(rows_at_a_time_) {}

  // Once for each parent:    R h, each sum from zero upwards
  // for each row:            z = R h + (W x + b), with x its character
  void read(ConstStateRows before, std::span<const std::uint32_t> parents, CharacterIds characters,
            StateRows after) noexcept override {
    const MatrixView<Real> hidden = hidden_.view();
    std::size_t products = 0;
    for (std::size_t row = 0; row < parents.size(); ++row) {
      if (row != 0 && parents[row] == parents[row - 1]) continue;
      std::copy_n(numbers<Real>(before.row(parents[row])), hidden.columns, hidden.row(products++));
    }
    multiply<Real>(hidden.rows_from(0, products), parameters_.recurrent(),
                   products_.view().rows_from(0, products), Start::from_zero);

    Real* const blocks = blocks_.view().data;
    std::size_t product = 0;
    for (std::size_t row = 0; row < parents.size(); ++row) {
      if (row != 0 && parents[row] != parents[row - 1]) ++product;
      parameters_.compute_pre_activations(products_.view().row(product), characters[row], blocks);
      cell_.forward({
          .hidden_size = hidden.columns,
          .blocks = blocks,
          .state_before = numbers<Real>(before.row(parents[row])),
          .state_after = numbers<Real>(after.row(row)),
      });
    }
  }

  // The log-probability (logit - largest) - log(s) is not above 0: the difference is not, and the logarithm
  // is that of a sum of 1 and of terms that are not negative.
  void predict(ConstStateRows states, const Predictions& wanted) noexcept override {
    for (std::size_t first = 0; first < states.rows; first += rows_at_a_time_) {
      const std::size_t rows = std::min(rows_at_a_time_, states.rows - first);
      const MatrixView<const Real> hidden{numbers<Real>(states.row(first)), rows, hidden_.view().columns,
                                          states.row_stride / sizeof(Real)};
      const MatrixView<Real> own = logits_.view().rows_from(0, rows);
      compute_logits<Real>(parameters_, hidden, own.with_padding());
      if (wanted.logits.data != nullptr) copy_rows(own, wanted.logits.rows_from(first, rows));
      if (wanted.terms.data == nullptr && wanted.log_probabilities.data == nullptr) continue;
      const MatrixView<Real> terms = exponentials_.view().rows_from(0, rows);
      active_kernels<Real>().softmax_terms(own, terms, largest_.data());
      if (wanted.terms.data != nullptr) copy_rows(terms, wanted.terms.rows_from(first, rows));
      if (wanted.log_probabilities.data == nullptr) continue;
      compute_log_sums<Real>(terms, log_sums_.data());
      for (std::size_t row = 0; row < rows; ++row) {
        std::transform(own.row(row), own.row(row) + own.columns, wanted.log_probabilities.row(first + row),
                       [largest = largest_[row], log_sum = log_sums_[row]](Real logit) {
                         return static_cast<double>((logit - largest) - log_sum);
                       });
      }
    }
  }

 private:
  static void copy_rows(MatrixView<const Real> from, MatrixView<double> to) {
    for (std::size_t row = 0; row < from.rows; ++row) std::copy_n(from.row(row), from.columns, to.row(row));
  }

  const CellOperations<Real>& cell_;
  const PackedParameters<Real>& parameters_;
  AlignedMatrix<Real> hidden_;    // [rows][hidden_size], of each parent
  AlignedMatrix<Real> products_;  // [rows][recurrent_blocks * hidden_size], R h of each parent
  AlignedMatrix<Real> blocks_;    // [1][blocks * hidden_size], of one row at a time
  std::size_t rows_at_a_time_;
  AlignedMatrix<Real> logits_;        // [rows_at_a_time][vocabulary_size]
  AlignedMatrix<Real> exponentials_;  // [rows_at_a_time][vocabulary_size], exp(logit - largest)
  std::vector<Real> largest_;         // [rows_at_a_time], of the logits
  std::vector<Real> log_sums_;        // [rows_at_a_time], of the exponentials
};

}  // namespace

// A name begins with the zero state, which adds nothing, and with the network's first input; where names have
// labels, a LabelledPredictor reads the label instead.
template <typename Real>
NetworkPredictor<Real>::NetworkPredictor(CharacterNetwork<Real>& network)
    : cell_(network.cell()), parameters_(network.shape()), first_state_(1, state_bytes()) {
  parameters_.pack(network.parameters());
  if (shape().label_count != 0) return;
  const AlignedMatrix<Real> zeros(1, std::max(shape().state_columns(), shape().recurrent_columns()));
  AlignedMatrix<Real> blocks(1, shape().cell_columns());
  parameters_.compute_pre_activations(zeros.view().data, shape().first_input(), blocks.view().data);
  cell_.forward({
      .hidden_size = shape().hidden_size,
      .blocks = blocks.view().data,
      .state_before = zeros.view().data,
      .state_after = numbers<Real>(first_state_.view().data),
  });
}

template <typename Real>
std::unique_ptr<Reader> NetworkPredictor<Real>::reader(std::size_t rows) const {
  return std::make_unique<NetworkReader<Real>>(cell_, parameters_, rows, rows_at_a_time());
}

template <typename Real>
void hidden_states(const NetworkPredictor<Real>& predictor, CharacterId label, CharacterIds prefix,
                   MatrixView<Real> result) {
  PrefixReader reader(predictor);
  if (label != no_character) reader.read(label);
  std::copy_n(numbers<Real>(reader.state()), result.columns, result.row(0));
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    reader.read(prefix[i]);
    std::copy_n(numbers<Real>(reader.state()), result.columns, result.row(i + 1));
  }
}

template class NetworkPredictor<float>;
template class NetworkPredictor<double>;
template void hidden_states(const NetworkPredictor<float>&, CharacterId, CharacterIds, MatrixView<float>);
template void hidden_states(const NetworkPredictor<double>&, CharacterId, CharacterIds, MatrixView<double>);

}  // namespace dinorc
