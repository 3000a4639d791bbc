#include "dinorc/ngrams/fitted_discounts.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "dinorc/foundations/aligned_buffer.hpp"
#include "dinorc/kernels/kernels.hpp"

namespace dinorc {
namespace {

// Discount D_j is j / (1 + exp(-z_j)), with z_j any number. These z suit most lists, by length of context;
// the last ones are for all longer contexts, too.
constexpr std::array<double, discount_kinds> usual[] = {{0.8, 0.0, -0.3}, {0.4, -0.4, -0.6}, {1.5, 0.5, 0.0}};

// How strongly z is drawn towards them.
constexpr double strength = 2.0;

constexpr std::size_t most_steps = 20, most_halvings = 6;
constexpr double least_gain = 1e-4;  // of all names together, in nats

constexpr std::size_t rows_at_a_time = 64;  // so that the nearest cache holds them
constexpr std::size_t sums_at_a_time = 4;   // rows of the matrix, as many as kernels like

using Numbers = std::vector<double>;

// Of the probability of an n-gram.
struct Derivative {
  double by_lower;  // by the probability after the context without its first character
  Discounts by_discounts;
};

// With z the numbers behind all discounts and m the usual ones,
//
//   f(z) = sum over held-out characters of log p  -  strength / 2 sum of (z - m)^2
//
// is made as large as it gets by Newton's method, its second derivative replaced by the sum of the squared
// first ones (Berndt, Hall, Hall and Hausman, "Estimation and inference in nonlinear structural models",
// 1974).
class Fit {
 public:
  Fit(const HeldOutNames& names, std::size_t order)
      : names_(names),
        order_(order),
        lengths_(std::min(order, names.lengths())),
        size_(order * discount_kinds),
        usual_(size_),
        discounts_(size_),
        slopes_(size_),
        probabilities_(lengths_ + 1),
        derivatives_(lengths_),
        of_characters_(names.size()),
        logarithms_(names.size()),
        rows_(rows_at_a_time, size_ + 1),
        sums_(size_ + 1, size_) {
    for (std::size_t i = 0; i < size_; ++i) {
      const std::size_t length = i / discount_kinds;
      usual_[i] = usual[std::min(length, std::size(usual) - 1)][i % discount_kinds];
    }
    probabilities_[0] = {names.uniform()};
    for (std::size_t length = 0; length < lengths_; ++length) {
      probabilities_[length + 1].resize(names.suffixes(length).size());
      derivatives_[length].resize(names.suffixes(length).size());
    }
    ngrams_.reserve(names.size());
    for (std::size_t character = 0; character < names.size(); ++character) {
      ngrams_.push_back(names.longest_ngram(character, order));
    }
  }

  FittedDiscounts run() {
    Numbers z = usual_;
    double value = evaluate(z);
    Numbers discounts = discounts_;
    double log_likelihood = log_likelihood_;
    for (std::size_t step = 0; step < most_steps && names_.size() > 0; ++step) {
      differentiate(z);
      const Numbers direction = solve();
      double length = 1.0, gain = 0.0;
      for (std::size_t halving = 0; halving <= most_halvings; ++halving, length = length / 2.0) {
        Numbers next = z;
        for (std::size_t i = 0; i < size_; ++i) next[i] = z[i] + length * direction[i];
        const double next_value = evaluate(next);
        if (next_value > value) {
          gain = next_value - value;
          value = next_value;
          z = std::move(next);
          discounts = discounts_;
          log_likelihood = log_likelihood_;
          break;
        }
      }
      if (gain < least_gain) break;
    }
    FittedDiscounts fitted{std::vector<Discounts>(order_), 0.0};
    if (names_.size() > 0) fitted.loss = -log_likelihood / static_cast<double>(names_.size());
    for (std::size_t i = 0; i < size_; ++i) {
      fitted.discounts[i / discount_kinds][i % discount_kinds] = discounts[i];
    }
    return fitted;
  }

 private:
  // f(z), and the probabilities that belong to it.
  double evaluate(const Numbers& z) {
    const KernelTable<double>& kernels = active_kernels<double>();
    kernels.sigmoid(z.data(), discounts_.data(), size_);
    for (std::size_t i = 0; i < size_; ++i) {
      const double most = static_cast<double>(i % discount_kinds + 1);
      slopes_[i] = most * (discounts_[i] * (1.0 - discounts_[i]));
      discounts_[i] = most * discounts_[i];
    }
    for (std::size_t length = 0; length < lengths_; ++length) evaluate_ngrams(length);
    for (std::size_t character = 0; character < ngrams_.size(); ++character) {
      const HeldOutNames::NGram ngram = ngrams_[character];
      of_characters_[character] = probabilities_[ngram.length + 1][ngram.place];
    }
    kernels.log(of_characters_.data(), logarithms_.data(), logarithms_.size());
    log_likelihood_ = 0.0;
    for (const double logarithm : logarithms_) log_likelihood_ += logarithm;
    double squares = 0.0;
    for (std::size_t i = 0; i < size_; ++i) squares += (z[i] - usual_[i]) * (z[i] - usual_[i]);
    return log_likelihood_ - strength / 2.0 * squares;
  }

  // The probabilities of the n-grams with contexts of this length, from those with shorter ones.
  void evaluate_ngrams(std::size_t length) {
    const std::vector<Evidence>& evidence = names_.evidence(length, order_);
    const std::vector<std::uint32_t>& suffixes = names_.suffixes(length);
    const double* const lower = probabilities_[length].data();
    double* const probabilities = probabilities_[length + 1].data();
    Derivative* const derivatives = derivatives_[length].data();
    Discounts discounts;
    std::copy_n(&discounts_[length * discount_kinds], discount_kinds, discounts.begin());
    for (std::size_t i = 0; i < evidence.size(); ++i) {
      double taken = 0.0, weight = 0.0;
      for (std::size_t kind = 0; kind < discount_kinds; ++kind) {
        taken += discounts[kind] * evidence[i].units[kind];
        weight += discounts[kind] * evidence[i].kind_shares[kind];
      }
      derivatives[i].by_lower = weight;
      probabilities[i] = evidence[i].share - taken + weight * lower[suffixes[i]];
    }
  }

  // The gradient of f, and the matrix that stands for minus its second derivative, for the probabilities of
  // the last evaluate(): sums of outer products of d log p / d z with itself, and with a one.
  void differentiate(const Numbers& z) {
    const MatrixView<double> sums = sums_.view();
    for (std::size_t i = 0; i < size_; ++i) {
      std::fill_n(sums.row(i), size_, 0.0);
      sums(i, i) = strength;
      sums(size_, i) = -strength * (z[i] - usual_[i]);
    }
    for (std::size_t length = 0; length < lengths_; ++length) find_derivatives(length);
    for (std::size_t first = 0; first < ngrams_.size(); first += rows_at_a_time) {
      const MatrixView<double> rows =
          rows_.view().rows_from(0, std::min(rows_at_a_time, ngrams_.size() - first));
      for (std::size_t row = 0; row < rows.rows; ++row)
        differentiate_ngram(ngrams_[first + row], rows.row(row));
      add_outer_products(rows);
    }
  }

  // Adds up the lower half of the matrix, and the gradient below it, in strips of some rows.
  void add_outer_products(MatrixView<const double> rows) {
    const MatrixView<double> sums = sums_.view();
    for (std::size_t row = 0; row < sums.rows; row += sums_at_a_time) {
      active_kernels<double>().multiply({
          .rows = std::min(sums_at_a_time, sums.rows - row),
          .columns = std::min(row + sums_at_a_time, sums.columns),
          .depth = rows.rows,
          .left = rows.data + row,
          .left_row_stride = 1,
          .left_depth_stride = static_cast<std::ptrdiff_t>(rows.row_stride),
          .right = rows.data,
          .right_depth_stride = static_cast<std::ptrdiff_t>(rows.row_stride),
          .result = sums.row(row),
          .result_row_stride = static_cast<std::ptrdiff_t>(sums.row_stride),
          .accumulate = true,
      });
    }
  }

  // d log p / d z of one n-gram, and then a one.
  void differentiate_ngram(HeldOutNames::NGram ngram, double* d_z) const {
    std::fill(d_z + (ngram.length + 1) * discount_kinds, d_z + size_, 0.0);
    d_z[size_] = 1.0;
    std::size_t place = ngram.place;
    double d_p = 1.0 / probabilities_[ngram.length + 1][place];
    for (std::size_t length = ngram.length + 1; length-- > 0;) {
      const Derivative& derivative = derivatives_[length][place];
      for (std::size_t kind = 0; kind < discount_kinds; ++kind) {
        const std::size_t i = length * discount_kinds + kind;
        d_z[i] = d_p * derivative.by_discounts[kind] * slopes_[i];
      }
      d_p = d_p * derivative.by_lower;
      place = names_.suffixes(length)[place];
    }
  }

  // Of the n-grams with contexts of this length.
  void find_derivatives(std::size_t length) {
    const std::vector<Evidence>& evidence = names_.evidence(length, order_);
    for (std::size_t i = 0; i < evidence.size(); ++i) {
      const double lower = probabilities_[length][names_.suffixes(length)[i]];
      for (std::size_t kind = 0; kind < discount_kinds; ++kind) {
        derivatives_[length][i].by_discounts[kind] =
            evidence[i].kind_shares[kind] * lower - evidence[i].units[kind];
      }
    }
  }

  // x of matrix x = gradient, by Cholesky's method without roots: matrix = L D L^T, L with ones on its
  // diagonal, written over the lower half.
  Numbers solve() {
    const MatrixView<double> matrix = sums_.view();
    Numbers x(matrix.row(size_), matrix.row(size_) + size_);
    for (std::size_t i = 0; i < size_; ++i) {
      double* const row = matrix.row(i);
      for (std::size_t k = 0; k < i; ++k) {
        for (std::size_t j = 0; j < k; ++j) row[k] -= row[j] * matrix(k, j);
      }
      for (std::size_t k = 0; k < i; ++k) {
        const double scaled = row[k];
        row[k] = scaled / matrix(k, k);
        row[i] -= scaled * row[k];
        x[i] -= row[k] * x[k];
      }
    }
    for (std::size_t i = size_; i-- > 0;) {
      x[i] = x[i] / matrix(i, i);
      for (std::size_t k = i + 1; k < size_; ++k) x[i] -= matrix(k, i) * x[k];
    }
    return x;
  }

  const HeldOutNames& names_;
  std::size_t order_;
  std::size_t lengths_;                      // of contexts of names
  std::size_t size_;                         // how many discounts there are
  std::vector<HeldOutNames::NGram> ngrams_;  // of each character
  Numbers usual_;
  Numbers discounts_;
  Numbers slopes_;                                    // of the discounts by z
  std::vector<Numbers> probabilities_;                // by length of context, the first for no context at all
  std::vector<std::vector<Derivative>> derivatives_;  // by length of context
  Numbers of_characters_;                             // their probabilities
  Numbers logarithms_;
  double log_likelihood_ = 0.0;
  AlignedMatrix<double> rows_;  // [rows at a time][size + 1], d log p / d z of some characters, and ones
  AlignedMatrix<double> sums_;  // [size + 1][size], the matrix and the gradient
};

}  // namespace

FittedDiscounts fit_discounts(const HeldOutNames& names, std::size_t order) {
  return Fit(names, order).run();
}

}  // namespace dinorc
