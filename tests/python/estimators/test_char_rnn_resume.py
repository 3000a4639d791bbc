"""A run that is interrupted and resumed ends with the same bits as one that was not."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dinorc import CharRNN, TrainingInterruptedWarning, load
from dinorc._training.run import TrainingRun
from helpers import refused
from small_models import CELLS, NAMES, OPTIMIZERS, everything, small, without_seconds

SETTINGS: dict[str, Any] = {"max_epochs": 4, "hidden_size": 6}


class _Interrupting:
    """Stands for the core's trainer or network; interrupts at the n-th call of one method."""

    def __init__(self, inner: Any, method: str, calls: int) -> None:
        self._inner, self._method, self._calls = inner, method, calls

    def __getattr__(self, name: str) -> Any:
        if name != self._method:
            return getattr(self._inner, name)
        self._calls -= 1
        if self._calls == 0:
            raise KeyboardInterrupt
        if name == "run":  # one batch at a time, so that every batch is a place to stop
            return lambda seconds, n_jobs: self._inner.run(0.0, n_jobs)
        return getattr(self._inner, name)


@contextmanager
def interruption(monkeypatch: pytest.MonkeyPatch, method: str, call: int) -> Iterator[None]:
    """Raise KeyboardInterrupt at the n-th call of a method of the core."""
    original = TrainingRun.__init__

    def init(self: TrainingRun, *arguments: Any, **more: Any) -> None:
        original(self, *arguments, **more)
        if method == "run":
            self.trainer = _Interrupting(self.trainer, method, call)
        else:
            self.network = _Interrupting(self.network, method, call)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingRun, "__init__", init)
        yield


def interrupted(
    monkeypatch: pytest.MonkeyPatch, method: str, call: int, rnn: CharRNN, *lists: Any, **more: Any
) -> CharRNN:
    """Return a model whose training, or resumed training, was interrupted."""
    train = rnn.resume if rnn.__sklearn_is_fitted__() else rnn.fit
    with (
        interruption(monkeypatch, method, call),
        pytest.warns(TrainingInterruptedWarning, match=r"of 4 epochs.*resume\(names.*\) goes on"),
    ):
        assert train(*lists, **more) is rnn
    trained = rnn._trained
    if isinstance(trained.predictor, _Interrupting):
        object.__setattr__(trained, "predictor", trained.predictor._inner)
    assert rnn.interrupted_ is True
    return rnn


BATCHES = -(-(len(NAMES) - len(NAMES) // 10) // 16)  # per epoch


@pytest.mark.parametrize("validation_fraction", [0, 0.1])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("call", [1, 2, BATCHES, BATCHES + 1, BATCHES + 2, 3 * BATCHES + 5])
def test_wherever_it_was_interrupted(
    monkeypatch: pytest.MonkeyPatch, call: int, optimizer: str, validation_fraction: float
) -> None:
    settings = SETTINGS | {"optimizer": optimizer, "validation_fraction": validation_fraction}
    whole = small(**settings).fit(NAMES)
    rnn = interrupted(monkeypatch, "run", call, small(**settings), NAMES)
    rnn.resume(NAMES)
    assert rnn.interrupted_ is False
    assert rnn.fingerprint() == whole.fingerprint()
    assert without_seconds(rnn) == without_seconds(whole)
    assert rnn.best_epoch_ == whole.best_epoch_


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_cell_and_float_type_also_after_pickling(
    monkeypatch: pytest.MonkeyPatch, cell: str, dtype: str
) -> None:
    settings = SETTINGS | {"cell": cell, "dtype": dtype}
    whole = small(**settings).fit(NAMES)
    rnn = interrupted(monkeypatch, "run", BATCHES + 5, small(**settings), NAMES)
    rnn = pickle.loads(pickle.dumps(rnn))
    assert rnn.interrupted_ is True
    assert rnn.resume(NAMES).fingerprint() == whole.fingerprint()
    assert without_seconds(rnn) == without_seconds(whole)


@pytest.mark.parametrize("call", [1, 2, 4])
def test_within_validation(monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    whole = small(**SETTINGS).fit(NAMES)
    rnn = interrupted(monkeypatch, "mean_loss", call, small(**SETTINGS), NAMES)
    assert rnn.n_epochs_ == call - 1
    rnn = pickle.loads(pickle.dumps(rnn)).resume(NAMES)
    assert rnn.fingerprint() == whole.fingerprint()
    assert without_seconds(rnn) == without_seconds(whole)


def test_again_and_again_with_other_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = small(**SETTINGS).fit(NAMES)
    rnn = small(**SETTINGS)
    rounds = 0
    while rounds == 0 or rnn.interrupted_:
        rounds += 1
        rnn.set_params(n_jobs=1 + rounds % 3, unknown="rare")
        if rounds < 7:
            interrupted(monkeypatch, "run", 6, rnn, NAMES)
        else:
            rnn.resume(NAMES)
    assert rounds == 7
    assert rnn.fingerprint() == whole.fingerprint()
    seconds = rnn.history_["seconds"]
    assert seconds == sorted(seconds)


def test_an_interrupted_model_has_the_best_weights_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    # Only the schedule's first epochs: two epochs of four do not give the same as two of two.
    rnn = interrupted(monkeypatch, "run", 2 * BATCHES + 3, small(**SETTINGS), NAMES)
    assert rnn.n_epochs_ == 2
    best = rnn.best_epoch_
    assert best == 2
    at_the_end_of_epoch_2 = interrupted(
        monkeypatch, "run", 2 * BATCHES + 1, small(**SETTINGS), NAMES
    )
    for name, array in rnn.parameters_.items():
        assert array.tobytes() == at_the_end_of_epoch_2.parameters_[name].tobytes()
    assert len(rnn.sample(5)) == 5

    before_validation = interrupted(monkeypatch, "run", 3, small(**SETTINGS), NAMES)
    assert (before_validation.n_epochs_, before_validation.best_epoch_) == (0, 0)
    assert before_validation.history_["epoch"] == []
    assert before_validation.score(NAMES) != small(**SETTINGS).fit(NAMES).score(NAMES)


def test_the_caller_can_give_validation_names(monkeypatch: pytest.MonkeyPatch) -> None:
    training, validation = NAMES[20:], NAMES[:20]
    whole = small(**SETTINGS).fit(training, validation=validation)
    rnn = interrupted(monkeypatch, "run", 7, small(**SETTINGS), training, validation=validation)
    with refused(ValueError, "^validation is not given, and was in fit; expected the same lists"):
        rnn.resume(training)
    with refused(ValueError, "^validation or validation_labels is not as it was in fit"):
        rnn.resume(training, validation=NAMES[:21])
    assert rnn.resume(training, validation=validation[::-1]).fingerprint() == whole.fingerprint()


def test_more_epochs_under_the_constant_schedule() -> None:
    settings = SETTINGS | {"schedule": "constant"}
    whole = small(**settings).fit(NAMES)
    rnn = small(**settings | {"max_epochs": 1}).fit(NAMES)
    rnn = pickle.loads(pickle.dumps(rnn.set_params(max_epochs=3).resume(NAMES)))
    rnn.set_params(max_epochs=4).resume(NAMES)
    assert rnn.fingerprint() == whole.fingerprint()
    assert without_seconds(rnn) == without_seconds(whole)
    for epochs in (4, 2):
        with refused(ValueError, f"max_epochs is {epochs}, and 4 are done"):
            rnn.set_params(max_epochs=epochs).resume(NAMES)


def test_of_names_that_were_left_out_only_a_hash_tells(tmp_path: Path) -> None:
    rnn = small(schedule="constant", validation_fraction=0).fit(["anna", "nana"])
    rnn.save(tmp_path / "m", training_names=False)
    loaded = load(tmp_path / "m")
    assert isinstance(loaded, CharRNN)
    loaded.set_params(max_epochs=5)
    with refused(ValueError, "^which names there are or how often each comes, by copies or counts"):
        loaded.resume(["anna", "naan"])
    with refused(ValueError, "^names has the character 'b', which it did not have in fit"):
        loaded.resume(["anna", "bob"])
    assert loaded.resume(["anna", "nana"]).n_epochs_ == 5


def test_a_random_seed_is_kept_when_resuming(monkeypatch: pytest.MonkeyPatch) -> None:
    rnn = interrupted(monkeypatch, "run", 5, small(**SETTINGS, random_state=None), NAMES)
    whole = small(**SETTINGS, random_state=rnn.seed_).fit(NAMES)
    assert rnn.resume(NAMES).fingerprint() == whole.fingerprint()


@pytest.mark.parametrize(
    ("params", "names", "mentions"),
    [
        ({}, NAMES[1:], [f"^names lacks '{NAMES[0]}', which it had in fit; expected the same"]),
        ({}, [*NAMES, "rex"], ["^names has 'rex', which it did not have in fit"]),
        ({}, NAMES * 2, ["^names has 396 names, 198 distinct, and had 198 names, 198 distinct in"]),
        ({}, ["rex"], ["^names has 'rex', which it did not have in fit"]),  # none to hold out
        ({}, "anna", ["^names is 'anna'"]),
        ({"hidden_size": 7}, NAMES, ["hidden_size is 7, and was 6 in fit"]),
        ({"learning_rate": 1.0}, NAMES, ["learning_rate is 1.0, and was "]),
        ({"max_epochs": 9}, NAMES, ["max_epochs is 9, and was 4 in fit"]),
        ({"schedule": "constant"}, NAMES, ["schedule is 'constant'"]),
    ],
)
def test_other_names_or_settings_are_refused_and_change_nothing(
    monkeypatch: pytest.MonkeyPatch, params: dict[str, Any], names: Any, mentions: list[str]
) -> None:
    rnn = interrupted(monkeypatch, "run", 5, small(**SETTINGS), NAMES).set_params(**params)
    before = everything(rnn)
    with refused((TypeError, ValueError), *mentions):
        rnn.resume(names)
    assert everything(rnn) == before
    rnn.set_params(**{name: small(**SETTINGS).get_params()[name] for name in params})
    assert rnn.resume(NAMES).fingerprint() == small(**SETTINGS).fit(NAMES).fingerprint()


def test_a_complete_run_cannot_be_resumed() -> None:
    with refused(ValueError, "no training run to go on with", "max_epochs"):
        small().fit(NAMES).resume(NAMES)


def test_a_second_interruption_leaves_the_model_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    rnn = small().fit(NAMES)
    before = everything(rnn)

    def interrupt(self: TrainingRun, *_: Any) -> None:
        raise KeyboardInterrupt

    for method in ("checkpoint", "install_best_weights"):
        with monkeypatch.context() as patch:
            patch.setattr(TrainingRun, method, interrupt)
            with interruption(monkeypatch, "run", 3), pytest.raises(KeyboardInterrupt):
                rnn.fit(NAMES[1:])
        assert everything(rnn) == before
