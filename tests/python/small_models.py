"""What the tests of models share: names and settings that train in a moment, and comparisons."""

from __future__ import annotations

import pickle
from typing import Any

from dinorc import CharRNN, Ensemble, _core, datasets

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


def small_members() -> list[CharRNN]:
    """Return settings of members that differ in size, cell and float type."""
    return [
        small(),
        small(cell="gru", hidden_size=5, max_epochs=4),
        small(cell="rnn", embedding_size=None, dtype="float64"),
    ]


def small_ensemble(**settings: Any) -> Ensemble:
    """Return a small ensemble, not fitted."""
    return Ensemble(**{"members": small_members(), "verbose": False} | settings)


def everything(rnn: CharRNN | Ensemble) -> bytes:
    """Return all that a model holds; two results are equal only if nothing has changed."""
    return pickle.dumps(rnn)


def without_seconds(rnn: CharRNN | Ensemble) -> dict[str, list[Any]]:
    """Return the history without the time it took."""
    return {name: column for name, column in rnn.history_.items() if name != "seconds"}
