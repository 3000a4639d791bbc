"""How candidates are drawn: the arguments of `generate` that the core takes, checked."""

from __future__ import annotations

import math
from typing import NamedTuple

from dinorc._names.cleaning import LONGEST_NAME
from dinorc._names.vocabulary import Vocabulary, encode_prefix
from dinorc._validation import Array, describe, require_integer, require_real


class DrawingRules(NamedTuple):
    """The rules of a draw, in the order in which the core takes them."""

    prefix: Array  # ids, int32
    min_length: int
    max_length: int
    temperature: float
    top_k: int
    top_p: float

    @classmethod
    def checked(
        cls,
        vocabulary: Vocabulary,
        *,
        temperature: object,
        top_k: object,
        top_p: object,
        prefix: object,
        min_length: object,
        max_length: object,
    ) -> DrawingRules:
        """Return the rules, if every value is valid and none contradicts another."""
        ids = encode_prefix(prefix, vocabulary)
        least = require_integer("min_length", min_length, 1, LONGEST_NAME)
        most = LONGEST_NAME
        if max_length is not None:
            most = require_integer("max_length", max_length, 1, LONGEST_NAME)
        if least > most:
            raise ValueError(
                f"min_length is {least} and max_length {most}; expected min_length to be at most "
                "max_length"
            )
        if len(ids) > most:
            raise ValueError(
                f"prefix is {describe(prefix)} of {len(ids)} characters and max_length {most}; "
                "expected a prefix of at most max_length characters"
            )
        size = len(vocabulary)
        return cls(
            ids,
            least,
            most,
            _temperature(temperature),
            size if top_k is None else require_integer("top_k", top_k, 1, size),
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
