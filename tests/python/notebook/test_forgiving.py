"""Where nothing is ambiguous, the functions take what NumPy's versions of them take."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dinorc.notebook as nb
from helpers import (
    Array,
    assert_close,
    copied,
    frozen,
    make_gradients,
    make_parameters,
    refused,
)
from notebook_calls import FAULTS, GOOD, LAYOUTS, N_A, N_X, N_Y, SLOTS, WRITTEN, Slot
from oracles import notebook as reference

TYPES = {fault.label: fault.spoil for fault in FAULTS if fault.is_type}


def values(result: Any) -> Any:
    """Return a result without what makes two of them different objects."""
    if isinstance(result, np.ndarray):
        return (str(result.dtype), result.shape, result.tobytes())
    if isinstance(result, dict):
        return {key: values(value) for key, value in result.items()}
    if isinstance(result, (tuple, list)):
        return [values(value) for value in result]
    return result


def is_written(slot: Slot) -> bool:
    return slot.name in WRITTEN.get(slot.function, ())


def fresh(function: str) -> Any:
    """Return a good call whose arrays nothing else refers to."""
    return copy.deepcopy(GOOD[function]())


def call_with(slot: Slot, change: Callable[[Array], Any]) -> tuple[Any, Any]:
    """Call with one array changed; return the result, and all arguments after it."""
    arguments = fresh(slot.function)
    slot.put(arguments, change(slot.get(arguments)))
    result = getattr(nb, slot.function)(**arguments)
    if slot.function == "rnn_backward":
        result = result[0]  # the other one is the cache's own dictionary
    return values(result), arguments


# ---- arrays of other types and layouts ----------------------------------------------------------


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("slot", [slot for slot in SLOTS if not is_written(slot)], ids=str)
def test_what_is_read_may_be_real_numbers_of_any_type(slot: Slot, kind: str) -> None:
    def as_double(array: Array) -> Array:
        return np.array(TYPES[kind](array), dtype=np.float64)

    assert call_with(slot, TYPES[kind])[0] == call_with(slot, as_double)[0]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("slot", SLOTS, ids=str)
def test_arrays_may_be_laid_out_in_any_way(slot: Slot, layout: Callable[[Array], Array]) -> None:
    expected, expected_arguments = call_with(slot, np.copy)
    result, arguments = call_with(slot, layout)
    assert result == expected
    assert values(arguments) == values(expected_arguments)  # what is written in place included


@pytest.mark.parametrize("slot", [slot for slot in SLOTS if is_written(slot)], ids=str)
def test_an_array_that_is_written_stays_the_callers_own(slot: Slot) -> None:
    arguments = fresh(slot.function)
    wide = np.zeros((2 * len(slot.get(arguments)), slot.get(arguments).shape[1] + 1))
    wide[1::2, 1:] = slot.get(arguments)
    before = wide.copy()
    slot.put(arguments, wide[1::2, 1:])
    getattr(nb, slot.function)(**arguments)
    _, expected = call_with(slot, np.copy)
    np.testing.assert_array_equal(wide[1::2, 1:], slot.get(expected))
    assert not (wide == before).all()
    assert not wide[::2].any()
    assert not wide[:, 0].any()


def test_a_step_in_single_precision_takes_double_and_integers() -> None:
    parameters = make_parameters(N_A, N_X, N_Y, dtype="float32")
    a, y = nb.rnn_step_forward(parameters, np.zeros((N_A, 1)), np.eye(N_X, dtype=int)[:, [2]])
    one_hot = np.eye(N_X, dtype="float32")[:, [2]]
    expected = nb.rnn_step_forward(parameters, np.zeros((N_A, 1), "float32"), one_hot)
    assert values((a, y)) == values(expected)
    assert a.dtype == y.dtype == np.float32


def test_a_transposed_view_may_be_a_weight_that_is_read() -> None:
    parameters = make_parameters(N_A, N_X, N_X)
    tied = parameters | {"Wya": parameters["Wax"].T}
    expected = parameters | {"Wya": parameters["Wax"].T.copy()}
    assert nb.sample(tied, {"\n": 0}, 3) == nb.sample(expected, {"\n": 0}, 3)


def test_interleaved_views_of_one_buffer_may_all_be_written() -> None:
    buffer = np.zeros((N_A, N_X + N_A))
    parameters = make_parameters(N_A, N_X, N_Y)
    separate = copied(parameters)
    buffer[:, :N_X], buffer[:, N_X:] = parameters["Wax"], parameters["Waa"]
    parameters |= {"Wax": buffer[:, :N_X], "Waa": buffer[:, N_X:]}
    gradients = make_gradients(N_A, N_X, N_Y)
    nb.update_parameters(parameters, gradients, 0.1)
    nb.update_parameters(separate, gradients, 0.1)
    assert values(parameters) == values(separate)


@pytest.mark.parametrize("function", WRITTEN)
def test_a_view_with_one_place_for_several_numbers_is_not_written(function: str) -> None:
    arguments = GOOD[function]()
    holder, name = ("gradients", "dWaa") if "dWaa" in WRITTEN[function] else ("parameters", "Waa")
    row = np.arange(1.0, N_A + 1)
    arguments[holder][name] = np.lib.stride_tricks.as_strided(row, (N_A, N_A), (0, 8))
    with refused(ValueError, rf"\b{name}\b", "one place", unchanged=arguments):
        getattr(nb, function)(**arguments)


def test_a_view_that_shares_a_number_with_another_is_not_written() -> None:
    parameters = make_parameters(N_A, N_A, N_A)
    buffer = np.arange(float(N_A * (2 * N_A))).reshape(N_A, 2 * N_A)
    parameters |= {"Wax": buffer[:, :N_A], "Waa": buffer[:, N_A - 1 : -1]}
    gradients = make_gradients(N_A, N_A, N_A)
    with refused(ValueError, r"\bWax\b", r"\bWaa\b", unchanged=parameters):
        nb.update_parameters(parameters, gradients, 0.1)


def test_conversion_to_single_precision_makes_numbers_that_are_too_large_infinite() -> None:
    parameters = make_parameters(N_A, N_X, N_Y, dtype="float32")
    with refused(ValueError, r"\ba0\b", "inf", unchanged=parameters):
        nb.rnn_forward([None], [1], np.full((N_A, 1), 1e300), parameters)


# ---- dictionaries, caches, columns --------------------------------------------------------------


@pytest.mark.parametrize("function", GOOD)
def test_other_keys_are_left_alone(function: str) -> None:
    arguments, expected = fresh(function), fresh(function)
    extra = {"vWax": np.ones((2, 2), int), 7: None}
    for holder in ("parameters", "gradients"):
        if holder in arguments:
            arguments[holder] |= extra
    before = frozen(extra)
    result = getattr(nb, function)(**arguments)
    plain = getattr(nb, function)(**expected)
    if isinstance(result, dict):
        result = {key: value for key, value in result.items() if key not in extra}
    assert values(result) == values(plain)
    assert frozen(extra) == before


def test_a_cache_may_be_a_list_and_its_parts_anything_indexed_by_time() -> None:
    arguments = GOOD["rnn_backward"]()
    expected = values(nb.rnn_backward(**arguments)[0])
    y_hat, a, x = arguments["cache"]
    times = range(len(arguments["X"]))
    for cache in (
        [y_hat, a, x],
        ([y_hat[t] for t in times], a, tuple(x[t] for t in times)),
        (np.array([y_hat[t] for t in times]), a, np.array([x[t] for t in times])),
        (y_hat, a, {t: x[t].astype(bool) for t in times}),
        (y_hat | {9: None}, a | {9: None}, x | {9: None}),
    ):
        assert values(nb.rnn_backward(**arguments | {"cache": cache})[0]) == expected


def test_a_list_of_states_is_refused_as_its_last_is_not_the_initial_one() -> None:
    arguments = GOOD["rnn_backward"]()
    y_hat, a, x = arguments["cache"]
    arguments["cache"] = (y_hat, [a[t] for t in range(len(x))], x)
    with refused(TypeError, r"\ba of cache\b", "dictionary", unchanged=arguments):
        nb.rnn_backward(**arguments)


def test_masked_arrays_are_refused_everywhere() -> None:
    for slot in SLOTS:
        arguments = GOOD[slot.function]()
        slot.put(arguments, np.ma.masked_array(slot.get(arguments)))
        with refused(TypeError, slot.named, "masked"):
            getattr(nb, slot.function)(**arguments)


@pytest.mark.parametrize(("states", "inputs"), [(3, 3), (1, 3), (3, 1)])
def test_a_step_forward_takes_several_columns(states: int, inputs: int) -> None:
    parameters = make_parameters(N_A, N_X, N_Y)
    rng = np.random.default_rng(0)
    a_prev, x = rng.standard_normal((N_A, states)), rng.standard_normal((N_X, inputs))
    a, y = nb.rnn_step_forward(parameters, a_prev, x)
    for result, expected in zip(
        (a, y), reference.rnn_step_forward(parameters, a_prev, x), strict=True
    ):
        assert_close(result, expected, "float64")
    first = nb.rnn_step_forward(parameters, a_prev[:, :1], x[:, :1])
    assert values((a[:, :1].copy(), y[:, :1].copy())) == values(first)


def test_columns_of_different_number_are_refused() -> None:
    with refused(ValueError, r"\ba_prev\b", r"\bx\b", "2", "3"):
        nb.rnn_step_forward(make_parameters(N_A, N_X, N_Y), np.ones((N_A, 2)), np.ones((N_X, 3)))


# ---- numbers and characters ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "x",
    [
        [1.0, 2.0, 3.0],
        [[1.0], [2.0], [3.0]],
        np.array([1, 2, 3]),
        np.array([[True], [False]]),
        np.arange(12.0).reshape(4, 3)[:, 1],
        np.arange(12.0).reshape(4, 3)[:, 1:2],
        np.arange(12.0).reshape(3, 4).T,
        np.arange(6, dtype="float32").reshape(2, 3).T,
    ],
    ids=lambda x: f"{type(x).__name__}-{getattr(x, 'dtype', '')}-{np.shape(x)}",
)
def test_softmax_takes_what_numpys_does(x: Any) -> None:
    expected = np.array(x, dtype=np.float64)
    dtype = "float32" if getattr(x, "dtype", None) == np.float32 else "float64"
    assert_close(nb.softmax(x), reference.softmax(expected), dtype)


def test_smooth_takes_numpys_numbers_and_nan() -> None:
    for number in (np.float64, np.float32, np.int64, np.array, lambda n: np.array([n])):
        assert nb.smooth(number(20), number(10)) == pytest.approx(19.99, rel=1e-6)
    assert nb.smooth(20, 10) == 20 * 0.999 + 10 * 0.001
    for nan in (math.nan, np.float64("nan"), np.float32("nan"), np.array(np.nan)):
        assert math.isnan(nb.smooth(nan, 1.0))
        assert math.isnan(nb.smooth(1.0, nan))
    assert all(type(nb.smooth(x, 1.0)) is float for x in (1, np.float64(1), np.float32(1)))


@pytest.mark.parametrize("value", ["1", None, [1.0], 1j, np.ones(2)], ids=repr)
def test_smooth_refuses_anything_but_numbers(value: Any) -> None:
    with refused(TypeError, r"\bcur_loss\b"):
        nb.smooth(1.0, value)
    with refused(TypeError, r"\bloss\b"):
        nb.smooth(value, 1.0)


def test_initial_loss_takes_any_numbers() -> None:
    expected = nb.get_initial_loss(27, 7)
    for number in (float, np.float64, np.int64, np.float32):
        assert nb.get_initial_loss(number(27), number(7)) == expected
    assert nb.get_initial_loss(27, 7.5) == pytest.approx(expected * 7.5 / 7, rel=1e-15)


@pytest.mark.parametrize("value", ["7", None, [7], math.nan, math.inf, -1, True], ids=repr)
def test_initial_loss_refuses_anything_else(value: Any) -> None:
    nb.get_initial_loss(27, 1)  # which is equal to True, and is remembered
    with refused((TypeError, ValueError), "seq_length"):
        nb.get_initial_loss(27, value)
    with refused((TypeError, ValueError), "vocab_size"):
        nb.get_initial_loss(0 if value is True else value, 7)


def test_characters_may_be_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    characters = ["\n", "a", "b"]
    char_to_ix = {"\n": 0, "a": 1, "b": 2}
    assert nb.get_sample([2, 1, 0], characters) == "Ba\n"
    nb.print_sample(np.array([2, 1, 0]), tuple(characters))
    assert capsys.readouterr().out == "Ba\n"
    printed = []
    for ix_to_char in (characters, dict(enumerate(characters))):
        nb.model("ab\nba", ix_to_char, char_to_ix, 5, vocab_size=3)
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1] != ""


@pytest.mark.parametrize("ix", [-1, 3, None, "a"])
def test_an_id_that_a_list_of_characters_lacks_is_refused(ix: Any) -> None:
    with refused(ValueError, "sample_ix", str(ix)):
        nb.get_sample([1, ix], ["\n", "a", "b"])


def test_a_column_of_zeros_and_ones_as_integers_may_be_trained_on() -> None:
    parameters = make_parameters(N_A, N_X, N_Y)
    zeros = np.zeros((N_A, 1), int)
    loss, gradients, a = nb.optimize([None, 2], [1, 0], zeros, copied(parameters))
    expected = nb.optimize([None, 2], [1, 0], zeros.astype(float), copied(parameters))
    assert values((loss, gradients, a)) == values(expected)
