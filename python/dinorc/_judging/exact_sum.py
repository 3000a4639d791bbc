"""Sums that are the same on every processor."""

from __future__ import annotations

import math

from dinorc._validation import Array


def exact_sum(numbers: Array) -> float:
    """Return the sum, exactly rounded: NumPy's depends on the processor."""
    return math.fsum(numbers.ravel().tolist())
