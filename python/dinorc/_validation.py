"""Checks of arguments; their errors say what came and what would be right."""

from __future__ import annotations

import math
import operator
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

import numpy as np

T = TypeVar("T")

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

FLOAT_DTYPES = (np.dtype(np.float64), np.dtype(np.float32))


def describe(value: object) -> str:
    """Return a short text for a value and its type, for messages."""
    try:
        text = repr(value)
    except Exception:  # Python writes no integer of more than 4,300 digits, for example
        return f"a value that can't be shown ({type(value).__name__})"
    if len(text) > 60:
        text = text[:57] + "..."
    return f"{text} ({type(value).__name__})"


def require_integer(
    name: str, value: object, minimum: int | None = None, maximum: int | None = None
) -> int:
    """Return value as an int, if it is an integer in the range; a bool is not one."""
    try:
        if isinstance(value, (bool, np.bool_)):
            raise TypeError
        result = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(f"{name} is {describe(value)}; expected an integer") from None
    if (minimum is not None and result < minimum) or (maximum is not None and result > maximum):
        wanted = f"{minimum} or more" if maximum is None else f"{minimum} to {maximum}"
        shown = result if abs(result) < 10**30 else describe(result)
        raise ValueError(f"{name} is {shown}; expected {wanted}")
    return result


def require_real(
    name: str,
    value: object,
    accepts: Callable[[float], bool] = lambda _: True,
    wanted: str = "a real number",
) -> float:
    """Return value as a float, if it is an accepted real number, which bool and NaN never are."""
    is_number = isinstance(value, (int, float, np.integer, np.floating))
    if isinstance(value, bool) or not is_number:
        raise TypeError(f"{name} is {describe(value)}; expected a real number")
    try:
        result = float(value)  # type: ignore[arg-type]
    except OverflowError:
        raise ValueError(f"{name} is an integer too large for a float; expected less") from None
    if math.isnan(result):
        raise ValueError(f"{name} is nan; expected a real number")
    if not accepts(result):
        raise ValueError(f"{name} is {result:g}; expected {wanted}")
    return result


def require_finite_real(name: str, value: object) -> float:
    """Return value as a float, if it is a finite real number."""
    return require_real(name, value, math.isfinite, "a finite number")


def require_not_negative(name: str, value: object) -> float:
    """Return value as a float, if it is a real number of 0 or more."""
    return require_real(name, value, lambda x: x >= 0, "0 or more")


def require_path(name: str, value: object) -> str:
    """Return the path of a file as a str, if it is one."""
    try:
        path = os.fsdecode(value)  # type: ignore[arg-type]
    except TypeError:
        raise TypeError(
            f"{name} is {describe(value)}; expected a str, bytes or os.PathLike"
        ) from None
    try:
        # A separator at the end means a directory, whether it exists or not.
        is_path = b"\0" not in os.fsencode(path) and path[-1:] not in ("", os.sep, os.altsep)
    except UnicodeEncodeError:
        is_path = False
    if not is_path:
        raise ValueError(f"{name} is {describe(value)}; expected the path of a file")
    return path


def require_float_dtype(name: str, dtype: object) -> np.dtype[Any]:
    """Return the dtype, if it is float64 or float32, given as a name, type or dtype."""
    for known in FLOAT_DTYPES:
        # NumPy takes None to mean float64.
        if dtype is not None and (dtype is known.type or known == dtype):
            return known
    raise ValueError(f"{name} is {describe(dtype)}; expected 'float64' or 'float32'")


def require_mapping(name: str, value: object) -> Mapping[Any, Any]:
    """Return the value, if it is a dictionary."""
    if type(value) is not dict and not isinstance(value, Mapping):
        raise TypeError(f"{name} is {describe(value)}; expected a dictionary")
    return value


def require_keys(
    name: str, value: object, keys: Collection[str], optional: Collection[str] = ()
) -> Mapping[str, Any]:
    """Return the mapping, if it has all of `keys` and, besides, only `optional` ones."""
    mapping = require_mapping(name, value)
    if mapping.keys() == set(keys):
        return mapping
    missing = [key for key in keys if key not in mapping]
    if missing:
        raise ValueError(f"{name} has no key {missing[0]!r}; expected {', '.join(keys)}")
    extra = [key for key in mapping if key not in keys and key not in optional]
    if extra:
        raise ValueError(f"{name} has an unknown key {extra[0]!r}; expected {', '.join(keys)}")
    return mapping


def require_finite(name: str, array: Array) -> None:
    """Raise where a number of the array is infinite or NaN."""
    finite = np.isfinite(array)
    if not finite.all():
        index = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise ValueError(f"{name}{list(index)} is {array[index]}; expected finite numbers")


def require_no_nan(log_probabilities: Array) -> None:
    """Raise where a log-probability that the core has computed is NaN."""
    if np.isnan(log_probabilities).any():
        raise ValueError("a probability of the network is not a number; expected finite parameters")


def require_character_ids(
    name: str, values: object, size: int, *, allow_none: bool = False
) -> Array:
    """Return character ids as int32, each from 0 to size - 1; None, where allowed, as -1."""
    if isinstance(values, (str, bytes)) or not isinstance(values, (list, np.ndarray, Sequence)):
        raise TypeError(f"{name} is {describe(values)}; expected a list of character ids")
    if len(values) == 0:
        raise ValueError(f"{name} is empty; expected at least one character id")
    known = [value for value in values if value is not None] if allow_none else values
    if set(map(type, known)) == {int} and min(known) >= 0 and max(known) < size:  # nearly always
        return np.array([-1 if value is None else value for value in values], dtype=np.int32)
    ids = np.empty(len(values), dtype=np.int32)
    for position, value in enumerate(values):
        if value is None and allow_none:
            ids[position] = -1
        else:
            ids[position] = require_integer(f"{name}[{position}]", value, 0, size - 1)
    return ids


def require_id(char_to_ix: Mapping[Any, Any], character: object, size: int) -> int:
    """Return the id of a key of char_to_ix, if the key is a character and the id below size."""
    if not isinstance(character, str) or len(character) != 1:
        raise TypeError(f"char_to_ix has the key {describe(character)}; expected one character")
    return require_integer(f"char_to_ix[{character!r}]", char_to_ix[character], 0, size - 1)
