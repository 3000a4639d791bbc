"""The core protects itself: hostile calls of ``dinorc._core`` raise, and never crash.

The package checks arguments and explains; here the compiled functions are called directly, with
junk. A failure of this test is typically a dead process, not an assertion.
"""

from __future__ import annotations

import gc
import inspect
import random
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dinorc import _core
from helpers import GRADIENTS, PARAMETERS, Arrays, make_gradients, make_parameters

CALLS_EACH = 400


class Hostile:
    """An object whose every protocol fails."""

    def __index__(self) -> int:
        raise RuntimeError("no index")

    def __float__(self) -> float:
        raise RuntimeError("no float")

    def __len__(self) -> int:
        raise RuntimeError("no length")

    def __iter__(self) -> Any:
        raise RuntimeError("no items")

    def __getitem__(self, key: Any) -> Any:
        raise RuntimeError("no item")

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("no array")


def any_array(rng: random.Random) -> Any:
    """Make an array, mostly of a shape and type that fits somewhere."""
    side = (0, 1, 2, 3, 5)
    shape: tuple[int, ...] = rng.choice(
        [
            (rng.choice(side), rng.choice(side)),
            (rng.choice(side), 1),
            (rng.choice(side),),
            (),
            (2,) * 3,
        ]
    )
    dtype = rng.choice(["f8"] * 8 + ["f4"] * 3 + ["f2", ">f8", "i8", "i4", "c16", "?", "O", "U3"])
    array = np.ones(shape, dtype)
    match rng.randrange(8):
        case 0:
            array = np.asfortranarray(array)
        case 1 if array.ndim:
            array = np.repeat(array, 2, axis=0)[::2]
        case 2 if array.ndim:
            array = array[::-1]
        case 3:
            array.flags.writeable = False
        case 4 if array.dtype.kind == "f":
            array.fill(rng.choice([np.nan, np.inf, -np.inf, 1e4]))
        case 5 if array.ndim:
            array = np.broadcast_to(array[:1], array.shape)
    return array


def any_int(rng: random.Random) -> Any:
    """Make an integer: small, or beyond any limit (never merely large, which would be slow)."""
    return rng.choice([0, 1, 2, 3, 5, -1, -(2**31), 2**62, 2**63, 2**64, -(2**63), 10**30])


def any_float(rng: random.Random) -> Any:
    """Make a number, possibly none."""
    return rng.choice([0.0, 0.01, 5.0, -1.0, float("nan"), float("inf"), -0.0, 1e308, 5e-324])


def any_junk(rng: random.Random) -> Any:
    """Make anything."""
    plain = [None, True, "", "rex\nyi\n", "float64", b"\xff", 1j, object(), Hostile(), int, len, {}]
    return rng.choice(
        [lambda _: rng.choice(plain), any_array, any_int, any_float, lambda _: [rng.choice(plain)]]
    )(rng)


SIZES = {"n_a": 3, "n_x": 5, "n_y": 5}

# Sound arguments by the names that the core gives them, with these sizes.
SOUND: dict[str, Callable[[str], Any]] = {
    **{name: lambda dtype, name=name: sound_parameters(dtype)[name] for name in PARAMETERS},
    **{name: lambda dtype, name=name: sound_gradients(dtype)[name] for name in GRADIENTS},
    **dict.fromkeys(("a", "a0", "a_prev", "da_next"), lambda dtype: np.full((3, 1), 0.5, dtype)),
    **dict.fromkeys(("x", "dy", "array", "gradients"), lambda dtype: np.full((5, 1), 0.5, dtype)),
    "parameters": lambda dtype: np.full((5, 1), 0.25, dtype),
    "p": lambda dtype: np.full(5, 0.2, dtype),
    "X": lambda dtype: np.array([-1, 2, 4], np.int32),
    "Y": lambda dtype: np.array([2, 4, 0], np.int32),
    "characters": lambda dtype: np.array([2, 4, 0, 1, 0], np.int32),
    "ends": lambda dtype: np.array([3, 5], np.int64),
    "learning_rate": lambda dtype: 0.01,
    "maximum": lambda dtype: 5.0,
    "smoothed_loss": lambda dtype: 20.0,
    "count": lambda dtype: 3,
    "end_character": lambda dtype: 0,
    "limit": lambda dtype: 50,
    "seed": lambda dtype: 0,
    "size": lambda dtype: 4,
    "written": lambda dtype: True,
}

# Where a very large number is a right one, and would only take very long.
NEVER_LARGE = ("count", "limit")


def sound_parameters(dtype: str) -> Arrays:
    """Make parameters that fit the other sound arguments."""
    return make_parameters(**SIZES, dtype=dtype)


def sound_gradients(dtype: str) -> Arrays:
    """Make gradients that fit the other sound arguments."""
    return make_gradients(**SIZES, dtype=dtype)


def any_ids(rng: random.Random) -> Any:
    """Make a vector of integers, some far out of any range."""
    dtype = rng.choice([np.int32, np.int32, np.int64, np.int64, np.uint32, np.int16, np.float64])
    ids = [rng.choice([-5, -1, 0, 1, 2, 4, 9, 2**14]) for _ in range(rng.randrange(6))]
    return np.array(ids).astype(dtype)


def spoiled(name: str, sound: Any, rng: random.Random) -> Any:
    """Make something else of an argument: mostly of its kind, but wrong."""
    if rng.random() < 0.2:
        made = any_junk(rng)
    elif isinstance(sound, np.ndarray) and sound.dtype.kind == "f":
        made = any_array(rng)
    elif isinstance(sound, np.ndarray) and sound.ndim == 1:
        extreme = np.full(len(sound), rng.choice([-(2**31), 2**31 - 1]), sound.dtype)
        made = rng.choice([any_ids(rng), any_ids(rng), extreme, sound[::-1], any_array(rng)])
    else:
        made = any_float(rng) if isinstance(sound, float) else any_int(rng)
    is_large = isinstance(made, int) and made > 1000
    return sound if name in NEVER_LARGE and is_large else made


def arguments_for(names: list[str], rng: random.Random) -> list[Any]:
    """Make arguments by name, most of them sound, so that the checks behind the first are met."""
    dtype = rng.choice(["f8", "f4"])
    made = [SOUND[name](dtype) if name in SOUND else any_junk(rng) for name in names]
    share = rng.choice([0.0, 1 / max(len(names), 1), 0.3, 1.0])
    return [
        spoiled(name, value, rng) if rng.random() < share else value
        for name, value in zip(names, made, strict=True)
    ]


def split_arguments(text: str) -> list[str]:
    """Split a signature at the commas outside of brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def signatures(function: Any) -> list[list[str]]:
    """Read the arguments of each overload from the docstring that the binding wrote."""
    found = re.findall(r"^(?:\d+\. )?\w+\((.*)\)(?: -> .*)?$", function.__doc__ or "", re.MULTILINE)
    listed = [split_arguments(text) for text in found if text != "*args, **kwargs"]
    return [[a for a in arguments if a not in ("*", "/")] for arguments in listed] or [[]]


def callables() -> dict[str, Any]:
    """List everything in the core that can be called, methods of classes included."""
    found: dict[str, Any] = {}
    for name in dir(_core):
        value = getattr(_core, name)
        if name.startswith("__") or not callable(value):
            continue
        found[name] = value
        if inspect.isclass(value):
            for member in dir(value):
                if callable(getattr(value, member)) and not member.startswith("__"):
                    found[f"{name}.{member}"] = getattr(value, member)
    return found


CALLABLES = callables()


def call(function: Any, arguments: list[Any]) -> None:
    """Call, and accept any outcome but a crash."""
    try:
        function(*arguments)
    except Exception as error:
        assert not isinstance(error, SystemError), error


def test_there_is_something_to_call() -> None:
    assert "RandomState" in CALLABLES
    assert "RandomState.choice" in CALLABLES


@pytest.mark.parametrize("name", CALLABLES)
def test_junk_raises_and_never_crashes(name: str) -> None:
    rng = random.Random(name)
    function = CALLABLES[name]
    for _ in range(CALLS_EACH):
        call(function, [any_junk(rng) for _ in range(rng.randrange(9))])


@pytest.mark.parametrize("name", CALLABLES)
def test_arguments_that_are_nearly_right_raise_or_work_and_never_crash(name: str) -> None:
    rng = random.Random(name)
    function = CALLABLES[name]
    owner = name.rpartition(".")[0]
    for _ in range(CALLS_EACH):
        for wanted in signatures(function.__init__ if inspect.isclass(function) else function):
            names = [argument.split(":")[0].split("=")[0].strip() for argument in wanted]
            arguments = arguments_for([n for n in names if n != "self"], rng)
            if owner:
                arguments.insert(0, sound_instance(owner, rng))
            call(function, arguments)


def sound_instance(owner: str, rng: random.Random) -> Any:
    """Make an object of a class of the core."""
    cls = getattr(_core, owner)
    (wanted,) = signatures(cls.__init__)
    names = [argument.split(":")[0] for argument in wanted if not argument.startswith("self")]
    dtype = rng.choice(["f8", "f4"])
    return cls(*[SOUND[name](dtype) for name in names])


def test_every_argument_of_the_core_has_a_sound_value_here() -> None:
    unknown = {
        argument.split(":")[0]
        for function in CALLABLES.values()
        for wanted in signatures(function.__init__ if inspect.isclass(function) else function)
        for argument in wanted
    }
    assert unknown - set(SOUND) <= {"self"}


def test_a_property_read_from_none_raises() -> None:
    for value in vars(_core).values():
        if inspect.isclass(value):
            for member in vars(value).values():
                if isinstance(member, property):
                    with pytest.raises(TypeError):
                        member.fget(None)


def test_a_trainer_keeps_a_copy_of_what_it_was_made_from() -> None:
    arguments = [SOUND[n]("f8") for n in ("Wax", "Waa", "Wya", "b", "by", "characters", "ends")]
    trainer, twin = (_core.OnlineTrainer(*arguments, 0.01, 5.0) for _ in range(2))
    expected = twin.run(20, 1.0)
    for array in arguments:
        array.fill(-1)
    del arguments
    gc.collect()
    assert trainer.run(20, 1.0) == expected
    assert trainer.iteration == 20


def test_an_object_made_without_its_constructor_raises() -> None:
    trainer = _core.OnlineTrainer.__new__(_core.OnlineTrainer)
    stream = _core.RandomState.__new__(_core.RandomState)
    parameters = list(sound_parameters("f8").values())
    for use in (
        lambda: trainer.iteration,
        lambda: trainer.run(1, 1.0),
        lambda: trainer.sample(0, 0, 3),
        lambda: trainer.copy_parameters(*parameters),
        stream.random_sample,
        lambda: stream.randn(3),
        lambda: stream.choice(np.full(2, 0.5)),
        lambda: stream.shuffled_indices(3),
    ):
        with pytest.raises(TypeError, match="__init__"):
            use()
