"""Bad input is refused with a message that says what came, and leaves everything as it was."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

import dinorc.notebook as nb
from helpers import Array, make_column, make_gradients, make_parameters, refused
from notebook_calls import (
    FAULTS,
    GOOD,
    N_A,
    N_X,
    N_Y,
    SLOTS,
    WRITTEN,
    Arguments,
    Fault,
    Slot,
)


def shape_pattern(array: Array) -> str:
    """Return a pattern for an array's shape, whole or by the number that does not fit."""
    whole = re.escape(str(array.shape))
    return rf"{whole}|\b{array.shape[0]} rows?|\b{array.shape[1]} col" if array.ndim == 2 else whole


def is_a_fault(slot: Slot, fault: Fault) -> bool:
    """Tell whether the spoiled array is really wrong in this place."""
    if fault.is_type and slot.name not in WRITTEN.get(slot.function, ()):
        return False
    if slot.function in ("optimize", "rnn_forward") and slot.name == "Wax":
        return "column" not in fault.label  # the input vocabulary may be of any size
    if slot.function == "rnn_step_forward" and slot.name in ("a_prev", "x"):
        return fault.label != "one column more"  # a column for each example
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


@pytest.mark.parametrize(
    "cache", [None, 1, (), ({}, {}), ([], [], []), ({}, {}, {}, {}), "yax"], ids=repr
)
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


@pytest.mark.parametrize("value", [None, "ab", 1.0, ["a"], [[1.0], [1.0, 2.0]], [1j]], ids=repr)
def test_softmax_refuses_anything_but_real_numbers(value: Any) -> None:
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
        ("ix_to_char", 7, TypeError),
        ("ix_to_char", list(CHARACTERS[1:]), ValueError),
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
