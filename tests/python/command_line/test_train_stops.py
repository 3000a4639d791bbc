"""``dinorc train`` when it is asked to end: the model is saved, and resumed to the same bits.

``DINORC_LONG_TESTS=1`` ends 50 processes at random moments.
"""

from __future__ import annotations

import os
import random
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import dinorc
from command_line import ENVIRONMENT, Run
from dinorc import CharRNN, Ensemble
from dinorc._command_line.interruption import first_signal_raises
from dinorc._estimators import ensemble_learning, learning
from dinorc._training.run import TrainingRun
from small_models import NAMES

STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
SETTINGS = {"hidden_size": 8, "embedding_size": 4, "max_epochs": 6, "batch_size": 16}
QUICK = (
    "--model", "network", "--hidden-size", "8", "--embedding-size", "4", "--max-epochs", "6",
    "--batch-size", "16",
)  # fmt: skip
LONG = "DINORC_LONG_TESTS" in os.environ
PROCESSES = 50 if LONG else 4


def stop_after(epochs: int, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a signal come in the middle of training."""
    finish = TrainingRun._finish_epoch

    def finish_and_stop(self: TrainingRun, n_jobs: int) -> bool:
        result = finish(self, n_jobs)
        if len(self.record.results) == epochs:
            signal.raise_signal(number)
        return result

    monkeypatch.setattr(TrainingRun, "_finish_epoch", finish_and_stop)


def first_call_stops(number: int, owner: object, name: str, patch: pytest.MonkeyPatch) -> None:
    """Let a signal come just before a function is called for the first time."""
    function, calls = getattr(owner, name), []

    def stop_and_call(*arguments: Any, **others: Any) -> Any:
        calls.append(name)
        if len(calls) == 1:
            signal.raise_signal(number)
        return function(*arguments, **others)

    patch.setattr(owner, name, stop_and_call)


def handlers() -> list[Any]:
    return [signal.getsignal(number) for number in STOPS]


@pytest.mark.parametrize("number", STOPS)
def test_each_signal_saves_the_model_and_says_how_to_go_on(
    number: signal.Signals, run: Run, names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, model = handlers(), names_file.with_name("m")
    with monkeypatch.context() as patch:
        stop_after(2, number, patch)
        done = run("train", names_file, "-o", model, *QUICK, "--checkpoint-every", "30")
    assert done.code == 128 + number
    assert ("interrupted by" in done.err) is (number != signal.SIGINT)
    assert (f"interrupted by {number.name}; to go on: " in done.err) is (number != signal.SIGINT)
    assert handlers() == before
    assert dinorc.load(model).interrupted_
    words = shlex.split(done.err.splitlines()[-1].partition("to go on: ")[2])
    assert words[-3:] == ["--resume", "--checkpoint-every", "30"]
    assert run(*words[1:]).code == 0
    whole = CharRNN(**SETTINGS).fit(NAMES)
    assert dinorc.load(model).fingerprint() == whole.fingerprint()


@pytest.mark.parametrize("second", STOPS)
def test_a_second_signal_while_the_model_is_saved_does_not_lose_it(
    second: signal.Signals, run: Run, names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = names_file.with_name("m")
    stop_after(2, STOPS[-1], monkeypatch)
    first_call_stops(second, CharRNN, "save", monkeypatch)
    assert run("train", names_file, "-o", model, *QUICK).code == 128 + STOPS[-1]
    assert dinorc.load(model).interrupted_


@pytest.mark.skipif(os.name != "posix", reason="blocks signals")
def test_signals_at_once_are_one(capfd: pytest.CaptureFixture[str]) -> None:
    with first_signal_raises() as signals:
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        for number in STOPS:
            signal.raise_signal(number)
        with pytest.raises(KeyboardInterrupt) as stop:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        assert stop.value is signals.raised
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("options", [(), ("--schedule", "constant")])
def test_a_stop_after_the_last_batch_of_a_network_loses_nothing(
    options: tuple[str, ...], run: Run, names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, whole = names_file.with_name("m"), names_file.with_name("whole")
    # The last epoch is not the best.
    unlucky = ("--hidden-size", "64", "--learning-rate", "0.1", "--max-epochs", "12")
    arguments = (*QUICK, *options, *unlucky)
    run("train", names_file, "-o", whole, *arguments)
    with monkeypatch.context() as patch:
        first_call_stops(signal.SIGTERM, learning, "_trained", patch)
        assert run("train", names_file, "-o", model, *arguments).code == 143
    assert run("train", names_file, "-o", model, "--resume").code == 0
    assert dinorc.load(whole).best_epoch_ < 12  # type: ignore[attr-defined]
    assert dinorc.load(model).fingerprint() == dinorc.load(whole).fingerprint()
    if options:  # and the state to go on from is that of the last batch
        for each in (model, whole):
            assert run("train", names_file, "-o", each, "--resume", "--max-epochs", "13").code == 0
        assert dinorc.load(model).fingerprint() == dinorc.load(whole).fingerprint()


@pytest.mark.parametrize("place", ["_outcomes", "_fitted_weights", "_trained"])
def test_a_stop_after_the_last_batch_of_an_ensemble_loses_nothing(
    place: str, run: Run, names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names_file.write_text("\n".join(NAMES[:30]))
    model = names_file.with_name("m")
    with monkeypatch.context() as patch:
        first_call_stops(signal.SIGTERM, ensemble_learning.EnsembleTraining, place, patch)
        assert run("train", names_file, "-o", model).code == 143
    assert run("train", names_file, "-o", model, "--resume").code == 0
    assert dinorc.load(model).fingerprint() == Ensemble().fit(NAMES[:30]).fingerprint()


def test_a_stop_when_all_is_learned_comes_too_late(
    run: Run, names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = CharRNN.fit

    def fit_and_stop(self: CharRNN, *names: Any) -> CharRNN:
        fit(self, *names)
        signal.raise_signal(signal.SIGTERM)
        return self

    monkeypatch.setattr(CharRNN, "fit", fit_and_stop)
    model = names_file.with_name("m")
    assert run("train", names_file, "-o", model, *QUICK).code == 0
    assert not dinorc.load(model).interrupted_


def test_a_stop_before_training_saves_nothing(
    run: Run, names_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any) -> None:
        signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(CharRNN, "fit", stop)
    model = names_file.with_name("m")
    done = run("train", names_file, "-o", model, *QUICK, "--quiet")
    assert done.code == 143
    assert done.err == (
        f"dinorc: interrupted by SIGTERM before anything was learned; {model} was not written\n"
    )
    assert not model.exists()


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs SIGHUP")
def test_nohup_is_respected(run: Run, names_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        stop_after(2, signal.SIGHUP, monkeypatch)
        model = names_file.with_name("m")
        assert run("train", names_file, "-o", model, *QUICK).code == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert not dinorc.load(model).interrupted_
    finally:
        signal.signal(signal.SIGHUP, usual)


# ---- processes of their own ---------------------------------------------------------------------

EPOCHS = "600" if LONG else "60"
KINDS = {
    "network": ("--model", "network", "--hidden-size", "24", "--max-epochs", EPOCHS),
    "ensemble": (),
}


def whole_run(kind: str, names_file: Path) -> tuple[str, float]:
    """Return the fingerprint of a run that is not stopped, and the seconds that it takes."""
    begin = time.monotonic()
    model = names_file.with_name(f"{kind} whole")
    code, errors = ended(training(names_file, "-o", model, *KINDS[kind]))
    assert code == 0, errors
    return dinorc.load(model).fingerprint(), time.monotonic() - begin


def training(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dinorc", "train", *map(str, arguments)],
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Return the exit code and what it has said."""
    with process:
        _, errors = process.communicate(timeout=300)
    assert "Traceback" not in errors
    return process.returncode, errors


@pytest.mark.skipif(os.name != "posix", reason="sends SIGTERM")
@pytest.mark.parametrize("kind", KINDS)
def test_at_random_moments(kind: str, tmp_path: Path) -> None:
    names_file, generator = tmp_path / "names.txt", random.Random(0)
    names_file.write_text("\n".join(NAMES))
    fingerprint, seconds = whole_run(kind, names_file)
    outcomes = []
    for number in range(PROCESSES):
        model = tmp_path / f"{kind} {number}"
        process = training(names_file, "-o", model, *KINDS[kind])
        # Every fourth at once, when Python has not even begun.
        time.sleep(generator.uniform(0, 0.1 if number % 4 == 0 else seconds))
        process.send_signal(signal.SIGTERM)
        code, errors = ended(process)
        assert not list(tmp_path.glob(".dinorc-*"))
        outcomes.append(code)
        if "to go on: " in errors:
            assert code == 143, errors
            assert dinorc.load(model).interrupted_
            code, errors = ended(training(names_file, "-o", model, "--resume"))
            assert code == 0, errors
        elif not model.exists():  # it had not begun to train
            assert code in (-signal.SIGTERM, 143), errors
            continue
        else:  # it had come to its end, perhaps to that of the process
            assert code in (-signal.SIGTERM, 0), errors
        assert dinorc.load(model).fingerprint() == fingerprint
    assert 143 in outcomes or not LONG  # a few may all come too early or too late


@pytest.mark.skipif(os.name != "posix", reason="kills")
@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_process_leaves_its_last_checkpoint(kind: str, tmp_path: Path) -> None:
    names_file, model = tmp_path / "names.txt", tmp_path / "m"
    names_file.write_text("\n".join(NAMES))
    fingerprint, _ = whole_run(kind, names_file)
    process = training(names_file, "-o", model, *KINDS[kind], "--checkpoint-every", "0.0001")
    while not model.exists() and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    ended(process)
    if dinorc.load(model).interrupted_:  # unless it was quicker
        code, errors = ended(training(names_file, "-o", model, "--resume"))
        assert code == 0, errors
    assert dinorc.load(model).fingerprint() == fingerprint
