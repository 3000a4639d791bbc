"""Pickling, copying and joblib keep every bit; a damaged state is an error."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dinorc import CharRNN, NotFittedError
from dinorc._names.vocabulary import Vocabulary
from dinorc._storage.trained_network import parameter_shapes
from helpers import refused
from small_models import CELLS, NAMES, small

COPIES: dict[str, Callable[[CharRNN], CharRNN]] = {
    "pickle": lambda rnn: pickle.loads(pickle.dumps(rnn)),
    "pickle 2": lambda rnn: pickle.loads(pickle.dumps(rnn, protocol=2)),
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
}

# With the constant schedule, a model keeps everything that more epochs would need.
RESUMABLE: dict[str, Any] = {"schedule": "constant", "unknown": "rare", "random_state": 2**63}


@pytest.mark.parametrize("way", COPIES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cell", CELLS)
def test_a_copy_is_the_same_model(cell: str, dtype: str, way: str) -> None:
    rnn = small(cell=cell, dtype=dtype, **RESUMABLE).fit([*NAMES, " Zoe\u0308"])
    other = COPIES[way](rnn)
    assert other.fingerprint() == rnn.fingerprint()
    assert other.get_params() == rnn.get_params()
    assert other.history_ == rnn.history_
    assert other.names_report_ == rnn.names_report_
    assert (other.vocabulary_, other.best_epoch_, other.n_epochs_, other.seed_) == (
        rnn.vocabulary_,
        rnn.best_epoch_,
        rnn.n_epochs_,
        rnn.seed_,
    )
    assert other.score_samples(NAMES).tobytes() == rnn.score_samples(NAMES).tobytes()
    assert other.sample(20) == rnn.sample(20)


@pytest.mark.parametrize("way", COPIES)
def test_a_copy_has_parameters_and_training_state_of_its_own(way: str) -> None:
    rnn = small(**RESUMABLE).fit(NAMES)
    before = rnn.fingerprint()
    other = COPIES[way](rnn)
    other.parameters_["bias"][:] = 0
    other.set_params(max_epochs=5).resume(NAMES)
    assert rnn.fingerprint() == before
    assert rnn.set_params(max_epochs=5).resume(NAMES).fingerprint() == other.fingerprint()


def test_a_model_that_is_not_fitted_can_be_copied() -> None:
    for way in COPIES.values():
        other = way(small(cell="gru"))
        assert other.get_params() == small(cell="gru").get_params()
        with pytest.raises(NotFittedError):
            other.sample(1)


def test_joblib_keeps_it(tmp_path: Path) -> None:
    joblib = pytest.importorskip("joblib")
    rnn = small().fit(NAMES)
    joblib.dump(rnn, tmp_path / "rnn.joblib")
    for mmap_mode in (None, "r"):
        other = joblib.load(tmp_path / "rnn.joblib", mmap_mode=mmap_mode)
        assert other.fingerprint() == rnn.fingerprint()
        other.parameters_["bias"][:] = 0


def test_a_state_of_the_other_byte_order_is_the_same_model() -> None:
    rnn = small(**RESUMABLE).fit(NAMES)
    state = rnn.__getstate__()
    arrays = state["trained"]["arrays"]
    for name, array in arrays.items():
        arrays[name] = array.astype(array.dtype.newbyteorder())
    other = CharRNN.__new__(CharRNN)
    other.__setstate__(state)
    assert other.fingerprint() == rnn.fingerprint()
    more = other.set_params(max_epochs=5).resume(NAMES)
    assert more.fingerprint() == rnn.set_params(max_epochs=5).resume(NAMES).fingerprint()


def damaged(state: dict[str, Any], keys: tuple[str, ...], value: object) -> dict[str, Any]:
    """Return the state with another value at these keys, or with none if it is KeyError."""
    state = copy.deepcopy(state)
    part = state
    for key in keys[:-1]:
        part = part[key]
    if value is KeyError:
        del part[keys[-1]]
    else:
        part[keys[-1]] = value
    return state


ARRAYS, FACTS = ("trained", "arrays"), ("trained", "facts")
DAMAGE: list[tuple[tuple[str, ...], object]] = [
    (("version",), 0),
    (("version",), KeyError),
    (("params", "cell"), "transformer"),
    (("params", "no_such"), 1),
    (ARRAYS, KeyError),
    (FACTS, KeyError),
    ((*ARRAYS, "parameters"), KeyError),
    ((*ARRAYS, "parameters"), np.zeros(3, np.float32)),
    ((*ARRAYS, "parameters"), None),
    ((*ARRAYS, "checkpoint.parameters"), np.zeros(3, np.float32)),
    ((*ARRAYS, "checkpoint.parameters"), KeyError),
    ((*ARRAYS, "checkpoint.kept"), KeyError),
    ((*ARRAYS, "checkpoint.moments"), KeyError),
    ((*ARRAYS, "checkpoint.moments"), np.zeros(3, np.float32)),
    ((*ARRAYS, "checkpoint.more"), np.zeros(3, np.float32)),
    ((*ARRAYS, "history"), np.zeros((3, 5))),
    ((*ARRAYS, "history"), np.ones((3, 4))),
    ((*ARRAYS, "history"), np.ones((1, 5), np.float32)),
    ((*ARRAYS, "history"), KeyError),
    ((*ARRAYS, "names"), np.zeros(0, np.uint8)),
    ((*ARRAYS, "names"), np.array([97, 10, 97], np.uint8)),
    ((*ARRAYS, "names"), np.array([10, 97], np.uint8)),
    ((*ARRAYS, "names"), np.array([64], np.uint8)),
    ((*ARRAYS, "names"), np.array([255], np.uint8)),
    ((*ARRAYS, "names"), np.zeros(3, np.float32)),
    ((*FACTS, "vocabulary"), "\nba"),
    ((*FACTS, "vocabulary"), "\nab"),
    ((*FACTS, "vocabulary"), None),
    ((*FACTS, "settings"), {}),
    ((*FACTS, "settings", "hidden_size"), 9),
    ((*FACTS, "settings", "dtype"), "float64"),
    ((*FACTS, "settings", "cell"), "elman"),
    ((*FACTS, "names_report"), {"names": 1}),
    ((*FACTS, "names_report"), None),
    ((*FACTS, "names_report", "distinct"), 197),
    ((*FACTS, "names_report", "stripped"), -1),
    ((*FACTS, "checkpoint"), {}),
    ((*FACTS, "checkpoint"), None),
    ((*FACTS, "checkpoint", "seconds"), "1"),
    ((*FACTS, "checkpoint", "trainer"), {}),
    ((*FACTS, "checkpoint", "trainer", "epoch"), -1),
    ((*FACTS, "checkpoint", "trainer", "epoch"), 2),
    ((*FACTS, "checkpoint", "trainer", "epoch"), 5),
    ((*FACTS, "checkpoint", "trainer", "batch"), 1.0),
    ((*FACTS, "checkpoint", "trainer", "loss_sum"), np.nan),
    ((*FACTS, "checkpoint", "trainer", "more"), 1),
    ((*FACTS, "interrupted"), 1),
    ((*FACTS, "names_hash"), None),
    ((*FACTS, "float_contract_version"), 0),
    ((*FACTS, "seed"), KeyError),
    ((*FACTS, "seed"), -1),
    ((*FACTS, "best_epoch"), 4),
]


@pytest.mark.parametrize(("keys", "value"), DAMAGE)
def test_a_damaged_state_is_refused(keys: tuple[str, ...], value: object) -> None:
    state = damaged(small(**RESUMABLE).fit(NAMES).__getstate__(), keys, value)
    rnn = CharRNN.__new__(CharRNN)
    with refused(ValueError):
        rnn.__setstate__(state)


def test_parameters_that_are_not_finite_are_refused() -> None:
    state = small().fit(NAMES).__getstate__()
    state["trained"]["arrays"]["parameters"][7] = np.nan
    with refused(ValueError, "damaged", "not finite"):
        CharRNN.__new__(CharRNN).__setstate__(state)


def test_anything_but_a_state_is_refused() -> None:
    for state in (None, [], "state", {}):
        with refused(ValueError, "has version None; expected 1"):
            CharRNN.__new__(CharRNN).__setstate__(state)


@pytest.mark.parametrize("name", ["checkpoint.kept", "checkpoint.moments", "history"])
def test_other_numbers_that_are_not_finite_are_refused(name: str) -> None:
    state = small(**RESUMABLE).fit(NAMES).__getstate__()
    array = state["trained"]["arrays"][name].copy()
    array.flat[-1] = np.inf
    with refused(ValueError, "damaged"):
        CharRNN.__new__(CharRNN).__setstate__(damaged(state, (*ARRAYS, name), array))


def test_every_number_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    state = small().fit(NAMES).__getstate__()
    monkeypatch.setattr("dinorc._storage.model_state._CHUNK", 100)
    size = len(state["trained"]["arrays"]["parameters"])
    assert size % 100 != 0
    for index in (0, 99, 100, size - 1):
        array = state["trained"]["arrays"]["parameters"].copy()
        array[index] = -np.inf
        with refused(ValueError, "a number of parameters is not finite"):
            CharRNN.__new__(CharRNN).__setstate__(damaged(state, (*ARRAYS, "parameters"), array))


@pytest.mark.parametrize("text", ["a\na", "b\na", "ab\na", "@", "a\n", "\na", "\n", "a\n\nb", "é"])
def test_names_that_fit_could_not_have_been_given_are_refused(text: str) -> None:
    state = small().fit(NAMES).__getstate__()
    count = len(text.splitlines())
    for key in ("names", "distinct"):
        state = damaged(state, (*FACTS, "names_report", key), count)
    made = np.frombuffer(text.encode(), np.uint8)
    with refused(ValueError, "damaged .*names? "):
        CharRNN.__new__(CharRNN).__setstate__(damaged(state, (*ARRAYS, "names"), made))
    right = np.frombuffer("\n".join("abc"[:count]).encode(), np.uint8)
    CharRNN.__new__(CharRNN).__setstate__(damaged(state, (*ARRAYS, "names"), right))


def test_no_network_is_made_for_sizes_without_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    state = small().fit(NAMES).__getstate__()
    huge = {"hidden_size": 4096, "embedding_size": 4096, "dtype": "float64"}
    state = damaged(state, (*FACTS, "settings"), state["trained"]["facts"]["settings"] | huge)
    monkeypatch.setattr("dinorc._storage.trained_network.new_network", pytest.fail)
    with refused(ValueError, r"parameters is float32\[\d+\]; expected float64"):
        CharRNN.__new__(CharRNN).__setstate__(state)


@pytest.mark.parametrize("embedding_size", [None, 1, 5])
@pytest.mark.parametrize("cell", CELLS)
def test_the_shapes_of_parameters_are_known_before_there_are_any(
    cell: str, embedding_size: int | None
) -> None:
    rnn = small(cell=cell, embedding_size=embedding_size).fit(NAMES)
    shapes = parameter_shapes(rnn._settings(), Vocabulary(rnn.vocabulary_), 0)
    assert list(shapes.items()) == [(n, array.shape) for n, array in rnn.parameters_.items()]


def test_moments_of_another_optimizer_are_refused_when_training_goes_on() -> None:
    rnn = small(**RESUMABLE).fit(NAMES)
    state = rnn.__getstate__()
    none = np.zeros(0, np.float32)
    other = CharRNN.__new__(CharRNN)
    other.__setstate__(damaged(state, (*ARRAYS, "checkpoint.moments"), none))
    before = other.fingerprint()
    with refused(ValueError, "moments has 0 numbers"):
        other.set_params(max_epochs=5).resume(NAMES)
    assert other.fingerprint() == before


def test_training_does_not_go_on_under_another_float_contract() -> None:
    state = small(**RESUMABLE).fit(NAMES).__getstate__()
    key = (*FACTS, "float_contract_version")
    version = state["trained"]["facts"]["float_contract_version"]
    other = CharRNN.__new__(CharRNN)
    other.__setstate__(damaged(state, key, version + 1))
    assert other.score(NAMES) < 0
    with refused(ValueError, f"version {version + 1} of the float contract", f"version {version};"):
        other.set_params(max_epochs=5).resume(NAMES)
