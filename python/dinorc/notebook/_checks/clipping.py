"""What differs in a learner's clip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dinorc.notebook._checks.comparing import (
    GRADIENTS,
    copied,
    first_array_that_differs,
    near,
    place_of_difference,
)


def what_differs_in_clip(function: Callable[..., Any]) -> str:
    """Say what differs first, for gradients far beyond the limits, or nothing."""
    stream = np.random.RandomState(3)
    shapes = dict(zip(GRADIENTS, [(5, 5), (5, 3), (2, 5), (5, 1), (2, 1)], strict=True))
    gradients = {key: stream.uniform(-20, 20, shape) for key, shape in shapes.items()}
    for limit in (10, 5):
        expected = {key: np.clip(array, -limit, limit) for key, array in gradients.items()}
        returned = function(copied(gradients), limit)
        if returned is None:
            return "returns nothing; expected the dictionary of the clipped gradients"
        key, words = first_array_that_differs(returned, expected, "what it returns")
        if key or words:
            return words or _words(key, np.asarray(returned[key]), gradients[key], limit)
    return ""


def _words(key: str, came: Any, gradient: Any, limit: int) -> str:
    """Say what was done to a gradient instead of clipping it."""
    index = place_of_difference(came, np.clip(gradient, -limit, limit))
    where = f"{came[index]:.1f} at {list(index)} for maxValue = {limit}"
    if near(came, gradient):
        return (
            f"{key} comes back as it was, with {where}. np.clip returns a new array: keep it, or "
            "write it into the old one with out="
        )
    if near(came, np.minimum(gradient, limit)):
        return f"{key} has {where}: numbers below -maxValue are not clipped"
    if near(came, np.maximum(gradient, -limit)):
        return f"{key} has {where}: numbers above maxValue are not clipped"
    other = float(np.abs(came).max())
    if near(came, np.clip(gradient, -other, other)):
        return f"{key} is clipped at {other:g}, not at maxValue = {limit}"
    if near(came * gradient.flat[0], gradient * came.flat[0]):
        return f"all of {key} is scaled; expected each number to be clipped on its own"
    return f"{key} has {where}; expected {np.clip(gradient, -limit, limit)[index]:.1f}"
