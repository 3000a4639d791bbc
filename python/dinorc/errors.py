"""The exceptions of dinorc's own; bad arguments raise ValueError or TypeError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np


class TrainingDivergedError(ArithmeticError):
    """A loss was infinite or not a number; training has stopped.

    Attributes
    ----------
    iteration : int or None
        The number of whole iterations behind `parameters`; None for a single step.
    parameters : dict of numpy.ndarray or None
        The last good parameters; None where the caller's own arrays, unchanged, hold them.
    """

    def __init__(
        self,
        message: str,
        iteration: int | None = None,
        parameters: Mapping[str, np.ndarray[Any, Any]] | None = None,
    ) -> None:
        super().__init__(message)
        self.iteration = iteration
        self.parameters = parameters
