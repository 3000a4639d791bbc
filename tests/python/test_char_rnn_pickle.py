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
from helpers import refused
from small_models import CELLS, NAMES, small

COPIES: dict[str, Callable[[CharRNN], CharRNN]] = {
    "pickle": lambda rnn: pickle.loads(pickle.dumps(rnn)),
    "pickle 2": lambda rnn: pickle.loads(pickle.dumps(rnn, protocol=2)),
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
}

# With the constant schedule a model keeps all that more epochs would need.
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
    """Return the state with something else at these keys; with nothing there for KeyError."""
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
    ((*FACTS, "vocabulary"), "\nba"),
    ((*FACTS, "vocabulary"), "\nab"),
    ((*FACTS, "vocabulary"), None),
    ((*FACTS, "settings"), {}),
    ((*FACTS, "settings", "hidden_size"), 9),
    ((*FACTS, "settings", "dtype"), "float64"),
    ((*FACTS, "settings", "cell"), "elman"),
    ((*FACTS, "results"), [[1, 2]]),
    ((*FACTS, "results"), None),
    ((*FACTS, "names_report"), {"names": 1}),
    ((*FACTS, "checkpoint"), {}),
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


def test_what_is_no_state_is_refused() -> None:
    for state in (None, [], "state", {}):
        with refused(ValueError, "has version None; expected 1"):
            CharRNN.__new__(CharRNN).__setstate__(state)


def test_a_training_state_that_does_not_fit_is_refused_when_it_is_gone_on_with() -> None:
    rnn = small(**RESUMABLE).fit(NAMES)
    for keys, value in [
        ((*ARRAYS, "checkpoint.trainer.moments"), np.zeros(3, np.float32)),
        ((*FACTS, "checkpoint", "trainer", "epoch"), -1),
        ((*FACTS, "checkpoint", "trainer"), {}),
    ]:
        state = damaged(rnn.__getstate__(), keys, value)
        other = CharRNN.__new__(CharRNN)
        other.__setstate__(state)
        before = other.fingerprint()
        with pytest.raises((TypeError, ValueError)):
            other.set_params(max_epochs=5).resume(NAMES)
        assert other.fingerprint() == before
