"""When a model is saved while its training goes on."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any


class Checkpoints:
    """Saves what has been learned so far, every so many seconds of training."""

    def __init__(self, seconds: float, save: Callable[[Any], None]) -> None:
        self._seconds = seconds
        self._save = save
        self._next = time.monotonic() + seconds

    @property
    def is_due(self) -> bool:
        """Whether it is time to save again."""
        return time.monotonic() >= self._next

    def save(self, trained: Any) -> None:
        """Save what has been learned; None stands for nothing that is worth it."""
        if trained is not None:
            self._save(trained)
        self._next = time.monotonic() + self._seconds  # a slow disk must not stop the training
