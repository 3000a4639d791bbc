"""What the checks of all functions share: inputs, and words for arrays that differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from dinorc._validation import Array, describe
from dinorc.notebook._network import initialize_parameters

CHAR_TO_IX = {character: ix for ix, character in enumerate("\nabcdefghijklmnopqrstuvwxyz")}
IX_TO_CHAR = {ix: character for character, ix in CHAR_TO_IX.items()}

GRADIENTS = ("dWaa", "dWax", "dWya", "db", "dby")


def made_up_parameters(n_a: int, scale: float) -> dict[str, Array]:
    """Return parameters of a network of 27 characters, so large that a name depends on them."""
    parameters = initialize_parameters(n_a, 27, 27)
    large = {key: scale * array for key, array in parameters.items()}
    return large | {
        "b": np.linspace(-1, 1, n_a)[:, np.newaxis],
        "by": np.linspace(0.5, -0.5, 27)[:, np.newaxis],
    }


def copied(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return copies of all arrays."""
    return {key: array.copy() for key, array in arrays.items()}


def near(one: Any, other: Any) -> bool:
    """Tell whether numbers are equal but for rounding."""
    one, other = np.asarray(one), np.asarray(other)
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-6, atol=1e-9))


def all_near(some: Mapping[str, Any], others: Mapping[str, Any]) -> bool:
    """Tell whether all arrays of two dictionaries are equal but for rounding."""
    return all(near(some[key], others[key]) for key in others)


def place_of_difference(came: Array, expected: Array) -> tuple[int, ...]:
    """Return the index of the number that differs most."""
    distance = np.nan_to_num(np.abs(came - expected), nan=np.inf)
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(distance)), distance.shape))


def shape_or_type_differs(name: str, came: Any, expected: Array) -> str:
    """Say what is wrong with a value that is no array of numbers of that shape, or nothing."""
    array = np.asarray(came)
    if array.dtype.kind not in "biuf":
        return f"{name} is {describe(came)}; expected an array of numbers"
    if array.shape != expected.shape:
        return f"{name} has shape {array.shape}; expected {expected.shape}"
    return ""


def first_array_that_differs(
    came: Any, expected: Mapping[str, Array], what: str
) -> tuple[str, str | None]:
    """Return the key of the first array that differs, and words if its kind does already.

    `what` says of what the dictionary is. Nothing differs where both are empty.
    """
    if not isinstance(came, Mapping):
        return "", f"{what} is {describe(came)}; expected a dictionary"
    for key, array in expected.items():
        if key not in came:
            return key, f"{what} has no {key}; expected {', '.join(expected)}"
        words = shape_or_type_differs(key, came[key], array)
        if words or not near(came[key], array):
            return key, words or None
    return "", None
