"""``dinorc train --checkpoint-every``, and the models that are saved while training goes on."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dinorc
from command_line import Run, assert_wrong_usage
from dinorc import CharRNN, Ensemble
from dinorc._training import run as training_run
from dinorc._training import side_by_side
from dinorc._training.checkpoints import Checkpoints
from small_models import NAMES, small, small_ensemble, without_seconds

QUICK = (
    "--model", "network", "--hidden-size", "8", "--embedding-size", "4", "--max-epochs", "3",
    "--batch-size", "16",
)  # fmt: skip


def fitted(model: Any, saved: list[bytes]) -> Any:
    """Fit a model, with what is saved on the way, after each batch."""

    def save(trained: Any) -> None:
        so_far = type(model)._of_learned(model._settings(), trained)
        saved.append(pickle.dumps(so_far))

    model._checkpoints = Checkpoints(0, save)
    return model.fit(NAMES)


@pytest.fixture(autouse=True)
def batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_run, "SLICE", 0.0)
    monkeypatch.setattr(side_by_side, "_GLANCE", 0.001)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"validation_fraction": 0},
        {"schedule": "averaged"},
        {"schedule": "constant", "validation_fraction": 0.3},
        {"cell": "rnn", "dtype": "float64", "patience": 1},
    ],
)
def test_a_network_goes_on_from_each_to_the_same_bits(settings: dict[str, Any]) -> None:
    saved: list[bytes] = []
    whole = small(**settings).fit(NAMES)
    assert fitted(small(**settings), saved).fingerprint() == whole.fingerprint()
    assert len(saved) > 20
    for each in saved[::7]:
        rnn = pickle.loads(each)
        assert rnn.interrupted_
        assert rnn.resumable_
        assert rnn.score(NAMES) < 0
        assert rnn.resume(NAMES).fingerprint() == whole.fingerprint()
        assert without_seconds(rnn) == without_seconds(whole)


@pytest.mark.parametrize("n_jobs", [1, 3])
@pytest.mark.parametrize("fraction", [0, 0.1])
def test_an_ensemble_goes_on_from_each_to_the_same_bits(fraction: float, n_jobs: int) -> None:
    # Enough to do for threads that hardly ever rest.
    members = [small(max_epochs=60), small(cell="gru", hidden_size=5, max_epochs=80)]
    settings = {"validation_fraction": fraction, "n_jobs": n_jobs, "members": members}
    saved: list[bytes] = []
    whole = small_ensemble(**settings).fit(NAMES)
    assert fitted(small_ensemble(**settings), saved).fingerprint() == whole.fingerprint()
    assert saved
    for each in saved[:: len(saved) // 3 + 1]:
        ensemble = pickle.loads(each)
        assert ensemble.interrupted_
        assert ensemble.weights_.sum() == pytest.approx(1)
        assert ensemble.resume(NAMES).fingerprint() == whole.fingerprint()


def test_what_is_not_finite_is_not_saved() -> None:
    saved: list[bytes] = []
    with pytest.raises(dinorc.TrainingDivergedError):
        fitted(small(optimizer="sgd", learning_rate=1e30, clip_norm=None), saved)
    for each in saved:
        rnn = pickle.loads(each)
        assert all(np.isfinite(array).all() for array in rnn.parameters_.values())


@pytest.mark.parametrize("options", [QUICK, ()], ids=["network", "ensemble"])
def test_the_command_saves_now_and_then(
    options: tuple[str, ...], run: Run, names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names_file.write_text("\n".join(NAMES[:30]))
    model = names_file.with_name("m")
    saved = []
    for kind in (CharRNN, Ensemble):

        def save(self: Any, path: Any, usual: Any = kind.save, **others: bool) -> None:
            usual(self, path, **others)
            assert not dinorc.load(model).training_names_
            saved.append(dinorc.load(model).interrupted_)

        monkeypatch.setattr(kind, "save", save)
    often = ("--checkpoint-every", "1e-9", "--no-training-names")
    done = run("train", names_file, "-o", model, *options, *often)
    assert done.code == 0
    assert len(saved) >= 2
    assert saved == [True] * (len(saved) - 1) + [False]
    assert dinorc.load(model).verbose == "auto"  # type: ignore[attr-defined]
    assert not list(names_file.parent.glob(".dinorc-*"))


def test_a_full_disk_does_not_stop_the_training(
    run: Run, names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, calls = CharRNN.save, []

    def full_at_first(self: CharRNN, path: Path, **others: bool) -> None:
        calls.append(path)
        if len(calls) == 1:
            raise OSError(28, os.strerror(28), path)
        save(self, path, **others)

    monkeypatch.setattr(CharRNN, "save", full_at_first)
    model = names_file.with_name("m")
    done = run("train", names_file, "-o", model, *QUICK, "--checkpoint-every", "1e-9", "--quiet")
    assert done.code == 0
    assert done.err == f"dinorc: cannot save {model}: {os.strerror(28)}; training goes on\n"
    whole = CharRNN(hidden_size=8, embedding_size=4, max_epochs=3, batch_size=16).fit(NAMES)
    assert dinorc.load(model).fingerprint() == whole.fingerprint()


@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "inf", "soon", ""])
def test_minutes_that_are_none(minutes: str, run: Run, names_file: Path) -> None:
    model = names_file.with_name("m")
    done = run("train", names_file, "-o", model, f"--checkpoint-every={minutes}")
    assert_wrong_usage(done, "argument --checkpoint-every", repr(minutes), "a number above 0")
    assert not model.exists()


def test_counting_has_no_checkpoints(run: Run, names_file: Path) -> None:
    arguments = ("-o", names_file.with_name("m"), "--model", "ngram", "--checkpoint-every", "5")
    done = run("train", names_file, *arguments)
    assert_wrong_usage(done, "argument --checkpoint-every", "--model ngram")
