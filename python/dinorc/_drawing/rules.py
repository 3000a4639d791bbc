"""How characters are drawn: temperature, top-k and top-p, checked."""

from __future__ import annotations

import math
from typing import NamedTuple

from dinorc._validation import require_integer, require_real


class DrawingRules(NamedTuple):
    """The rules of a draw, in the order in which the core takes them."""

    temperature: float
    top_k: int
    top_p: float

    @classmethod
    def checked(
        cls, vocabulary_size: int, *, temperature: object, top_k: object, top_p: object
    ) -> DrawingRules:
        """Return the rules, if every value is valid."""
        return cls(
            _temperature(temperature),
            vocabulary_size
            if top_k is None
            else require_integer("top_k", top_k, 1, vocabulary_size),
            1.0
            if top_p is None
            else require_real("top_p", top_p, lambda p: 0 < p <= 1, "a number above 0, at most 1"),
        )


def _temperature(value: object) -> float:
    result = require_real("temperature", value)
    if result == 0:
        raise ValueError(
            "temperature is 0; expected more than 0: a small one such as 0.01 draws hardly "
            "anything but the likeliest characters, and most_likely(n) finds the likeliest names"
        )
    return require_real(
        "temperature", result, lambda x: 0 < x < math.inf, "a finite number above 0"
    )
