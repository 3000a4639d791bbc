"""Ctrl-C while an Ensemble learns: a model that works, and `resume` ends with the same bits."""

from __future__ import annotations

import os
import pickle
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import dinorc
from dinorc import CharRNN, Ensemble, NGram, TrainingInterruptedWarning
from dinorc._estimators import ensemble_learning, ensemble_recipe
from dinorc._training import side_by_side
from dinorc._training.run import TrainingRun
from helpers import refused
from model_files import ctrl_c_after
from processes import interrupt
from small_models import NAMES, everything, small, small_ensemble, without_seconds


def interrupted(batches: int, ensemble: Ensemble, *lists: Any) -> Ensemble:
    """Return the model after Ctrl-C, which comes after so many batches of a member."""
    with ctrl_c_after(batches):
        (ensemble.resume if ensemble.__sklearn_is_fitted__() else ensemble.fit)(*lists)
    assert ensemble.interrupted_ is True
    return ensemble


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
@pytest.mark.parametrize("fraction", [0, 0.1])
@pytest.mark.parametrize("batches", [0, 1, 13, 20])
def test_wherever_it_was_interrupted(batches: int, fraction: float, n_jobs: int) -> None:
    settings = {"validation_fraction": fraction, "n_jobs": n_jobs}
    whole = small_ensemble(**settings).fit(NAMES)
    ensemble = interrupted(batches, small_ensemble(**settings), NAMES)
    assert ensemble.weights_.sum() == pytest.approx(1)
    assert len(ensemble.sample(3)) == 3
    ensemble = pickle.loads(pickle.dumps(ensemble))
    assert ensemble.resume(NAMES) is ensemble
    assert ensemble.interrupted_ is False
    assert ensemble.fingerprint() == whole.fingerprint()
    assert ensemble.held_out_loss_ == whole.held_out_loss_
    assert without_seconds(ensemble) == without_seconds(whole)


def test_a_member_that_has_not_begun_has_no_weight() -> None:
    ensemble = interrupted(20, small_ensemble(n_jobs=1), NAMES)
    weights = ensemble.weights_.tolist()
    assert [member.n_epochs_ for member in ensemble.members_] == [1, 0, 0]  # type: ignore[attr-defined]
    assert weights == [1, 0, 0]
    none = interrupted(1, small_ensemble(n_jobs=1), NAMES)
    assert none.weights_.tolist() == pytest.approx([1 / 3] * 3)
    assert none.score(NAMES) < ensemble.score(NAMES)


def test_again_and_again_with_other_threads() -> None:
    whole = small_ensemble(validation_fraction=0.1).fit(NAMES)
    ensemble, rounds = small_ensemble(validation_fraction=0.1), 0
    while rounds == 0 or ensemble.interrupted_:
        rounds += 1
        ensemble.set_params(n_jobs=1 + rounds % 3, unknown="rare")
        with ctrl_c_after(17):
            (ensemble.fit if rounds == 1 else ensemble.resume)(NAMES)
    assert rounds > 3
    assert ensemble.fingerprint() == whole.fingerprint()


@pytest.mark.parametrize("fraction", [0, 0.1])
def test_while_the_weights_are_found(monkeypatch: pytest.MonkeyPatch, fraction: float) -> None:
    settings = {"validation_fraction": fraction}
    whole = small_ensemble(**settings).fit(NAMES)

    def press(*_: Any) -> None:
        raise KeyboardInterrupt

    ensemble = small_ensemble(**settings)
    with monkeypatch.context() as patch, pytest.warns(TrainingInterruptedWarning):
        patch.setattr(ensemble_learning.EnsembleTraining, "_fitted_weights", press)
        ensemble.fit(NAMES)
    assert ensemble.weights_.tolist() == pytest.approx([1 / 3] * 3)
    assert ensemble.resume(NAMES).fingerprint() == whole.fingerprint()


def test_what_resume_refuses() -> None:
    ensemble = interrupted(5, small_ensemble(), NAMES)
    before = everything(ensemble)
    with refused(ValueError, f"^names lacks '{NAMES[0]}', which it had in fit"):
        ensemble.resume(NAMES[1:])
    with refused(ValueError, "^validation is given, and was not in fit"):
        ensemble.resume(NAMES, validation=NAMES[:3])
    assert everything(ensemble) == before
    members = ensemble.members
    with refused(ValueError, "^members is not what it was in fit"):
        ensemble.set_params(members=[small()] * 3).resume(NAMES)
    with refused(ValueError, "^weights is not what it was in fit"):
        ensemble.set_params(members=members, weights=[1, 1, 2]).resume(NAMES)
    assert everything(ensemble.set_params(weights="auto")) == before
    with refused(ValueError, "^there is no training to go on with"):
        ensemble.resume(NAMES).resume(NAMES)


def test_resume_cross_fits_from_the_base_of_fit_or_refuses_another(tmp_path: Path) -> None:
    base, other = small(max_epochs=1).fit(NAMES), small(max_epochs=2).fit(NAMES)
    base.save(tmp_path / "base")

    def from_file() -> Ensemble:
        return small_ensemble(members=[CharRNN(base=tmp_path / "base", max_epochs=2), NGram()])

    whole = from_file().fit(NAMES)
    ensemble = interrupted(1, from_file(), NAMES)
    other.save(tmp_path / "base")
    with refused(
        ValueError,
        f"base has the fingerprint {other.fingerprint()}, and had {base.fingerprint()} in",
    ):
        ensemble.resume(NAMES)
    base.save(tmp_path / "base")
    assert ensemble.resume(NAMES).fingerprint() == whole.fingerprint()

    members = [CharRNN(base=base, max_epochs=2), NGram()]
    interrupted(1, small_ensemble(members=members), NAMES).save(tmp_path / "model")
    ensemble = dinorc.load(tmp_path / "model")  # type: ignore[assignment]
    with refused(
        ValueError, f"base was the model with the fingerprint {base.fingerprint()}, which"
    ):
        ensemble.resume(NAMES)
    assert ensemble.set_params(members=members).resume(NAMES).fingerprint() == whole.fingerprint()


def test_other_default_members_are_not_gone_on_with(monkeypatch: pytest.MonkeyPatch) -> None:
    names = NAMES[:30]
    model = interrupted(3, Ensemble(verbose=False), names)
    before = everything(model)
    recipes = tuple(recipe._replace(networks=({},) * 9) for recipe in ensemble_recipe.RECIPES)
    with monkeypatch.context() as patch:
        patch.setattr(ensemble_recipe, "RECIPES", recipes)
        with refused(ValueError, "^the default members of this dinorc are not those"):
            model.resume(names)
    assert everything(model) == before
    assert model.resume(names).interrupted_ is False


def test_an_error_in_one_thread_ends_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    advance, calls = TrainingRun.advance, []

    def failing(self: TrainingRun, n_jobs: int) -> bool:
        calls.append(self)
        if len(calls) == 5:
            raise MemoryError("as if")
        return advance(self, n_jobs)

    monkeypatch.setattr(TrainingRun, "advance", failing)
    ensemble = small_ensemble(n_jobs=3, members=[small(max_epochs=100_000) for _ in range(3)])
    with pytest.raises(MemoryError, match="as if"):
        ensemble.fit(NAMES)
    assert ensemble._trained is None
    assert not workers()


def workers() -> list[threading.Thread]:
    """Return the threads that still train; one that is done may take a moment to end."""
    found = [each for each in threading.enumerate() if isinstance(each, side_by_side._Worker)]
    for each in found:
        each.join(10)
    return [each for each in found if each.is_alive()]


class Waiting:
    """Stands for a training run; it goes on until it is stopped."""

    def __init__(self) -> None:
        self.advanced, self.is_advancing = 0, False

    def advance(self, n_jobs: int) -> bool:
        """Do nothing for a moment."""
        self.is_advancing = True
        time.sleep(0.01)
        self.advanced, self.is_advancing = self.advanced + 1, False
        return True


def test_ctrl_c_in_the_main_thread_waits_until_all_are_whole() -> None:
    runs, looks = [Waiting(), Waiting(), Waiting()], []

    def press() -> None:
        looks.append(1)
        if len(looks) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side.train_side_by_side(runs, 2, press)  # type: ignore[arg-type]
    assert [run.advanced > 0 for run in runs] == [True, True, False]
    assert not any(run.is_advancing for run in runs)
    assert not workers()


# Many epochs: training would take minutes.
TRAIN = """
import signal, sys, warnings
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
from dinorc import TrainingInterruptedWarning
from small_models import NAMES, small, small_ensemble
warnings.simplefilter("always")
settings = dict(hidden_size=32, batch_size=8, schedule="constant")
def ensemble(epochs):
    members = [small(max_epochs=epochs, **settings), small(cell="gru", max_epochs=3, **settings)]
    return small_ensemble(members=members, n_jobs=2, validation_fraction=0.1, verbose={verbose})
model = ensemble(1_000_000)
print("ready", flush=True)
model.fit(NAMES)
print(model.interrupted_, len(model.sample(3)), flush=True)
print(model.members_[1].n_epochs_, model.members_[0].n_epochs_ < 1_000_000)
"""


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
@pytest.mark.parametrize("verbose", [False, True])
def test_ctrl_c_as_a_user_presses_it(verbose: bool) -> None:
    done = interrupt(TRAIN.format(verbose=verbose), after=1.0)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", "3", "3", "True"]
    assert done.stderr.count("TrainingInterruptedWarning: training was interrupted") == 1
    assert ("2 members" in done.stderr) is verbose
