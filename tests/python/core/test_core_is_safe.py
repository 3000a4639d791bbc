"""The core protects itself: hostile calls of ``dinorc._core`` raise, and never crash.

The package checks arguments and explains; here the compiled functions are called directly, with
junk. A failure of this test is typically a dead process, not an assertion.
"""

from __future__ import annotations

import contextlib
import gc
import inspect
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from core_signatures import signatures
from dinorc import _core
from helpers import GRADIENTS, PARAMETERS, Arrays, make_gradients, make_parameters
from processes import HERE

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
    """Make a float, possibly not a finite one."""
    return rng.choice([0.0, 0.01, 5.0, -1.0, float("nan"), float("inf"), -0.0, 1e308, 5e-324])


def any_junk(rng: random.Random) -> Any:
    """Make anything."""
    plain = [None, True, "", "rex\nyi\n", "float64", b"\xff", 1j, object(), Hostile(), int, len, {}]
    return rng.choice(
        [lambda _: rng.choice(plain), any_array, any_int, any_float, lambda _: [rng.choice(plain)]]
    )(rng)


SIZES = {"n_a": 3, "n_x": 5, "n_y": 5}

# Valid arguments by the names that the core gives them, with these sizes.
SOUND: dict[str, Callable[[str], Any]] = {
    **{name: lambda dtype, name=name: sound_parameters(dtype)[name] for name in PARAMETERS},
    **{name: lambda dtype, name=name: sound_gradients(dtype)[name] for name in GRADIENTS},
    **dict.fromkeys(("a", "a0", "a_prev", "da_next"), lambda dtype: np.full((3, 1), 0.5, dtype)),
    **dict.fromkeys(("x", "dy", "array", "gradients"), lambda dtype: np.full((5, 1), 0.5, dtype)),
    "rnn_backward.a": lambda dtype: np.full((4, 3, 1), 0.5, dtype),
    "rnn_backward.x": lambda dtype: np.full((3, 5, 1), 0.5, dtype),
    "y_hat": lambda dtype: np.full((3, 5, 1), 0.2, dtype),
    "parameters": lambda dtype: np.full((5, 1), 0.25, dtype),
    "p": lambda dtype: np.full(5, 0.2, dtype),
    "X": lambda dtype: np.array([-1, 2, 4], np.int32),
    "Y": lambda dtype: np.array([2, 4, 0], np.int32),
    "characters": lambda dtype: np.array([2, 4, 0, 1, 0], np.int32),
    "BatchTrainer.restore.characters": lambda dtype: 5,
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
    "network": lambda dtype: sound_network(dtype),
    "members": lambda dtype: [sound_network(dtype), sound_network("f8")],
    "weights": lambda dtype: np.array([0.25, 0.75]),
    "log_probabilities": lambda dtype: np.full((2, 7), -1.5),
    "prior": lambda dtype: np.array([0.5, 0.5]),
    "prior_characters": lambda dtype: 2.0,
    "cell": lambda dtype: "gru",
    "dtype": lambda dtype: np.dtype(dtype).name,
    "vocabulary_size": lambda dtype: 5,
    "hidden_size": lambda dtype: 3,
    "embedding_size": lambda dtype: 2,
    "unknown_log_probability": lambda dtype: -9.0,
    "n_jobs": lambda dtype: 2,
    "most_bytes": lambda dtype: 100_000,
    "batch_size": lambda dtype: 1,
    "epochs": lambda dtype: 3,
    "optimizer": lambda dtype: "adam",
    "schedule": lambda dtype: "one-cycle",
    "weight_decay": lambda dtype: 0.01,
    "dropout": lambda dtype: 0.25,
    "clip_value": lambda dtype: 5.0,
    "clip_norm": lambda dtype: 1.0,
    "first": lambda dtype: 0,
    "prefix": lambda dtype: np.array([2, 4], np.int32),
    "min_length": lambda dtype: 1,
    "max_length": lambda dtype: 20,
    "temperature": lambda dtype: 0.5,
    "top_k": lambda dtype: 3,
    "top_p": lambda dtype: 0.9,
    "next_states": lambda dtype: np.array([[-1, 0, 1, 0, 0], [-1, 0, -1, 1, 0]], np.int32),
    "accepting": lambda dtype: np.array([True, True]),
    "conditions": lambda dtype: sound_conditions(),
    "known": lambda dtype: sound_known_names(),
    "min_distance": lambda dtype: 2,
    "unique": lambda dtype: True,
    "most_candidates": lambda dtype: 200,
    "model": lambda dtype: sound_network(dtype),
    "wanted": lambda dtype: 3,
    "verdicts": lambda dtype: np.zeros(0, np.uint8),
    "seconds": lambda dtype: 0.0,
    "epoch": lambda dtype: 1,
    "batch": lambda dtype: 1,
    "loss_sum": lambda dtype: 7.5,
    # Of the names 1 and 2 4, in ascending order.
    "learn_ngrams.characters": lambda dtype: np.array([1, 0, 2, 4, 0], np.int32),
    "learn_ngrams.ends": lambda dtype: np.array([2, 5], np.int64),
    "copies": lambda dtype: np.array([1, 2], np.uint32),
    "least_order": lambda dtype: 2,
    "greatest_order": lambda dtype: 3,
    "NGramModel.characters": lambda dtype: np.array([0, 1, 2, 4, 0, 4, 0, 1, 2], np.int32),
    "branches": lambda dtype: np.array([4, 1, 1, 1, 2], np.uint32),
    "counts": lambda dtype: np.array([1, 2, 2, 1, 2], np.uint32),
    "discounts": lambda dtype: np.array([[0.5, 1.0, 1.5], [0.6, 1.1, 1.6]]),
    "label_count": lambda dtype: 0,
    "LabelledNetwork.network": lambda dtype: sound_network(dtype, label_count=3),
    "label": lambda dtype: 2,
    "labels": lambda dtype: [sound_network(dtype), sound_network("f8")],
    "log_shares": lambda dtype: np.array([-0.5, -1.0]),
    "moments": lambda dtype: np.zeros(2 * sound_network(dtype).flat.size, dtype),
}

# Where a very large number is valid, and would only take very long.
NEVER_LARGE = ("count", "limit", "most_candidates")


def sound_parameters(dtype: str) -> Arrays:
    """Make parameters that fit the other sound arguments."""
    return make_parameters(**SIZES, dtype=dtype)


def sound_gradients(dtype: str) -> Arrays:
    """Make gradients that fit the other sound arguments."""
    return make_gradients(**SIZES, dtype=dtype)


def sound_network(dtype: str, label_count: int = 0) -> _core.CharacterNetwork:
    """Make a network that fits the other sound arguments."""
    sizes = ("vocabulary_size", "hidden_size", "embedding_size")
    network = _core.CharacterNetwork(
        SOUND["cell"](dtype),
        SOUND["dtype"](dtype),
        *[SOUND[name](dtype) for name in sizes],
        label_count,
    )
    network.initialize(0)
    return network


def sound_conditions() -> _core.NameConditions:
    """Make conditions that fit the other sound arguments."""
    names = ("next_states", "accepting", "prefix", "min_length", "max_length")
    return _core.NameConditions(*[SOUND[name]("f8") for name in names])


def sound_known_names() -> _core.KnownNames:
    """Make known names that fit the other sound arguments."""
    return _core.KnownNames(*[SOUND[n]("f8") for n in ("characters", "ends", "vocabulary_size")])


def any_network(rng: random.Random) -> Any:
    """Make a network of other sizes, with numbers that are not finite, or without __init__."""
    if rng.random() < 0.3:
        return _core.CharacterNetwork.__new__(_core.CharacterNetwork)
    sizes = [rng.choice([2, 3, 5, 9]), rng.choice([1, 3, 17]), rng.choice([0, 1, 2])]
    sizes.append(rng.choice([0, 0, 1, 4]))
    network = _core.CharacterNetwork(
        rng.choice(_core.cells()), rng.choice(["float32", "float64"]), *sizes
    )
    network.flat.fill(rng.choice([0.0, np.nan, np.inf, 1e30]))
    return network


def any_word(rng: random.Random) -> Any:
    """Make a text, often one that some argument accepts."""
    known = ["rnn", "lstm", "sgd", "adam", "constant", "one-cycle", "float32", "float64"]
    return rng.choice([*known, "", "gru\0", "G" * 10_000, "\ud800", "float16"])


def any_ids(rng: random.Random) -> Any:
    """Make a vector of integers, some far out of any range."""
    dtypes = [np.int32, np.int32, np.int64, np.int64, np.uint32, np.uint32, np.int16, np.float64]
    dtype = rng.choice(dtypes)
    ids = [rng.choice([-5, -1, 0, 1, 2, 4, 9, 2**14]) for _ in range(rng.randrange(6))]
    return np.array(ids).astype(dtype)


def spoiled(name: str, sound: Any, rng: random.Random) -> Any:
    """Make a wrong value of an argument, mostly of the right kind."""
    if rng.random() < 0.2:
        made = any_junk(rng)
    elif isinstance(sound, np.ndarray) and sound.dtype.kind == "f":
        made = any_array(rng)
    elif isinstance(sound, np.ndarray) and sound.ndim == 1:
        limits = np.iinfo(sound.dtype if sound.dtype.kind in "iu" else np.uint8)
        ends = [limits.min, limits.max // 2, limits.max]
        extreme = np.full(len(sound), rng.choice(ends), sound.dtype)
        made = rng.choice([any_ids(rng), any_ids(rng), extreme, sound[::-1], any_array(rng)])
    elif isinstance(sound, _core.CharacterNetwork):
        made = any_network(rng)
    elif isinstance(sound, list):
        made = [*sound[: rng.randrange(3)], *rng.choice([[], [any_network(rng)], [any_junk(rng)]])]
    elif isinstance(sound, str):
        made = any_word(rng)
    else:
        made = any_float(rng) if isinstance(sound, float) else any_int(rng)
    is_large = isinstance(made, int) and made > 1000
    return sound if name in NEVER_LARGE and is_large else made


def sound_value(function: str, name: str, dtype: str) -> Any:
    """Make a valid argument of a function: names mean (nearly) the same in all functions."""
    return SOUND.get(f"{function}.{name}", SOUND[name])(dtype)


def arguments_for(function: str, names: list[str], rng: random.Random) -> list[Any]:
    """Make arguments by name, most of them valid, so that not only the first check is reached."""
    dtype = rng.choice(["f8", "f4"])
    made = [sound_value(function, name, dtype) for name in names]
    share = rng.choice([0.0, 1 / max(len(names), 1), 0.3, 1.0])
    return [
        spoiled(name, value, rng) if rng.random() < share else value
        for name, value in zip(names, made, strict=True)
    ]


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
            arguments = arguments_for(name, [n for n in names if n != "self"], rng)
            if owner:
                arguments.insert(0, sound_instance(owner, rng))
            call(function, arguments)


def sound_instance(owner: str, rng: random.Random) -> Any:
    """Make an object of a class of the core."""
    cls = getattr(_core, owner)
    (wanted,) = signatures(cls.__init__)
    names = [argument.split(":")[0] for argument in wanted if not argument.startswith("self")]
    dtype = rng.choice(["f8", "f4"])
    return cls(*[sound_value(owner, name, dtype) for name in names])


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


CLASSES = {name: value for name, value in vars(_core).items() if inspect.isclass(value)}


@pytest.mark.parametrize("name", CLASSES)
def test_no_class_can_be_inherited_from(name: str) -> None:
    for bases in ((CLASSES[name],), (CLASSES[name], *(set(CLASSES.values()) - {CLASSES[name]}))):
        with pytest.raises(TypeError, match="not an acceptable base type"):
            type("Heir", bases, {})


@pytest.mark.parametrize("name", CLASSES)
def test_no_object_changes_its_class(name: str) -> None:
    instance = sound_instance(name, random.Random(0))
    for other in set(CLASSES.values()) - {CLASSES[name]}:
        with pytest.raises(TypeError, match="__class__ assignment"):
            instance.__class__ = other


@pytest.mark.parametrize("name", CLASSES)
def test_an_object_that_lies_about_its_class_is_refused(name: str) -> None:
    liar = type("Liar", (), {"__class__": property(lambda _: CLASSES[name])})()
    assert isinstance(liar, CLASSES[name])
    for member, value in vars(CLASSES[name]).items():
        if isinstance(value, property):
            with pytest.raises(TypeError):
                value.fget(liar)
        elif not member.startswith("_"):
            arguments = [a.split(":")[0] for a in signatures(value)[0][1:]]
            with pytest.raises(TypeError):
                value(liar, *[sound_value(f"{name}.{member}", a, "f8") for a in arguments])


def test_a_constructor_called_by_its_own_argument_makes_one_object() -> None:
    (wanted,) = signatures(_core.OnlineTrainer.__init__)
    arguments = [SOUND[a.split(":")[0]]("f8") for a in wanted[1:]]
    trainers = [_core.OnlineTrainer.__new__(_core.OnlineTrainer)]
    expected = _core.OnlineTrainer(*arguments).run(5, 1.0)

    class CallsBack:
        def __float__(self) -> float:
            trainers[0].__init__(*arguments)
            return 5.0

    trainers[0].__init__(*arguments[:-1], CallsBack())
    trainers[0].__init__(*arguments)
    assert trainers.pop().run(5, 1.0) == expected  # a second object would not be found again


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


def sound_trainer(network: _core.CharacterNetwork, **other: Any) -> _core.BatchTrainer:
    """Make a trainer of a network."""
    made = {"weights": None} | other
    (wanted,) = signatures(_core.BatchTrainer.__init__)
    names = [argument.split(":")[0] for argument in wanted][2:]  # after self and the network
    dtype = network.flat.dtype.str[1:]
    return _core.BatchTrainer(network, *[made[n] if n in made else SOUND[n](dtype) for n in names])


def sound_drawing(network: _core.CharacterNetwork) -> _core.NameDrawing:
    """Make a drawing from a network."""
    (wanted,) = signatures(_core.NameDrawing.__init__)
    names = [argument.split(":")[0] for argument in wanted][2:]  # after self and the model
    return _core.NameDrawing(network, *[SOUND[n]("f8") for n in names])


def test_an_object_made_without_its_constructor_raises() -> None:
    trainer = _core.OnlineTrainer.__new__(_core.OnlineTrainer)
    network = _core.CharacterNetwork.__new__(_core.CharacterNetwork)
    batch_trainer = _core.BatchTrainer.__new__(_core.BatchTrainer)
    characters, ends = (SOUND[name]("f8") for name in ("characters", "ends"))
    stream = _core.RandomState.__new__(_core.RandomState)
    ngrams = _core.NGramModel.__new__(_core.NGramModel)
    conditions = _core.NameConditions.__new__(_core.NameConditions)
    known = _core.KnownNames.__new__(_core.KnownNames)
    drawing = _core.NameDrawing.__new__(_core.NameDrawing)
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
        lambda: network.flat,
        lambda: network.parameters,
        lambda: network.initialize(0),
        lambda: network.mean_loss(characters, ends, 1),
        lambda: network.sample(1, 0, 5, 1),
        lambda: network.most_likely(3, conditions, None, 0, 1000),
        lambda: sound_network("f8").most_likely(3, sound_conditions(), known, 0, 1000),
        lambda: conditions.can_be_met(),
        lambda: drawing.draw(3, 1),
        lambda: drawing.settle(np.zeros(0, np.uint8), 3),
        drawing.report,
        lambda: network.score(characters, ends, -9.0, 1),
        lambda: network.score_characters(characters[3:], -9.0),
        lambda: network.hidden_states(characters[:2]),
        lambda: network.most_likely(3, sound_conditions(), None, 0, 1000),
        lambda: network.next_characters(characters[:2]),
        lambda: ngrams.sample(1, 0, 5, 1),
        lambda: ngrams.score(characters, ends, -9.0, 1),
        lambda: ngrams.next_characters(characters[:2]),
        lambda: _core.BatchTrainer(
            network, characters, ends, 0, 1, 3, "adam", 0.01, "one-cycle", 0.01, 0.25, 5.0, 1.0
        ),
        lambda: batch_trainer.batch,
        lambda: batch_trainer.batches_per_epoch,
        lambda: batch_trainer.epoch,
        lambda: batch_trainer.epoch_loss,
        lambda: batch_trainer.learning_rate,
        lambda: batch_trainer.restore(0, 0, 0.0, 0, np.zeros(3)),
        lambda: batch_trainer.run(0.0, 1),
        batch_trainer.state,
    ):
        with pytest.raises(TypeError, match="__init__"):
            use()


def test_views_keep_the_network_alive() -> None:
    network = sound_network("f8")
    views = {"flat": network.flat, **network.parameters}
    expected = {name: view.copy() for name, view in views.items()}
    del network
    gc.collect()
    crowd = [sound_network("f8") for _ in range(100)]  # would take the place of freed memory
    for other in crowd:
        other.flat.fill(-1.0)
    for name, view in views.items():
        assert view.tobytes() == expected[name].tobytes(), name
    parts = [view for name, view in views.items() if name != "flat"]
    for part in parts:
        part.fill(2.0)
    assert (views["flat"] == 2.0).all()
    assert sum(part.size for part in parts) == views["flat"].size


def test_a_trainer_keeps_its_network_alive_and_copies_the_names() -> None:
    network, twin = sound_network("f8"), sound_network("f8")
    characters, ends = SOUND["characters"]("f8"), SOUND["ends"]("f8")
    trainer = sound_trainer(network, characters=characters, ends=ends)
    flat = network.flat
    characters.fill(-7)
    ends.fill(2**62)
    del network, characters, ends
    gc.collect()
    other = sound_trainer(twin)
    for _ in range(6):
        assert trainer.run(0.0, 2)
        assert other.run(0.0, 1)
    assert flat.tobytes() == twin.flat.tobytes()
    del trainer
    gc.collect()
    assert np.isfinite(flat).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e38])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("cell", _core.cells())
def test_parameters_that_are_not_finite_do_no_harm(cell: str, dtype: str, value: float) -> None:
    network = _core.CharacterNetwork(cell, np.dtype(dtype).name, 5, 3, 2)
    characters, ends = SOUND["characters"](dtype), SOUND["ends"](dtype)
    for places in (slice(None), slice(0, 1), slice(-1, None)):
        network.initialize(0)
        network.flat[places] = value
        before = network.flat.tobytes()
        network.score(characters, ends, -9.0, 2)
        network.score_characters(characters[3:], -9.0)
        network.next_characters(characters[:2])
        network.hidden_states(characters[:2])
        with contextlib.suppress(ValueError):  # if a probability is not a number
            network.most_likely(20, sound_conditions(), None, 0, 100_000)
        network.mean_loss(characters, ends, 2)
        drawn, drawn_ends = network.sample(20, 0, 7, 2)
        assert len(drawn_ends) == 20
        with contextlib.suppress(ValueError):
            drawing = sound_drawing(network)
            questions, ends_of_questions, _ = drawing.draw(3, 2)
            assert ((questions >= 0) & (questions < 5)).all()
            drawing.settle(np.zeros(len(ends_of_questions), np.uint8), 3)
        assert drawn.min() >= 0
        assert drawn.max() < 5
        trainer = sound_trainer(network)
        if not trainer.run(0.0, 2):
            assert network.flat.tobytes() == before
            assert (trainer.epoch, trainer.batch) == (0, 0)


def many_names() -> dict[str, Any]:
    """Make names that take a network some time."""
    names = 2000
    characters = np.random.default_rng(0).integers(1, 5, (names, 12), dtype=np.int32)
    characters[:, -1] = 0
    ends = np.arange(1, names + 1, dtype=np.int64) * characters.shape[1]
    return {"characters": characters.ravel(), "ends": ends}


def test_other_threads_cannot_use_a_network_in_training() -> None:
    names = many_names()
    network = _core.CharacterNetwork("lstm", "float32", 5, 64, 0)
    network.initialize(0)
    trainer = sound_trainer(network, **names, batch_size=len(names["ends"]), epochs=1000)
    rival = sound_trainer(network, **names)
    uses: dict[str, Callable[[], Any]] = {
        "run": lambda: trainer.run(0.0, 1),
        "state": trainer.state,
        "epoch": lambda: trainer.epoch,
        "restore": lambda: trainer.restore(0, 0, 0.0, 0, np.zeros(0, np.float32)),
        "rival": lambda: rival.run(0.0, 1),
        "flat": lambda: network.flat,
        "parameters": lambda: network.parameters,
        "initialize": lambda: network.initialize(1),
        "score": lambda: network.score(names["characters"], names["ends"], -9.0, 1),
        "mean_loss": lambda: network.mean_loss(names["characters"], names["ends"], 1),
        "sample": lambda: network.sample(3, 0, 5, 1),
        "draw": lambda: sound_drawing(network).draw(3, 1),
        "hidden_states": lambda: network.hidden_states(names["characters"][:3]),
        "most_likely": lambda: network.most_likely(3, sound_conditions(), None, 0, 100_000),
        "next_characters": lambda: network.next_characters(names["characters"][:3]),
        "new trainer": lambda: sound_trainer(network),
    }
    refused: set[str] = set()
    enough = threading.Event()
    unexpected: list[BaseException] = []

    def train() -> None:
        while not enough.is_set():
            try:
                trainer.run(0.2, 1)
            except RuntimeError:  # the other thread was first
                pass
            except BaseException as error:
                unexpected.append(error)
                return

    thread = threading.Thread(target=train)
    thread.start()
    try:
        deadline = time.monotonic() + 60
        while refused != set(uses) and thread.is_alive() and time.monotonic() < deadline:
            for name in set(uses) - refused:
                try:
                    uses[name]()
                except RuntimeError as error:
                    assert "another thread" in str(error)
                    refused.add(name)
                except ValueError:  # from "restore", if it was let in
                    pass
    finally:
        enough.set()
        thread.join()
    assert unexpected == []
    assert refused == set(uses)
    assert trainer.run(0.0, 1)  # and nobody is locked out for good


def test_two_trainers_of_two_networks_work_at_the_same_time() -> None:
    names = many_names()

    def trained(flats: list[bytes]) -> None:
        network = sound_network("f4")
        trainer = sound_trainer(network, **names, batch_size=500)
        while trainer.epoch < 2:
            trainer.run(0.0, 2)
        flats.append(network.flat.tobytes())

    flats: list[bytes] = []
    threads = [threading.Thread(target=trained, args=(flats,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trained(flats)
    assert len(flats) == 4
    assert len(set(flats)) == 1


# With a limit on memory, in case the machine hands out more memory than it has.
TOO_LARGE = """
import resource
from dinorc import _core
from memory import most_bytes
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
for cell in _core.cells():
    for dtype in ("float32", "float64"):
        for sizes in ((1_000_000, 65_536, 0), (1_114_113, 65_536, 65_536), (2, 65_536, 0)):
            try:
                _core.CharacterNetwork(cell, dtype, *sizes)
            except MemoryError:
                print("refused")
assert most_bytes() < 1 << 30, f"{most_bytes()} bytes were touched before it was refused"
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory as Linux does")
def test_sizes_beyond_the_memory_raise_before_memory_is_touched() -> None:
    done = subprocess.run(
        [sys.executable, "-c", TOO_LARGE], cwd=HERE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["refused"] * (len(_core.cells()) * 2 * 3)


@pytest.mark.parametrize("name", ["vocabulary_size", "hidden_size", "embedding_size"])
@pytest.mark.parametrize("size", [-1, 2**31, 2**64])
def test_sizes_beyond_all_limits_are_refused_by_name(name: str, size: int) -> None:
    sizes = {"vocabulary_size": 5, "hidden_size": 3, "embedding_size": 2, name: size}
    with pytest.raises(ValueError, match=f"{name} is {size}"):
        _core.CharacterNetwork("rnn", "float32", **sizes)


def sound_ngrams(**other: Any) -> _core.NGramModel:
    """Make an n-gram model of the sound arguments, but for those given."""
    names = ("vocabulary_size", "branches", "characters", "counts", "discounts")
    return _core.NGramModel(
        *[other.get(name, sound_value("NGramModel", name, "f8")) for name in names]
    )


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("vocabulary_size", 4, "characters are out of range"),
        ("branches", np.array([4, 1, 1, 1], np.uint32), "some contexts are missing"),
        ("branches", np.array([4, 1, 1, 1, 3], np.uint32), "more than there are"),
        ("branches", np.array([4, 1, 1, 1, 2, 1], np.uint32), "too many"),
        ("branches", np.zeros(0, np.uint32), "some contexts are missing"),
        ("characters", np.array([0, 1, 2, 4, 0, 4, 0, 2, 1], np.int32), "out of order"),
        ("characters", np.array([0, 1, 2, 4, 0, 4, 0, 1, 3], np.int32), "without what it ends"),
        ("counts", np.array([1, 2, 2, 1], np.uint32), "counts are missing"),
        ("counts", np.array([1, 2, 2, 1, 2, 1], np.uint32), "too many counts"),
        ("counts", np.array([1, 2, 0, 1, 2], np.uint32), "missing or zero"),
        ("discounts", np.array([[0.5, 1.0, 1.5]]), "too many"),
        ("discounts", np.zeros((0, 3)), "order is out of range"),
        ("discounts", np.ones((2, 2)), r"shape \(2, 2\); expected \(order, 3\)"),
        ("discounts", np.array([[0.5, 1.0, 1.5], [0.0, 1.0, 1.5]]), "discount is out of range"),
        ("discounts", np.array([[0.5, 1.0, 1.5], [1.1, 1.0, 1.5]]), "discount is out of range"),
        ("discounts", np.array([[0.5, 1.0, 1.5], [0.5, np.nan, 1.5]]), "discount is out of range"),
    ],
)
def test_ngrams_that_no_names_have_are_refused(name: str, value: Any, message: str) -> None:
    assert sound_ngrams().next_characters(np.zeros(0, np.int32)).shape == (5,)
    with pytest.raises(ValueError, match=message):
        sound_ngrams(**{name: value})


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"characters": np.array([4, 0, 2, 1, 0], np.int32)}, "ascending order"),
        ({"characters": np.array([1, 0, 0, 4, 0], np.int32)}, "end with 0"),
        ({"characters": np.array([1, 3, 2, 4, 0], np.int32)}, "end with 0"),
        ({"copies": np.array([1], np.uint32)}, "copies"),
        ({"copies": np.array([1, 0], np.uint32)}, "copies"),
        ({"copies": np.array([2**32 - 1, 1], np.uint32)}, "4,294,967,295"),
        ({"least_order": 0}, "least_order is 0; expected 1 to 16"),
        ({"greatest_order": 17}, "greatest_order is 17; expected 1 to 16"),
        ({"least_order": 4}, "least_order is above greatest_order"),
    ],
)
def test_names_that_ngrams_cannot_be_counted_of_are_refused(
    other: dict[str, Any], message: str
) -> None:
    names = ("vocabulary_size", "characters", "ends", "copies", "least_order", "greatest_order")
    sound = {name: sound_value("learn_ngrams", name, "f8") for name in names}
    assert _core.learn_ngrams(*sound.values(), 0)["discounts"].shape[1] == 3
    with pytest.raises(ValueError, match=message):
        _core.learn_ngrams(*(sound | other).values(), 0)
