"""The exceptions and warnings of dinorc's own; bad arguments raise ValueError or TypeError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


class TrainingDivergedError(ArithmeticError):
    """A loss was infinite or not a number; training has stopped.

    Attributes
    ----------
    iteration : int or None
        The number of whole iterations behind `parameters` in the notebook's loop; None elsewhere.
    epoch : int or None
        The number of whole epochs behind `parameters` in `CharRNN.fit`; None elsewhere.
    parameters : dict of numpy.ndarray or None
        The last good parameters; None where the caller's own arrays, unchanged, hold them, and
        where `CharRNN.fit` has not come to the end of an epoch.
    """

    def __init__(
        self,
        message: str,
        iteration: int | None = None,
        parameters: Mapping[str, np.ndarray[Any, Any]] | None = None,
        epoch: int | None = None,
    ) -> None:
        super().__init__(message)
        self.iteration = iteration
        self.parameters = parameters
        self.epoch = epoch


class NotFittedError(ValueError, AttributeError):
    """A model was asked for what it only has after `fit`."""


class TrainingInterruptedWarning(UserWarning):
    """Ctrl-C has ended a training run early; the model has the best weights so far."""
