"""A good call of every function of the notebook that takes arrays, and ways to spoil it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import dinorc.notebook as nb
from helpers import GRADIENTS, PARAMETERS, Array, make_column, make_gradients, make_parameters

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


@dataclass(frozen=True)
class Fault:
    """A way to spoil an array, and what its refusal looks like."""

    label: str
    spoil: Callable[[Array], Any]
    exception: type[Exception]
    mention: str | None = None  # by default the shape that was passed
    is_type: bool = False  # wrong only where the array is written: what is read is converted

    def __str__(self) -> str:
        return self.label


FAULTS = [
    Fault("integers", lambda a: a.astype(np.int64), TypeError, "int64", is_type=True),
    Fault("booleans", lambda a: a > 0, TypeError, "bool", is_type=True),
    Fault("half precision", lambda a: a.astype(np.float16), TypeError, "float16", is_type=True),
    Fault(
        "single among double", lambda a: a.astype(np.float32), TypeError, "float32", is_type=True
    ),
    Fault("complex", lambda a: a.astype(np.complex128), TypeError, "complex128"),
    Fault("objects", lambda a: a.astype(object), TypeError, "object"),
    Fault("text", lambda a: a.astype("U9"), TypeError, "U9|str"),
    Fault(
        "byte-swapped",
        lambda a: a.astype(a.dtype.newbyteorder()),
        TypeError,
        ">f8|swapped",
        is_type=True,
    ),
    Fault("a list", lambda a: a.tolist(), TypeError, "list", is_type=True),
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
]

# No fault anywhere: what is read is copied, and what is written may be laid out in any way.
LAYOUTS: list[Callable[[Array], Array]] = [strided, np.asfortranarray, misaligned]
