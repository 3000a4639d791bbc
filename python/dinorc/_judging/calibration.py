"""How like a list of names each name is, whatever its length, and the threshold to tell by.

The nats per character of a name of n characters and log-probability log P are compared with those
of other names of n characters:

    rate = log P / (n + 1)                              the end of the name is a character, too
    typicality = (rate - expected[n]) / spread[n]

where expected[n] and spread[n] are mean and standard deviation of the rates of the calibration
names of n characters and of names that the model itself has drawn, which together count as 30. For
lengths with few calibration names, the drawn names decide; for lengths with many, the calibration
names. (log P itself falls with the length, and the rate spreads more the shorter the name is: a
threshold on log P would turn down long names, and one on the rate short names.)

The threshold is a quantile, as in conformal prediction (V. Vovk, A. Gammerman, G. Shafer:
Algorithmic Learning in a Random World, 2005). For m calibration names, each
with its typicality among the others,

    threshold = the k-th smallest typicality,   k = floor(false_alarm_rate * (m + 1)).

One more name of their kind is equally likely to take any place in the order of all m + 1, so that
it is below the threshold with a probability of k / (m + 1) at most. (This ignores how the m names
themselves change mean and deviation.)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

import numpy as np

from dinorc._names.cleaning import LONGEST_NAME
from dinorc._validation import Array, require_finite_real, require_keys, require_real

N = TypeVar("N", float, Array)

DRAWN_NAMES = 10_000

_NEAREST = 100  # at least this many drawn names, of lengths near it if needed, stand for a length
_DRAWN_COUNT_AS = 30
_LEAST_SPREAD = 0.01  # nats; the names of a model that knows only one name have no spread


class ScoredNames(NamedTuple):
    """All that judging needs to know about names."""

    lengths: Array  # [names], int64; in characters, without the end
    log_probabilities: Array  # [names], float64; -inf where a character is unknown

    @property
    def rates(self) -> Array:
        """Nats per character, ends included."""
        rates: Array = self.log_probabilities / (self.lengths + 1)
        return rates


@dataclass(frozen=True)
class Calibration:
    """What names of each length are compared with, and how typical names like the list are."""

    false_alarm_rate: float
    threshold: float
    expected: Array  # [longest], float64; for 1, 2, ... characters, the last for longer names, too
    spread: Array  # [longest], float64

    def typicality(self, names: ScoredNames) -> Array:
        """Return how many standard deviations each name is above what is expected of its length."""
        # The name without characters is compared with those of one.
        row = np.clip(names.lengths, 1, len(self.expected)) - 1
        typicality: Array = (names.rates - self.expected[row]) / self.spread[row]
        return typicality


def calibration_by(names: ScoredNames, drawn: ScoredNames, false_alarm_rate: float) -> Calibration:
    """Return the calibration by names like the list and names that the model has drawn."""
    place = _place(len(names.lengths), false_alarm_rate)
    rates = names.rates
    is_known = np.isfinite(rates)
    unknown = len(rates) - int(is_known.sum())
    if unknown >= place:
        raise ValueError(
            f"{unknown:,} of the {len(rates):,} names have a character that training has not seen, "
            f"and are therefore impossible; false_alarm_rate={false_alarm_rate:g} "
            f"allows for {place - 1:,}. Expected fewer of them, a higher rate, or "
            "set_params(unknown='smoothed')"
        )
    longest = int(max(names.lengths.max(), drawn.lengths.max(), 1))
    expected, spread = np.empty(longest), np.empty(longest)
    typicality = np.full(len(rates), -math.inf)
    for length in range(1, longest + 1):
        mean, variance = _of_the_drawn(drawn, length)
        here = np.flatnonzero((names.lengths == length) & is_known)
        apart = rates[here] - mean
        sums = (len(here), exact_sum(apart), exact_sum(apart * apart))
        shift, spread[length - 1] = _combined(*sums, variance)
        expected[length - 1] = mean + shift
        # Each name among the others only, as it would be nearer to a mean that includes it.
        others = (sums[0] - 1, sums[1] - apart, sums[2] - apart * apart)
        shifts, spreads = _combined(*others, variance)
        typicality[here] = (apart - shifts) / spreads
    threshold = float(np.sort(typicality)[place - 1])
    return Calibration(false_alarm_rate, threshold, expected, spread)


def require_false_alarm_rate(value: object) -> float:
    """Return the false-alarm rate, if it is valid."""
    wanted = "more than 0 and less than 1"
    return require_real("false_alarm_rate", value, lambda rate: 0 < rate < 1, wanted)


def calibration_state(calibration: Calibration) -> tuple[Array, dict[str, Any]]:
    """Return a calibration as an array, one row per length, and facts that JSON can hold."""
    facts = {
        "false_alarm_rate": calibration.false_alarm_rate,
        "threshold": calibration.threshold,
    }
    return np.column_stack([calibration.expected, calibration.spread]), facts


def calibration_from_state(
    array: Array | None, facts: Mapping[str, Any] | None
) -> Calibration | None:
    """Return the calibration that `calibration_state` was given, copied; None if there was none."""
    if array is None and facts is None:
        return None
    known = require_keys("calibration", facts, ["false_alarm_rate", "threshold"])
    if array is None or array.dtype.newbyteorder("=") != np.float64 or array.shape[1:] != (2,):
        raise ValueError("calibration has no float64[lengths, 2]")
    if not 1 <= len(array) <= LONGEST_NAME:
        raise ValueError(f"calibration has {len(array)} rows")
    expected, spread = np.array(array.T, np.float64)
    if not (np.isfinite(array).all() and (spread >= _LEAST_SPREAD).all()):
        raise ValueError("calibration has a number that can be neither a mean nor a deviation")
    return Calibration(
        require_false_alarm_rate(known["false_alarm_rate"]),
        require_finite_real("threshold", known["threshold"]),
        expected,
        spread,
    )


def _place(count: int, false_alarm_rate: float) -> int:
    """Return the place of the threshold among the ordered typicalities, from 1."""
    rate = Fraction(repr(false_alarm_rate))  # as it was typed, so that 0.29 of 100 is 29
    place = math.floor(rate * (count + 1))
    if place < 1:
        raise ValueError(
            f"names has {count:,} name{'s' * (count != 1)}; "
            f"false_alarm_rate={false_alarm_rate:g} needs {math.ceil(1 / rate) - 1:,} or more. "
            "Give more names or a higher rate"
        )
    return place


def _of_the_drawn(drawn: ScoredNames, length: int) -> tuple[float, float]:
    """Return mean and variance of the rates of the drawn names that are nearest in length."""
    distances = np.abs(drawn.lengths - length)
    last = min(_NEAREST, len(distances)) - 1
    rates = drawn.rates[distances <= np.partition(distances, last)[last]]
    mean = exact_sum(rates) / len(rates)
    apart = rates - mean
    return mean, exact_sum(apart * apart) / len(rates)


def _combined(count: int, total: N, squares: N, variance: float) -> tuple[N, N]:
    """Return mean and deviation of `count` rates, given as sums, and the drawn ones together.

    All are differences from the mean of the drawn ones, whose variance is given.
    """
    weight = count + _DRAWN_COUNT_AS
    mean = total / weight
    both = (squares + _DRAWN_COUNT_AS * variance) / weight - mean * mean
    return mean, np.sqrt(np.maximum(both, _LEAST_SPREAD * _LEAST_SPREAD))


def exact_sum(numbers: Array) -> float:
    """Return the correctly rounded sum; the bits of NumPy's sum depend on the processor."""
    return math.fsum(numbers.ravel().tolist())
