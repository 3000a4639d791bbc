// How large a share of the names is of some kind, estimated from draws.
#pragma once

#include <cstddef>

namespace dinorc {

// Sums over draws: an estimate of each, whose mean is the share, and the variance of that.
struct ShareEstimate {
  double draws = 0.0;
  double sum = 0.0;
  double variance_sum = 0.0;  // of the sum

  double share() const { return draws > 0.0 ? sum / draws : 0.0; }
  double variance() const { return draws > 0.0 ? variance_sum / (draws * draws) : 0.0; }

  // `met` of `count` draws from a part of all names were of the kind, beside what is known to be. Few draws
  // that all agree leave some doubt, so their variance is that of one more of each kind (Laplace's rule of
  // succession).
  void add_draws(double known, double part, double met, double count) {
    const double rate = (met + 1.0) / (count + 2.0);
    draws += count;
    sum += known * count + part * met;
    variance_sum += part * part * count * rate * (1.0 - rate);
  }

  // Draws with weights: their sum, and the sum of their squares.
  void add_weighted(double weights, double squares, double count) {
    draws += count;
    sum += weights;
    variance_sum += squares - weights * weights / count;
  }
};

}  // namespace dinorc
