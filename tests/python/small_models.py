"""What the tests of CharRNN share: names and settings that train in a moment, and comparisons."""

from __future__ import annotations

import pickle
from typing import Any

from dinorc import CharRNN, _core, datasets

NAMES = datasets.load("dinos")[::7]  # 198 names
CELLS = tuple(_core.cells())
OPTIMIZERS = tuple(_core.optimizers())

SMALL: dict[str, Any] = {
    "hidden_size": 8,
    "embedding_size": 4,
    "max_epochs": 3,
    "batch_size": 16,
    "verbose": False,
}


def small(**settings: Any) -> CharRNN:
    """Return a small model, not fitted."""
    return CharRNN(**{**SMALL, **settings})


def everything(rnn: CharRNN) -> bytes:
    """Return all that a model holds; two results are equal only if nothing has changed."""
    return pickle.dumps(rnn)


def without_seconds(rnn: CharRNN) -> dict[str, list[Any]]:
    """Return the history without the time it took."""
    return {name: column for name, column in rnn.history_.items() if name != "seconds"}
