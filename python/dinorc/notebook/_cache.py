"""The cache between the ways forward and back: three dictionaries by time, as blocks of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from dinorc._validation import Array, describe
from dinorc.notebook._arrays import Parameters

Cache: TypeAlias = tuple[dict[int, Array], dict[int, Array], dict[int, Array]]

_PLAIN = {np.ndarray}


def stacked(cache: Any, length: int) -> list[Array]:
    """Return y_hat, a and x for the core to check, if they are dictionaries of plain arrays."""
    y_hat, a, x = cache
    times = range(length)
    parts = [[y_hat[t] for t in times], [a[t] for t in range(-1, length)], [x[t] for t in times]]
    # In a list of states, a[-1] would be the last one, not the initial one.
    if not isinstance(a, dict) or {type(column) for part in parts for column in part} != _PLAIN:
        raise TypeError
    return [np.array(part) for part in parts]


def readable_cache(cache: Any, length: int, parameters: Parameters) -> list[Array]:
    """Return y_hat, a and x made ready for the core, or raise an error that says what is wrong."""
    if not isinstance(cache, (tuple, list)) or len(cache) != 3:
        raise TypeError(f"cache is {describe(cache)}; expected the tuple (y_hat, a, x)")
    y_hat, a, x = cache
    by_time = (Mapping, Sequence, np.ndarray)
    return [
        _readable_columns("y_hat", y_hat, range(length), by_time, parameters, "n_y"),
        _readable_columns("a", a, range(-1, length), Mapping, parameters, "n_a"),
        _readable_columns("x", x, range(length), by_time, parameters, "n_x"),
    ]


def _readable_columns(
    name: str, part: Any, times: range, kinds: Any, parameters: Parameters, rows: str
) -> Array:
    if not isinstance(part, kinds):
        raise TypeError(f"{name} of cache is {describe(part)}; expected a dictionary by time")
    known = part if isinstance(part, Mapping) else range(len(part))
    for t in times:
        if t not in known:
            raise ValueError(f"{name} of cache has no time {t}; expected {times[0]} to {times[-1]}")
    columns = [parameters.columns(f"cache's {name}[{t}]", part[t], rows) for t in times]
    return np.array(columns)
