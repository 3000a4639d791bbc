"""What several test files share: made-up networks, dictionaries, comparisons, refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from numpy.typing import DTypeLike, NDArray

Array = NDArray[Any]
Arrays = dict[str, Array]

PARAMETERS = ("Wax", "Waa", "Wya", "b", "by")
GRADIENTS = ("dWax", "dWaa", "dWya", "db", "dby")


def shapes(n_a: int, n_x: int, n_y: int) -> dict[str, tuple[int, int]]:
    """Return the shape of each parameter."""
    return {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "Wya": (n_y, n_a), "b": (n_a, 1), "by": (n_y, 1)}


def make_parameters(
    n_a: int, n_x: int, n_y: int, *, seed: int = 0, dtype: DTypeLike = np.float64
) -> Arrays:
    """Draw parameters of a network that does not amplify rounding errors from step to step.

    (Waa's spectral radius is about 0.9. With the course's plain ``randn`` weights, a difference in
    the last bit leads to a different sample within some forty characters.)
    """
    rng = np.random.default_rng(seed)
    scale = {"Wax": 1.0, "Waa": 0.9 / np.sqrt(n_a), "Wya": 1.0 / np.sqrt(n_a), "b": 0.5, "by": 0.5}
    return {
        name: (rng.standard_normal(shape) * scale[name]).astype(dtype)
        for name, shape in shapes(n_a, n_x, n_y).items()
    }


def make_gradients(
    n_a: int,
    n_x: int,
    n_y: int,
    *,
    seed: int = 0,
    dtype: DTypeLike = np.float64,
    da_next: bool = False,
) -> Arrays:
    """Draw gradients, some of them beyond 5; ``da_next`` on request."""
    rng = np.random.default_rng(seed)
    made = {
        "d" + name: (rng.standard_normal(shape) * 5.0).astype(dtype)
        for name, shape in shapes(n_a, n_x, n_y).items()
    }
    if da_next:
        made["da_next"] = rng.standard_normal((n_a, 1)).astype(dtype)
    return made


def make_column(size: int, *, seed: int = 0, dtype: DTypeLike = np.float64) -> Array:
    """Draw a column vector."""
    return np.random.default_rng(seed).standard_normal((size, 1)).astype(dtype)


def make_ids(length: int, size: int, *, seed: int = 0) -> list[int]:
    """Draw ``length`` ids below ``size``."""
    return [int(ix) for ix in np.random.default_rng(seed).integers(0, size, length)]


def dictionaries(names: Iterable[str]) -> tuple[dict[str, int], dict[int, str]]:
    """Give numbers to the characters of the names and the newline, as the notebook does."""
    characters = sorted(set("\n").union(*names))
    char_to_ix = {character: ix for ix, character in enumerate(characters)}
    return char_to_ix, {ix: character for character, ix in char_to_ix.items()}


def copied(arrays: Arrays) -> Arrays:
    """Copy every array of a dictionary."""
    return {name: value.copy() for name, value in arrays.items()}


def as_double(arrays: Arrays) -> Arrays:
    """Copy every array of a dictionary in the oracle's precision."""
    return {name: value.astype(np.float64) for name, value in arrays.items()}


def relative_tolerance(dtype: DTypeLike) -> float:
    """Return how far from the oracle, relative to the largest element, is still rounding.

    It grows from step to step: 2.3e-4 has been seen in float32, of a single unit over 49 steps.
    """
    return 1e-10 if np.dtype(dtype) == np.float64 else 5e-4


def assert_close(actual: Array, expected: Array, dtype: DTypeLike, name: str = "") -> None:
    """Compare with the oracle: type, shape, and values relative to the largest element."""
    assert isinstance(actual, np.ndarray), name
    assert actual.dtype == np.dtype(dtype), name
    assert actual.shape == expected.shape, name
    largest = float(np.max(np.abs(expected), initial=0.0))
    np.testing.assert_allclose(
        actual, expected, rtol=0.0, atol=relative_tolerance(dtype) * largest + 1e-30, err_msg=name
    )


def assert_all_close(actual: Arrays, expected: Arrays, dtype: DTypeLike) -> None:
    """Compare dictionaries of arrays, keys included."""
    assert set(actual) == set(expected)
    for name, value in expected.items():
        assert_close(actual[name], value, dtype, name)


def assert_same_bits(actual: Arrays, expected: Arrays) -> None:
    """Compare dictionaries of arrays to the last bit."""
    assert set(actual) == set(expected)
    for name, value in expected.items():
        assert actual[name].dtype == value.dtype, name
        assert actual[name].shape == value.shape, name
        assert actual[name].tobytes() == value.tobytes(), name


def frozen(value: Any) -> Any:
    """Return a value that equals another such value only if every container and bit is the same."""
    if isinstance(value, np.ndarray):
        return (id(value), str(value.dtype), value.shape, value.strides, value.tobytes())
    if isinstance(value, dict):
        return (id(value), [(key, frozen(item)) for key, item in value.items()])
    if isinstance(value, (list, tuple)):
        return (id(value), [frozen(item) for item in value])
    return repr(value)


@contextmanager
def refused(
    exception: type[Exception] | tuple[type[Exception], ...], *mentions: str, unchanged: Any = None
) -> Iterator[None]:
    """Expect an error whose message matches every pattern and that ``unchanged`` is left alone."""
    before = frozen(unchanged)
    with pytest.raises(exception) as caught:
        yield
    message = str(caught.value)
    assert "incompatible function arguments" not in message, "the binding's words, not ours"
    for mention in mentions:
        assert re.search(mention, message), f"nothing like {mention!r} in {message!r}"
    assert frozen(unchanged) == before, "something was changed before the error"


def is_refused(call: Callable[[], Any], exception: type[Exception], mention: str) -> None:
    """Expect that a call fails with an error whose message has this text."""
    with refused(exception, re.escape(mention)):
        call()
