"""Ctrl-C as a user presses it: in a process of its own, in the middle of training."""

from __future__ import annotations

import os
from typing import Any

import pytest

from processes import interrupt

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")

# Large batches and many epochs: training would take minutes, so a signal comes within a batch.
TRAIN = """
import signal, sys, warnings
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
from dinorc import TrainingInterruptedWarning
from small_models import NAMES, small
warnings.simplefilter("always")
settings = dict(hidden_size=128, max_epochs=100_000, batch_size=1024, schedule="constant",
                n_jobs=2, validation_fraction={validation_fraction}, verbose={verbose})
rnn = small(**settings)
print("ready", flush=True)
rnn.fit(NAMES)
print(rnn.interrupted_, len(rnn.sample(3)), flush=True)
epochs = rnn.n_epochs_ + 2
rnn.set_params(max_epochs=epochs).resume(NAMES)
whole = small(**settings | dict(max_epochs=epochs)).fit(NAMES)
print(rnn.interrupted_, rnn.fingerprint() == whole.fingerprint())
"""


@pytest.mark.parametrize("after", [0.2, 0.33])
@pytest.mark.parametrize("validation_fraction", [0, 0.3])
def test_ctrl_c_leaves_a_usable_model_that_goes_on_to_the_same_bits(
    validation_fraction: float, after: float
) -> None:
    program = TRAIN.format(validation_fraction=validation_fraction, verbose=False)
    done = interrupt(program, after=after)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "True 3\nFalse True\n"
    assert done.stderr.count("TrainingInterruptedWarning: training was interrupted after") == 1
    assert "rnn.fit(NAMES)" in done.stderr or "<string>" in done.stderr  # the caller's line


def test_ctrl_c_with_the_progress_bar() -> None:
    done = interrupt(TRAIN.format(validation_fraction=0.1, verbose=True), after=0.3)
    assert done.stdout == "True 3\nFalse True\n", done.stderr
    assert "/100000" in done.stderr


def test_a_signal_while_scoring_or_drawing_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    program = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from small_models import NAMES, small
rnn = small(hidden_size=256, max_epochs=1).fit(NAMES)
before = rnn.fingerprint()
print("ready", flush=True)
try:
    {work}
except KeyboardInterrupt:
    print(rnn.fingerprint() == before)
"""
    works: dict[str, Any] = {
        "drawing": "rnn.sample(10_000_000)",
        "scoring": "while True: rnn.score_samples(NAMES)",
    }
    for work in works.values():
        done = interrupt(program.format(work=work), after=0.3)
        assert done.stdout == "True\n", done.stderr
