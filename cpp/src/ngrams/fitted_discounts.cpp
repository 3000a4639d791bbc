#include "dinorc/ngrams/fitted_discounts.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

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

using Numbers = std::vector<double>;

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
        size_(order * discount_kinds),
        usual_(size_),
        discounts_(size_),
        slopes_(size_),
        gradient_(size_),
        matrix_(size_ * size_),
        probabilities_(names.size()),
        logarithms_(names.size()) {
    for (std::size_t i = 0; i < size_; ++i) {
      const std::size_t length = i / discount_kinds;
      usual_[i] = usual[std::min(length, std::size(usual) - 1)][i % discount_kinds];
    }
  }

  FittedDiscounts run() {
    Numbers z = usual_;
    double value = evaluate(z);
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
          break;
        }
      }
      if (gain < least_gain) break;
    }
    evaluate(z);
    FittedDiscounts fitted{std::vector<Discounts>(order_), 0.0};
    if (names_.size() > 0) fitted.loss = -log_likelihood_ / static_cast<double>(names_.size());
    for (std::size_t i = 0; i < size_; ++i) {
      fitted.discounts[i / discount_kinds][i % discount_kinds] = discounts_[i];
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
    for (std::size_t character = 0; character < names_.size(); ++character) {
      double p = names_.uniform();
      for (std::size_t length = 0; length < names_.contexts(character, order_); ++length) {
        const Evidence& evidence = names_.evidence(character, length, order_);
        p = own_part(evidence, length) + lower_weight(evidence, length) * p;
      }
      probabilities_[character] = p;
    }
    kernels.log(probabilities_.data(), logarithms_.data(), logarithms_.size());
    log_likelihood_ = 0.0;
    for (const double logarithm : logarithms_) log_likelihood_ += logarithm;
    double squares = 0.0;
    for (std::size_t i = 0; i < size_; ++i) squares += (z[i] - usual_[i]) * (z[i] - usual_[i]);
    return log_likelihood_ - strength / 2.0 * squares;
  }

  // The gradient of f, and the matrix that stands for minus its second derivative, for the probabilities of
  // the last evaluate().
  void differentiate(const Numbers& z) {
    std::fill(matrix_.begin(), matrix_.end(), 0.0);
    for (std::size_t i = 0; i < size_; ++i) {
      gradient_[i] = -strength * (z[i] - usual_[i]);
      matrix_[i * size_ + i] = strength;
    }
    Numbers lower(order_), d_z(size_);  // of log p of one character
    for (std::size_t character = 0; character < names_.size(); ++character) {
      const std::size_t contexts = names_.contexts(character, order_);
      double p = names_.uniform();
      for (std::size_t length = 0; length < contexts; ++length) {
        const Evidence& evidence = names_.evidence(character, length, order_);
        lower[length] = p;
        p = own_part(evidence, length) + lower_weight(evidence, length) * p;
      }
      double d_p = 1.0 / p;
      for (std::size_t length = contexts; length-- > 0;) {
        const Evidence& evidence = names_.evidence(character, length, order_);
        for (std::size_t kind = 0; kind < discount_kinds; ++kind) {
          const double own = kind == evidence.kind ? evidence.unit : 0.0;
          const std::size_t i = length * discount_kinds + kind;
          d_z[i] = d_p * (evidence.kind_shares[kind] * lower[length] - own) * slopes_[i];
        }
        d_p = d_p * lower_weight(evidence, length);
      }
      for (std::size_t i = 0; i < contexts * discount_kinds; ++i) {
        gradient_[i] += d_z[i];
        for (std::size_t k = 0; k <= i; ++k) matrix_[i * size_ + k] += d_z[i] * d_z[k];
      }
    }
  }

  // x of matrix x = gradient, by Cholesky's method without roots: matrix = L D L^T, L with ones on its
  // diagonal, written over the lower half.
  Numbers solve() {
    Numbers x = gradient_;
    for (std::size_t i = 0; i < size_; ++i) {
      double* const row = &matrix_[i * size_];
      for (std::size_t k = 0; k < i; ++k) {
        for (std::size_t j = 0; j < k; ++j) row[k] -= row[j] * matrix_[k * size_ + j];
      }
      for (std::size_t k = 0; k < i; ++k) {
        const double scaled = row[k];
        row[k] = scaled / matrix_[k * size_ + k];
        row[i] -= scaled * row[k];
        x[i] -= row[k] * x[k];
      }
    }
    for (std::size_t i = size_; i-- > 0;) {
      x[i] = x[i] / matrix_[i * size_ + i];
      for (std::size_t k = i + 1; k < size_; ++k) x[i] -= matrix_[k * size_ + i] * x[k];
    }
    return x;
  }

  double own_part(const Evidence& evidence, std::size_t length) const {
    return evidence.share - evidence.unit * discounts_[length * discount_kinds + evidence.kind];
  }

  double lower_weight(const Evidence& evidence, std::size_t length) const {
    double weight = 0.0;
    for (std::size_t kind = 0; kind < discount_kinds; ++kind) {
      weight += discounts_[length * discount_kinds + kind] * evidence.kind_shares[kind];
    }
    return weight;
  }

  const HeldOutNames& names_;
  std::size_t order_;
  std::size_t size_;  // how many discounts there are
  Numbers usual_;
  Numbers discounts_;
  Numbers slopes_;  // of the discounts by z
  Numbers gradient_;
  Numbers matrix_;  // [size][size]
  Numbers probabilities_;
  Numbers logarithms_;
  double log_likelihood_ = 0.0;
};

}  // namespace

FittedDiscounts fit_discounts(const HeldOutNames& names, std::size_t order) {
  return Fit(names, order).run();
}

}  // namespace dinorc
