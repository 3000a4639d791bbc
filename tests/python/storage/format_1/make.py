"""Made the files of this folder, and `table.json` with what they must give, before format 2.

It needs dinorc as of commit fbc7180, the last one that wrote format 1, and is kept to show where
the files come from. `PYTHONPATH=../.. python make.py` in this folder writes all of them anew; the
seconds of training differ then, nothing else does.
"""

from __future__ import annotations

import json
import math
import warnings
from pathlib import Path
from typing import Any

from dinorc._training_run import TrainingRun

from dinorc import CharRNN, TrainingInterruptedWarning, initialize_parameters
from stored_models import NAMES, what_it_gives

HERE = Path(__file__).parent

SETTINGS: dict[str, Any] = {
    "hidden_size": 2,
    "embedding_size": None,
    "max_epochs": 3,
    "batch_size": 4,
    "learning_rate": 0.1,
    "verbose": False,
    "validation_fraction": 0,
}
RESUMABLE = {"schedule": "constant"}
VALIDATED = {"validation_fraction": 0.3}
EMBEDDED = {"embedding_size": 1}


class Interrupting:
    """Stands for the core's trainer; does one batch at a time, and then Ctrl-C comes."""

    def __init__(self, trainer: Any, batches: int) -> None:
        self._trainer, self._batches = trainer, batches

    def __getattr__(self, name: str) -> Any:
        return getattr(self._trainer, name)

    def run(self, seconds: float, n_jobs: int) -> bool:
        """Do one batch."""
        if self._batches == 0:
            raise KeyboardInterrupt
        self._batches -= 1
        return bool(self._trainer.run(0.0, n_jobs))


def trained(batches: float = math.inf, **settings: Any) -> CharRNN:
    """Return a model whose training was interrupted after this many batches."""
    begin = TrainingRun.__init__

    def init(run: TrainingRun, *arguments: Any, **more: Any) -> None:
        begin(run, *arguments, **more)
        run.trainer = Interrupting(run.trainer, batches)

    TrainingRun.__init__ = init
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TrainingInterruptedWarning)
            return CharRNN(**SETTINGS | settings).fit(NAMES)
    finally:
        TrainingRun.__init__ = begin


def calibrated(rnn: CharRNN) -> CharRNN:
    """Return the model, calibrated by its training names, which nobody should really do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return rnn.calibrate(NAMES, 0.2)


MODELS = {
    "rnn_float32": lambda: trained(cell="rnn", optimizer="sgd", random_state=7),
    "rnn_float64_interrupted": lambda: trained(5, cell="rnn", dtype="float64", **VALIDATED),
    "rnn_float32_embedding_interrupted_at_once": lambda: trained(0, cell="rnn", **EMBEDDED),
    "gru_float32_resumable": lambda: trained(cell="gru", **RESUMABLE),
    "gru_float64_embedding_resumable_sgd": lambda: trained(
        cell="gru", dtype="float64", optimizer="sgd", **EMBEDDED, **RESUMABLE, **VALIDATED
    ),
    "gru_float32_calibrated": lambda: calibrated(trained(cell="gru", dropout=0.5)),
    "lstm_float32_embedding_calibrated_resumable": lambda: calibrated(
        trained(cell="lstm", clip_value=0.5, patience=2, unknown="rare", **EMBEDDED, **RESUMABLE)
    ),
    "lstm_float64": lambda: trained(
        cell="lstm", dtype="float64", clip_norm=None, random_state=2**64 - 1, **VALIDATED
    ).set_params(n_jobs=2, hidden_size=77),
    "lstm_float32_interrupted": lambda: trained(7, cell="lstm", batch_size=3, **VALIDATED),
    "from_notebook": lambda: CharRNN.from_notebook(
        initialize_parameters(n_a=2, n_x=4, n_y=4), {"b": 0, "\n": 1, "a": 2, "\U0001f996": 3}
    ),
}


if __name__ == "__main__":
    table = {}
    for name, make in MODELS.items():
        rnn = make()
        path = HERE / f"{name}.safetensors"
        rnn.save(path)
        table[name] = what_it_gives(rnn)
        print(f"{name}: {path.stat().st_size:,} bytes")
    lines = (f"{json.dumps(name)}: {json.dumps(gives)}" for name, gives in table.items())
    (HERE / "table.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
