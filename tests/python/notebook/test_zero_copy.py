"""Arrays cross the boundary without a copy: identity, addresses, and who owns what."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dinorc.notebook as nb
from helpers import (
    GRADIENTS,
    PARAMETERS,
    Array,
    Arrays,
    copied,
    make_column,
    make_gradients,
    make_parameters,
)

N_A, N_X, N_Y = 9, 7, 6
X: list[int | None] = [None, 3, 6, 0, 2]
Y = [5, 0, 1, 4, 3]

dtypes = pytest.mark.parametrize("dtype", ["float64", "float32"])


def addresses(arrays: Arrays) -> dict[str, tuple[int, int]]:
    """Return which array objects these are and where their numbers are in memory."""
    return {name: (id(value), value.ctypes.data) for name, value in arrays.items()}


def forward(dtype: str = "float64") -> tuple[Arrays, Any]:
    parameters = make_parameters(N_A, N_X, N_Y, dtype=dtype)
    _, cache = nb.rnn_forward(X, Y, np.zeros((N_A, 1), dtype), parameters)
    return parameters, cache


# ---- in place means in place --------------------------------------------------------------------


@dtypes
def test_clip_works_in_the_callers_arrays_and_returns_them(dtype: str) -> None:
    gradients = make_gradients(N_A, N_X, N_Y, dtype=dtype)
    before, values = addresses(gradients), copied(gradients)
    clipped = nb.clip(gradients, 0.5)
    assert addresses(gradients) == before
    assert all(clipped[name] is gradients[name] for name in GRADIENTS)
    assert all(np.abs(gradients[name]).max() == 0.5 for name in GRADIENTS)
    assert all((values[name] != gradients[name]).any() for name in GRADIENTS)


@dtypes
def test_update_parameters_works_in_the_callers_arrays(dtype: str) -> None:
    parameters = make_parameters(N_A, N_X, N_Y, dtype=dtype)
    gradients = make_gradients(N_A, N_X, N_Y, dtype=dtype)
    before, values, steps = addresses(parameters), copied(parameters), copied(gradients)
    assert nb.update_parameters(parameters, gradients, 0.1) is parameters
    assert addresses(parameters) == before
    assert all((values[name] != parameters[name]).all() for name in PARAMETERS)
    assert all((steps[name] == gradients[name]).all() for name in GRADIENTS)


@dtypes
def test_optimize_works_in_the_callers_parameters(dtype: str) -> None:
    parameters = make_parameters(N_A, N_X, N_Y, dtype=dtype)
    a_prev = np.zeros((N_A, 1), dtype)
    before, values = addresses(parameters), copied(parameters)
    _, gradients, a_last = nb.optimize(X, Y, a_prev, parameters)
    assert set(gradients) == set(GRADIENTS)
    assert addresses(parameters) == before
    assert all((values[name] != parameters[name]).any() for name in PARAMETERS)
    assert not a_prev.any()
    assert not np.shares_memory(a_last, a_prev)


@dtypes
def test_rnn_step_backward_adds_into_the_callers_arrays_and_rebinds_da_next(dtype: str) -> None:
    parameters, (y_hat, a, x) = forward(dtype)
    gradients = make_gradients(N_A, N_X, N_Y, dtype=dtype, da_next=True)
    before, values = addresses(gradients), copied(gradients)
    da_next = gradients["da_next"]
    result = nb.rnn_step_backward(y_hat[2], gradients, parameters, x[2], a[2], a[1])
    assert result is gradients
    after = addresses(gradients)
    assert {name: after[name] for name in GRADIENTS} == {name: before[name] for name in GRADIENTS}
    assert all((values[name] != gradients[name]).any() for name in GRADIENTS)
    assert gradients["da_next"] is not da_next
    assert (da_next == values["da_next"]).all()
    assert not np.shares_memory(gradients["da_next"], da_next)


def test_views_into_a_larger_buffer_are_written_and_nothing_beside_them() -> None:
    buffer = np.full((N_A + 2, N_X), 100.0)
    gradients = make_gradients(N_A, N_X, N_Y)
    gradients["dWax"] = buffer[1:-1]
    nb.clip(gradients, 5)
    assert (buffer[1:-1] == 5.0).all()
    assert (buffer[[0, -1]] == 100.0).all()


# ---- arrays that are only read ------------------------------------------------------------------


def locked(arrays: Any) -> Any:
    """Make arrays read-only, in dictionaries too."""
    for value in arrays.values() if isinstance(arrays, dict) else [arrays]:
        value.flags.writeable = False
    return arrays


def test_functions_that_only_read_take_read_only_arrays() -> None:
    parameters = locked(make_parameters(N_A, N_X, N_Y))
    a0 = locked(make_column(N_A))
    _, cache = nb.rnn_forward(X, Y, a0, parameters)
    for part in cache:
        locked(part)
    y_hat, a, x = cache
    nb.rnn_backward(X, Y, parameters, cache)
    nb.rnn_step_forward(parameters, a0, x[0])
    gradients = make_gradients(N_A, N_X, N_Y, da_next=True)
    nb.rnn_step_backward(y_hat[0], gradients, parameters, x[0], a[0], a[-1])
    nb.update_parameters(copied(parameters), locked(gradients), 0.1)
    nb.sample(locked(make_parameters(N_A, N_X, N_X)), {"\n": 0}, 0)
    nb.optimize(X, Y, a0, copied(parameters))
    nb.softmax(locked(make_column(5)))


def test_arrays_that_are_only_read_may_be_one_array_under_two_names() -> None:
    parameters = make_parameters(N_A, N_A, N_A)
    parameters["Wya"] = parameters["Waa"]
    parameters["by"] = parameters["b"]
    _, cache = nb.rnn_forward([None, 1], [1, 0], parameters["b"], parameters)
    nb.rnn_backward([None, 1], [1, 0], parameters, cache)
    nb.sample(parameters, {"\n": 0}, 0)


# ---- results outlive everything else ------------------------------------------------------------


def arrays_in(value: Any) -> list[Array]:
    """Collect every array of a result."""
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, dict):
        return arrays_in(list(value.values()))
    if isinstance(value, (list, tuple)):
        return [array for item in value for array in arrays_in(item)]
    return []


def call_optimize() -> Any:
    return nb.optimize(X, Y, np.zeros((N_A, 1)), make_parameters(N_A, N_X, N_Y))


def call_rnn_backward() -> Any:
    parameters, cache = forward()
    return nb.rnn_backward(X, Y, parameters, cache)


def call_rnn_step_forward() -> Any:
    return nb.rnn_step_forward(make_parameters(N_A, N_X, N_Y), make_column(N_A), make_column(N_X))


def call_rnn_step_backward() -> Any:
    parameters, (y_hat, a, x) = forward()
    gradients = make_gradients(N_A, N_X, N_Y, da_next=True)
    return nb.rnn_step_backward(y_hat[2], gradients, parameters, x[2], a[2], a[1])


def call_model() -> Any:
    char_to_ix = {"\n": 0, "a": 1, "b": 2}
    ix_to_char = {0: "\n", 1: "a", 2: "b"}
    return nb.model("ab\nba\n", ix_to_char, char_to_ix, 10, vocab_size=3, verbose=False)


CALLS: dict[str, Callable[[], Any]] = {
    "initialize_parameters": lambda: nb.initialize_parameters(N_A, N_X, N_Y),
    "model": call_model,
    "optimize": call_optimize,
    "rnn_backward": call_rnn_backward,
    "rnn_forward": lambda: forward()[1],
    "rnn_step_backward": call_rnn_step_backward,
    "rnn_step_forward": call_rnn_step_forward,
    "softmax": lambda: nb.softmax(make_column(300)),
}


@pytest.mark.parametrize("name", CALLS)
def test_each_result_keeps_its_numbers_when_everything_else_is_gone(name: str) -> None:
    number = len(arrays_in(CALLS[name]()))
    assert number > 0
    for kept in range(number):
        array = arrays_in(CALLS[name]())[kept]
        expected = array.copy()
        gc.collect()
        garbage = [np.full(size, np.nan) for size in range(1, 400)]
        np.testing.assert_array_equal(array, expected)
        del garbage


@pytest.mark.parametrize("name", CALLS)
def test_writing_in_one_result_changes_no_other(name: str) -> None:
    arrays = arrays_in(CALLS[name]())
    if name in ("rnn_forward", "rnn_backward"):
        arrays = list({array.ctypes.data: array for array in arrays}.values())
    for i, array in enumerate(arrays):
        others = [other.copy() for j, other in enumerate(arrays) if j != i]
        array.fill(7.0)
        after = [other for j, other in enumerate(arrays) if j != i]
        assert all((b == a).all() for b, a in zip(others, after, strict=True))


def test_a_second_call_does_not_write_into_the_first_ones_results() -> None:
    for call in CALLS.values():
        first = arrays_in(call())
        expected = [array.copy() for array in first]
        arrays_in(call())
        assert all((a == b).all() for a, b in zip(first, expected, strict=True))


def test_the_parameters_of_model_are_five_arrays() -> None:
    assert list(call_model()) == list(PARAMETERS)
