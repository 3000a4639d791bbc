"""Bad input is refused with a message that says what came, and leaves everything as it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

import dinorc.notebook as nb
from helpers import (
    GRADIENTS,
    PARAMETERS,
    Array,
    make_column,
    make_gradients,
    make_parameters,
    refused,
)

N_A, N_X, N_Y = 5, 8, 7  # all different, so that no wrong shape fits by chance
Arguments = dict[str, Any]


# ---- one good call of every function that takes arrays ------------------------------------------


def for_clip() -> Arguments:
    return {"gradients": make_gradients(N_A, N_X, N_Y), "maxValue": 5}


def for_sample() -> Arguments:
    return {"parameters": make_parameters(N_A, N_X, N_X), "char_to_ix": {"\n": 0}, "seed": 0}


def for_optimize() -> Arguments:
    return {
        "X": [None, 2, 6, 0],
        "Y": [1, 6, 0, 3],
        "a_prev": make_column(N_A),
        "parameters": make_parameters(N_A, N_X, N_Y),
        "learning_rate": 0.01,
    }


def for_rnn_forward() -> Arguments:
    arguments = for_optimize()
    del arguments["learning_rate"]
    arguments["a0"] = arguments.pop("a_prev")
    return arguments


def for_rnn_backward() -> Arguments:
    arguments = for_rnn_forward()
    _, arguments["cache"] = nb.rnn_forward(**arguments)
    del arguments["a0"]
    return arguments


def for_rnn_step_forward() -> Arguments:
    parameters = make_parameters(N_A, N_X, N_Y)
    return {"parameters": parameters, "a_prev": make_column(N_A), "x": make_column(N_X)}


def for_rnn_step_backward() -> Arguments:
    return {
        "dy": make_column(N_Y),
        "gradients": make_gradients(N_A, N_X, N_Y, da_next=True),
        **for_rnn_step_forward(),
        "a": make_column(N_A, seed=1),
    }


def for_update_parameters() -> Arguments:
    return {
        "parameters": make_parameters(N_A, N_X, N_Y),
        "gradients": make_gradients(N_A, N_X, N_Y),
        "lr": 0.01,
    }


GOOD: dict[str, Callable[[], Arguments]] = {
    "clip": for_clip,
    "sample": for_sample,
    "optimize": for_optimize,
    "rnn_forward": for_rnn_forward,
    "rnn_backward": for_rnn_backward,
    "rnn_step_forward": for_rnn_step_forward,
    "rnn_step_backward": for_rnn_step_backward,
    "update_parameters": for_update_parameters,
}

WRITTEN = {
    "clip": GRADIENTS,
    "optimize": PARAMETERS,
    "rnn_step_backward": GRADIENTS,
    "update_parameters": PARAMETERS,
}


@dataclass(frozen=True)
class Slot:
    """One place for an array in a call: an argument, or the value at some keys inside it."""

    function: str
    keys: tuple[Any, ...]

    @property
    def name(self) -> str:
        """The array's name, as a message should give it."""
        return ("y_hat", "a", "x")[self.keys[1]] if self.keys[0] == "cache" else self.keys[-1]

    @property
    def named(self) -> str:
        """A pattern for that name as a word."""
        return rf"\b{self.name}\b"

    def __str__(self) -> str:
        return f"{self.function}-{self.keys[0]}-{self.name}"

    def get(self, arguments: Arguments) -> Array:
        """Return the array that is there."""
        value: Any = arguments
        for key in self.keys:
            value = value[key]
        return value

    def put(self, arguments: Arguments, array: Any) -> None:
        """Replace it."""
        holder: Any = arguments
        for key in self.keys[:-1]:
            holder = holder[key]
        holder[self.keys[-1]] = array


def slots_of(function: str) -> list[Slot]:
    """List a function's places for arrays."""
    found = []
    for name, value in GOOD[function]().items():
        if isinstance(value, np.ndarray):
            found.append(Slot(function, (name,)))
        elif name in ("parameters", "gradients"):
            found += [Slot(function, (name, key)) for key in value]
    return found


# rnn_backward's arguments come from a call of rnn_forward, so its places are spelled out.
SLOTS = [slot for function in GOOD if function != "rnn_backward" for slot in slots_of(function)]
SLOTS += [Slot("rnn_backward", ("parameters", name)) for name in PARAMETERS]
SLOTS += [Slot("rnn_backward", ("cache", part, 1)) for part in range(3)]
SLOTS += [Slot("rnn_backward", ("cache", 1, -1))]


def strided(array: Array) -> Array:
    return np.repeat(array, 2, axis=0)[::2]


def misaligned(array: Array) -> Array:
    raw = bytearray(array.nbytes + 1)
    view = np.frombuffer(raw, dtype=array.dtype, offset=1, count=array.size).reshape(array.shape)
    view[...] = array
    return view


def shape_pattern(array: Array) -> str:
    """Return a pattern for an array's shape, whole or by the number that does not fit."""
    whole = re.escape(str(array.shape))
    return rf"{whole}|\b{array.shape[0]} rows?|\b{array.shape[1]} col" if array.ndim == 2 else whole


@dataclass(frozen=True)
class Fault:
    """A way to spoil an array, and what its refusal looks like."""

    label: str
    spoil: Callable[[Array], Any]
    exception: type[Exception]
    mention: str | None = None  # by default the shape that was passed

    def __str__(self) -> str:
        return self.label


FAULTS = [
    Fault("integers", lambda a: a.astype(np.int64), TypeError, "int64"),
    Fault("booleans", lambda a: a > 0, TypeError, "bool"),
    Fault("half precision", lambda a: a.astype(np.float16), TypeError, "float16"),
    Fault("single among double", lambda a: a.astype(np.float32), TypeError, "float32"),
    Fault("complex", lambda a: a.astype(np.complex128), TypeError, "complex128"),
    Fault("objects", lambda a: a.astype(object), TypeError, "object"),
    Fault("text", lambda a: a.astype("U9"), TypeError, "U9|str"),
    Fault("byte-swapped", lambda a: a.astype(a.dtype.newbyteorder()), TypeError, ">f8|swapped"),
    Fault("a list", lambda a: a.tolist(), TypeError, "list"),
    Fault("None", lambda a: None, TypeError, "None"),
    Fault("a number", lambda a: 1.0, TypeError, "float"),
    Fault("one row more", lambda a: np.zeros((a.shape[0] + 1, a.shape[1])), ValueError),
    Fault("one row fewer", lambda a: np.zeros((a.shape[0] - 1, a.shape[1])), ValueError),
    Fault("one column more", lambda a: np.zeros((a.shape[0], a.shape[1] + 1)), ValueError),
    Fault("one column fewer", lambda a: np.zeros((a.shape[0], a.shape[1] - 1)), ValueError),
    Fault("no rows", lambda a: np.zeros((0, a.shape[1])), ValueError),
    Fault("flat", lambda a: a.ravel().copy(), ValueError),
    Fault("three-dimensional", lambda a: a[None].copy(), ValueError),
    Fault("a scalar array", lambda a: np.array(1.0), ValueError),
    Fault("strided", strided, ValueError, "contiguous"),
    Fault("Fortran order", np.asfortranarray, ValueError, "contiguous"),
    Fault("misaligned", misaligned, ValueError, "align"),
]


def is_a_fault(slot: Slot, fault: Fault) -> bool:
    """Tell whether the spoiled array is really wrong in this place."""
    if fault.label == "Fortran order":  # a column has both orders at once
        return slot.name in ("Wax", "Waa", "Wya", "dWax", "dWaa", "dWya")
    if slot.function in ("optimize", "rnn_forward") and slot.name == "Wax":
        return "column" not in fault.label  # the input vocabulary may be of any size
    if slot.name == "y_hat" and fault.label in ("strided", "misaligned"):  # these are copied anyway
        return False
    if slot.function == "clip":  # which takes each array on its own, in any shape
        return fault.mention is not None
    return True


@pytest.mark.parametrize(
    ("slot", "fault"),
    [(slot, fault) for slot in SLOTS for fault in FAULTS if is_a_fault(slot, fault)],
    ids=str,
)
def test_a_bad_array_is_refused_by_name(slot: Slot, fault: Fault) -> None:
    arguments = GOOD[slot.function]()
    bad = fault.spoil(slot.get(arguments))
    slot.put(arguments, bad)
    mention = fault.mention or shape_pattern(bad)
    with refused(fault.exception, slot.named, mention, unchanged=arguments):
        getattr(nb, slot.function)(**arguments)


@pytest.mark.parametrize(
    "slot", [s for s in SLOTS if s.name in WRITTEN.get(s.function, ())], ids=str
)
def test_a_read_only_array_that_would_be_written_is_refused(slot: Slot) -> None:
    arguments = GOOD[slot.function]()
    slot.get(arguments).flags.writeable = False
    with refused(ValueError, slot.named, "read-only|writ", unchanged=arguments):
        getattr(nb, slot.function)(**arguments)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf], ids=str)
@pytest.mark.parametrize(
    "slot", [s for s in SLOTS if s.function in ("optimize", "rnn_forward", "sample")], ids=str
)
def test_a_number_that_is_not_finite_is_refused(slot: Slot, value: float) -> None:
    arguments = GOOD[slot.function]()
    slot.get(arguments)[-1, -1] = value
    with refused(ValueError, slot.named, "(?i)nan|inf|finite", unchanged=arguments):
        getattr(nb, slot.function)(**arguments)


# ---- dictionaries -------------------------------------------------------------------------------

HOLDERS = [
    (function, holder)
    for function in GOOD
    for holder in ("parameters", "gradients")
    if any(s.function == function and s.keys[0] == holder for s in SLOTS)
]


@pytest.mark.parametrize(
    "slot", [s for s in SLOTS if s.keys[0] in ("parameters", "gradients")], ids=str
)
def test_a_missing_key_is_named(slot: Slot) -> None:
    arguments = GOOD[slot.function]()
    del arguments[slot.keys[0]][slot.name]
    with refused(ValueError, slot.named, slot.keys[0], unchanged=arguments):
        getattr(nb, slot.function)(**arguments)


@pytest.mark.parametrize("key", ["Wxa", "W", 7, None])
@pytest.mark.parametrize(("function", "holder"), HOLDERS)
def test_an_unknown_key_is_named(function: str, holder: str, key: Any) -> None:
    arguments = GOOD[function]()
    arguments[holder][key] = np.zeros((2, 2))
    with refused(ValueError, str(key), holder, unchanged=arguments):
        getattr(nb, function)(**arguments)


def test_da_next_is_a_known_key_of_gradients() -> None:
    gradients = make_gradients(N_A, N_X, N_Y, da_next=True)
    nb.clip(gradients, 5)
    nb.update_parameters(make_parameters(N_A, N_X, N_Y), gradients, 0.01)


@pytest.mark.parametrize("value", [None, [1], "Wax", 3], ids=repr)
@pytest.mark.parametrize(("function", "holder"), HOLDERS)
def test_anything_but_a_dictionary_is_refused(function: str, holder: str, value: Any) -> None:
    arguments = GOOD[function]()
    arguments[holder] = value
    with refused(TypeError, holder, type(value).__name__.removesuffix("Type")):
        getattr(nb, function)(**arguments)


# ---- one array in two places --------------------------------------------------------------------


def square(function: str) -> Arguments:
    """Return a good call in which all matrices have one shape."""
    arguments = GOOD[function]()
    if "parameters" in arguments:
        arguments["parameters"] = make_parameters(N_A, N_A, N_A)
    if "gradients" in arguments:
        da_next = "da_next" in arguments["gradients"]
        arguments["gradients"] = make_gradients(N_A, N_A, N_A, da_next=da_next)
    if "dy" in arguments:
        arguments["dy"] = make_column(N_A, seed=2)
    if "x" in arguments:
        arguments["x"] = make_column(N_A, seed=3)
    if "X" in arguments:
        arguments |= {"X": [None, 2, 4, 0], "Y": [1, 3, 0, 3]}
    return arguments


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Slot("clip", ("gradients", "dWax")), Slot("clip", ("gradients", "dWaa"))),
        (Slot("clip", ("gradients", "db")), Slot("clip", ("gradients", "dby"))),
        (
            Slot("update_parameters", ("parameters", "Wax")),
            Slot("update_parameters", ("gradients", "dWax")),
        ),
        (
            Slot("update_parameters", ("parameters", "b")),
            Slot("update_parameters", ("gradients", "dby")),
        ),
        (
            Slot("update_parameters", ("parameters", "Wax")),
            Slot("update_parameters", ("parameters", "Waa")),
        ),
        (Slot("optimize", ("parameters", "Wya")), Slot("optimize", ("parameters", "Waa"))),
        (Slot("optimize", ("parameters", "b")), Slot("optimize", ("a_prev",))),
        (Slot("rnn_step_backward", ("gradients", "dby")), Slot("rnn_step_backward", ("dy",))),
        (Slot("rnn_step_backward", ("gradients", "db")), Slot("rnn_step_backward", ("a",))),
        (
            Slot("rnn_step_backward", ("gradients", "db")),
            Slot("rnn_step_backward", ("gradients", "da_next")),
        ),
        (
            Slot("rnn_step_backward", ("gradients", "dWya")),
            Slot("rnn_step_backward", ("parameters", "Wya")),
        ),
    ],
    ids=str,
)
def test_an_array_that_is_written_may_not_appear_twice(first: Slot, second: Slot) -> None:
    arguments = square(first.function)
    second.put(arguments, first.get(arguments))
    with refused(ValueError, first.named, second.named, unchanged=arguments):
        getattr(nb, first.function)(**arguments)


@pytest.mark.parametrize(
    ("function", "holder", "first", "second"),
    [
        ("clip", "gradients", "dWax", "dWaa"),
        ("rnn_step_backward", "gradients", "dWax", "dWya"),
        ("update_parameters", "parameters", "Wax", "Waa"),
        ("optimize", "parameters", "Waa", "Wya"),
    ],
)
def test_written_arrays_that_overlap_in_one_buffer_are_refused(
    function: str, holder: str, first: str, second: str
) -> None:
    arguments = square(function)
    buffer, size = np.linspace(-9.0, 9.0, 2 * N_A * N_A), N_A * N_A
    arguments[holder][first] = buffer[:size].reshape(N_A, N_A)
    arguments[holder][second] = buffer[size - 1 : -1].reshape(N_A, N_A)  # one number is shared
    with refused(ValueError, rf"\b{first}\b", rf"\b{second}\b", unchanged=arguments):
        getattr(nb, function)(**arguments)


# ---- X and Y ------------------------------------------------------------------------------------

WITH_IDS = ["optimize", "rnn_forward", "rnn_backward"]


@pytest.mark.parametrize(
    ("value", "exception"),
    [
        (-1, ValueError),
        (8, ValueError),
        (2**63, ValueError),
        (2**64 + 1, ValueError),
        (-(10**30), ValueError),
        (1.5, TypeError),
        (1.0, TypeError),
        (np.float64(1.0), TypeError),
        (float("nan"), TypeError),
        ("a", TypeError),
        (True, TypeError),
        (np.True_, TypeError),
        ([1], TypeError),
        (np.array([1, 2]), TypeError),
    ],
    ids=repr,
)
@pytest.mark.parametrize("name", ["X", "Y"])
@pytest.mark.parametrize("function", WITH_IDS)
def test_anything_but_an_id_of_the_vocabulary_is_refused(
    function: str, name: str, value: Any, exception: type[Exception]
) -> None:
    arguments = GOOD[function]()
    arguments[name][2] = value
    came = re.escape(repr(value)) if exception is ValueError else type(value).__name__
    with refused(
        exception, rf"\b{name}\b", f"{came}|{re.escape(repr(value))}", unchanged=arguments
    ):
        getattr(nb, function)(**arguments)


@pytest.mark.parametrize("function", WITH_IDS)
def test_the_first_id_beyond_the_output_vocabulary_is_refused(function: str) -> None:
    arguments = GOOD[function]()
    arguments["Y"][0] = N_Y  # valid as an input, as there is one more of those
    with refused(ValueError, r"\bY\b", str(N_Y), unchanged=arguments):
        getattr(nb, function)(**arguments)


@pytest.mark.parametrize("function", WITH_IDS)
def test_none_is_not_a_target(function: str) -> None:
    arguments = GOOD[function]()
    arguments["Y"][1] = None
    with refused(TypeError, r"\bY\b", "None", unchanged=arguments):
        getattr(nb, function)(**arguments)


@pytest.mark.parametrize("shorter", ["X", "Y"])
@pytest.mark.parametrize("function", WITH_IDS)
def test_x_and_y_of_different_length_are_refused(function: str, shorter: str) -> None:
    arguments = GOOD[function]()
    del arguments[shorter][-1]
    with refused(ValueError, r"\bX\b", r"\bY\b", "3", "4", unchanged=arguments):
        getattr(nb, function)(**arguments)


@pytest.mark.parametrize("function", WITH_IDS)
def test_empty_x_and_y_are_refused(function: str) -> None:
    arguments = GOOD[function]() | {"X": [], "Y": []}
    with refused(ValueError, r"\bX\b", "empty|at least one", unchanged=arguments):
        getattr(nb, function)(**arguments)


@pytest.mark.parametrize("value", [None, 3, "abcd", {0: 1}, 1.5], ids=repr)
@pytest.mark.parametrize("name", ["X", "Y"])
@pytest.mark.parametrize("function", WITH_IDS)
def test_anything_but_a_sequence_of_ids_is_refused(function: str, name: str, value: Any) -> None:
    arguments = GOOD[function]() | {name: value}
    with refused(TypeError, rf"\b{name}\b", unchanged=arguments):
        getattr(nb, function)(**arguments)


@pytest.mark.parametrize("vocab_size", [N_X - 1, N_X + 1, 0, -1])
def test_rnn_forward_refuses_a_vocab_size_that_contradicts_wax(vocab_size: int) -> None:
    arguments = GOOD["rnn_forward"]() | {"vocab_size": vocab_size}
    wanted = str(N_X) if vocab_size > 0 else ""
    with refused(ValueError, "vocab_size", str(vocab_size), wanted, unchanged=arguments):
        nb.rnn_forward(**arguments)


# ---- the cache of rnn_backward ------------------------------------------------------------------


@pytest.mark.parametrize("part", [0, 1, 2], ids=["y_hat", "a", "x"])
def test_a_time_step_missing_in_the_cache_is_named(part: int) -> None:
    arguments = GOOD["rnn_backward"]()
    del arguments["cache"][part][2]
    with refused(ValueError, rf"\b{('y_hat', 'a', 'x')[part]}\b", "2", unchanged=arguments):
        nb.rnn_backward(**arguments)


def test_the_initial_state_missing_in_the_cache_is_named() -> None:
    arguments = GOOD["rnn_backward"]()
    del arguments["cache"][1][-1]
    with refused(ValueError, r"\ba\b", "-1", unchanged=arguments):
        nb.rnn_backward(**arguments)


@pytest.mark.parametrize("cache", [None, 1, (), ({}, {}), ([], [], []), ({}, {}, {}, {})], ids=repr)
def test_anything_but_a_cache_is_refused(cache: Any) -> None:
    arguments = GOOD["rnn_backward"]() | {"cache": cache}
    with refused((TypeError, ValueError), "cache", unchanged=arguments):
        nb.rnn_backward(**arguments)


# ---- numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "exception"),
    [
        (-1, ValueError),
        (-1e-300, ValueError),
        (float("nan"), ValueError),
        (float("-inf"), ValueError),
        ("5", TypeError),
        (None, TypeError),
        ([5], TypeError),
        (1j, TypeError),
    ],
    ids=repr,
)
def test_clip_refuses_anything_but_a_limit(value: Any, exception: type[Exception]) -> None:
    arguments = GOOD["clip"]() | {"maxValue": value}
    came = re.escape(repr(value)) + "|" + type(value).__name__
    with refused(exception, "maxValue", came, unchanged=arguments):
        nb.clip(**arguments)


@pytest.mark.parametrize(
    ("value", "exception"),
    [
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        (float("-inf"), ValueError),
        ("0.01", TypeError),
        (None, TypeError),
        ([0.01], TypeError),
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    ("function", "name"), [("optimize", "learning_rate"), ("update_parameters", "lr")]
)
def test_anything_but_a_learning_rate_is_refused(
    function: str, name: str, value: Any, exception: type[Exception]
) -> None:
    arguments = GOOD[function]() | {name: value}
    came = re.escape(repr(value)) + "|" + type(value).__name__
    with refused(exception, rf"\b{name}\b", came, unchanged=arguments):
        getattr(nb, function)(**arguments)


@pytest.mark.parametrize(
    ("seed", "exception"),
    [
        (-1, ValueError),
        (2**32, ValueError),
        (2**64, ValueError),
        (-(10**30), ValueError),
        (1.5, TypeError),
        ("1", TypeError),
        (None, TypeError),
    ],
    ids=repr,
)
def test_sample_refuses_anything_but_a_seed(seed: Any, exception: type[Exception]) -> None:
    arguments = GOOD["sample"]() | {"seed": seed}
    came = re.escape(repr(seed)) + "|" + type(seed).__name__
    with refused(exception, "seed", came, unchanged=arguments):
        nb.sample(**arguments)


@pytest.mark.parametrize("seed", [2**32 - 98, 2**32 - 1])
def test_sample_refuses_a_seed_that_grows_too_large_on_the_way(seed: int) -> None:
    arguments = GOOD["sample"]() | {"seed": seed}
    arguments["parameters"]["by"][0] = -1000.0  # never the newline, so there are fifty draws
    with refused(ValueError, "seed", unchanged=arguments):
        nb.sample(**arguments)


@pytest.mark.parametrize(
    ("char_to_ix", "exception"),
    [
        ({}, ValueError),
        ({"a": 1}, ValueError),
        ({"\n": -1}, ValueError),
        ({"\n": N_X}, ValueError),
        ({"\n": 10**30}, ValueError),
        ({"\n": "0"}, TypeError),
        ({"\n": 0.0}, TypeError),
        ({"\n": None}, TypeError),
        (None, TypeError),
        ([0], TypeError),
    ],
    ids=repr,
)
def test_sample_refuses_a_dictionary_without_a_good_newline(
    char_to_ix: Any, exception: type[Exception]
) -> None:
    arguments = GOOD["sample"]() | {"char_to_ix": char_to_ix}
    with refused(exception, "char_to_ix", unchanged=arguments):
        nb.sample(**arguments)


@pytest.mark.parametrize(("n_x", "n_y"), [(7, 8), (8, 7)])
def test_sample_refuses_a_network_that_cannot_read_what_it_writes(n_x: int, n_y: int) -> None:
    arguments = GOOD["sample"]() | {"parameters": make_parameters(N_A, n_x, n_y)}
    with refused(ValueError, r"\bW(ax|ya)\b", r"\b7\b", r"\b8\b", unchanged=arguments):
        nb.sample(**arguments)


@pytest.mark.parametrize("name", ["n_a", "n_x", "n_y"])
@pytest.mark.parametrize(
    ("value", "exception"),
    [(0, ValueError), (-1, ValueError), (2.0, TypeError), ("2", TypeError), (None, TypeError)],
)
def test_initialize_parameters_refuses_anything_but_a_size(
    name: str, value: Any, exception: type[Exception]
) -> None:
    sizes = {"n_a": 3, "n_x": 3, "n_y": 3} | {name: value}
    with refused(exception, rf"\b{name}\b", re.escape(repr(value)) + "|" + type(value).__name__):
        nb.initialize_parameters(**sizes)


@pytest.mark.parametrize("name", ["n_a", "n_x", "n_y"])
@pytest.mark.parametrize("value", [2**62, 2**63, 10**30])
def test_initialize_parameters_of_an_impossible_size_fails_cleanly(name: str, value: int) -> None:
    with pytest.raises((ValueError, MemoryError)):
        nb.initialize_parameters(**({"n_a": 3, "n_x": 3, "n_y": 3} | {name: value}))


@pytest.mark.parametrize("value", [None, "ab", [1.0], np.zeros((2, 1), int)], ids=repr)
def test_softmax_refuses_anything_but_an_array_of_floats(value: Any) -> None:
    with refused(TypeError, r"\bx\b"):
        nb.softmax(value)


# ---- model --------------------------------------------------------------------------------------

CHARACTERS = "\nabcde"


def for_model() -> Arguments:
    return {
        "data": "abc\ndea\n",
        "ix_to_char": dict(enumerate(CHARACTERS)),
        "char_to_ix": {character: ix for ix, character in enumerate(CHARACTERS)},
        "num_iterations": 3,
        "vocab_size": len(CHARACTERS),
    }


@pytest.mark.parametrize(
    ("name", "value", "exception"),
    [
        ("num_iterations", -1, ValueError),
        ("num_iterations", 1.5, TypeError),
        ("num_iterations", "3", TypeError),
        ("num_iterations", None, TypeError),
        ("num_iterations", -(10**30), ValueError),
        ("n_a", 0, ValueError),
        ("n_a", -5, ValueError),
        ("n_a", 50.0, TypeError),
        ("dino_names", -1, ValueError),
        ("dino_names", 7.0, TypeError),
        ("vocab_size", 5, ValueError),
        ("vocab_size", 7, ValueError),
        ("vocab_size", 27, ValueError),
        ("vocab_size", 0, ValueError),
        ("vocab_size", 6.0, TypeError),
        ("learning_rate", float("nan"), ValueError),
        ("learning_rate", float("inf"), ValueError),
        ("learning_rate", "fast", TypeError),
        ("max_value", -1, ValueError),
        ("max_value", float("nan"), ValueError),
        ("max_value", None, TypeError),
        ("print_every", 0, ValueError),
        ("print_every", -2000, ValueError),
        ("print_every", 1.5, TypeError),
        ("seed", -1, ValueError),
        ("seed", 2**32 - 1, ValueError),  # one more seeds the initial parameters
        ("seed", 2**32, ValueError),
        ("seed", 0.5, TypeError),
        ("dtype", "float16", ValueError),
        ("dtype", "int64", ValueError),
        ("dtype", "double trouble", ValueError),
        ("data", "", ValueError),
        ("data", "\n \n\t\n", ValueError),
        ("data", [], ValueError),
        ("data", ["", "  "], ValueError),
        ("data", b"abc\n", TypeError),
        ("data", None, TypeError),
        ("data", 7, TypeError),
        ("data", ["abc", 7], TypeError),
        ("data", ["abc", None], TypeError),
        ("data", [["abc"]], TypeError),
        ("char_to_ix", None, TypeError),
        ("char_to_ix", list(CHARACTERS), TypeError),
        ("ix_to_char", None, TypeError),
        ("ix_to_char", list(CHARACTERS), TypeError),
    ],
    ids=repr,
)
def test_model_refuses_a_bad_argument_by_name(
    name: str, value: Any, exception: type[Exception], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = for_model() | {name: value}
    with refused(exception, rf"\b{name}\b", unchanged=arguments):
        nb.model(**arguments)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("data", "character", "line", "column"),
    [
        ("abc\nd1a\n", "1", 2, 2),
        ("abc\n\n  ab-c\n", "-", 3, 5),
        ("abc\r\nABé\r\n", "é", 2, 3),
        ("a b\n", " ", 1, 2),
        ("ab\nxyz", "x", 2, 1),
        (["abc", "", "  dd?"], "?", 3, 5),
        (["zabc\n", "abc\n"], "z", 1, 1),
    ],
)
def test_a_character_missing_in_char_to_ix_is_shown_with_its_place(
    data: Any, character: str, line: int, column: int
) -> None:
    arguments = for_model() | {"data": data}
    place = (rf"\bline {line}\b", rf"\bcolumn {column}\b")
    with refused(ValueError, re.escape(repr(character)), *place, unchanged=arguments):
        nb.model(**arguments)


def test_a_character_that_grows_in_lower_case_is_shown_with_its_line() -> None:
    arguments = for_model() | {"data": "abc\nİ\n"}
    with refused(ValueError, r"\bline 2\b", unchanged=arguments):
        nb.model(**arguments)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("ix_to_char", {1: "b", 2: "a"}),
        ("ix_to_char", {6: "f"}),
        ("ix_to_char", {1: "\n"}),
        ("char_to_ix", {"a": 2}),
        ("char_to_ix", {"a": -1}),
        ("char_to_ix", {"a": 6}),
        ("char_to_ix", {"a": 10**30}),
        ("char_to_ix", {"f": 6}),
    ],
    ids=repr,
)
def test_dictionaries_that_are_not_inverse_to_each_other_are_refused(
    name: str, change: dict[Any, Any]
) -> None:
    arguments = for_model()
    arguments[name] |= change
    with refused(ValueError, "ix_to_char|char_to_ix|vocab_size", unchanged=arguments):
        nb.model(**arguments)


@pytest.mark.parametrize("missing", [0, 3, 5])
def test_an_id_missing_in_ix_to_char_is_refused(missing: int) -> None:
    arguments = for_model()
    del arguments["ix_to_char"][missing]
    with refused(ValueError, "ix_to_char", unchanged=arguments):
        nb.model(**arguments)


@pytest.mark.parametrize(("key", "value"), [("a", 1.0), ("a", "1"), ("a", None), (7, 6), ("ab", 6)])
def test_char_to_ix_must_lead_from_characters_to_integers(key: Any, value: Any) -> None:
    arguments = for_model()
    arguments["char_to_ix"][key] = value
    with refused((TypeError, ValueError), "char_to_ix|vocab_size", unchanged=arguments):
        nb.model(**arguments)


def test_model_refuses_dictionaries_without_a_newline() -> None:
    arguments = for_model() | {
        "char_to_ix": {character: ix for ix, character in enumerate("abcdef")},
        "ix_to_char": dict(enumerate("abcdef")),
    }
    with refused(ValueError, "char_to_ix", "newline|\\\\n", unchanged=arguments):
        nb.model(**arguments)


@pytest.mark.parametrize("n_a", [2**40, 2**62, 10**30])
def test_model_of_an_impossible_size_fails_cleanly(n_a: int) -> None:
    with pytest.raises((ValueError, MemoryError)):
        nb.model(**(for_model() | {"n_a": n_a}))


@pytest.mark.parametrize("function", GOOD)
def test_the_calls_that_are_spoiled_above_are_valid_before_that(function: str) -> None:
    getattr(nb, function)(**GOOD[function]())
    if function != "rnn_backward":
        getattr(nb, function)(**square(function))


def test_the_call_of_model_that_is_spoiled_above_is_valid_before_that() -> None:
    nb.model(**for_model(), verbose=False)


def test_a_dictionary_that_cannot_be_changed_is_refused_before_its_arrays_are() -> None:
    arguments = GOOD["rnn_step_backward"]()
    gradients = arguments["gradients"]
    arguments["gradients"] = MappingProxyType(gradients)
    with refused(TypeError, "gradients is", "dictionary", unchanged=gradients):
        nb.rnn_step_backward(**arguments)
