"""dinorc's own exceptions and warnings; bad arguments raise ValueError or TypeError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from dinorc._drawing.generated_names import GeneratedNames


class TrainingDivergedError(ArithmeticError):
    """A loss was infinite or not a number; training has stopped.

    Attributes
    ----------
    iteration : int or None
        How many whole iterations led to `parameters` in the notebook's loop; None elsewhere.
    epoch : int or None
        How many whole epochs led to `parameters` in `CharRNN.fit`; None elsewhere.
    parameters : dict of numpy.ndarray or None
        The last good parameters; None where the caller's own, unchanged arrays hold them, and
        where `CharRNN.fit` has not reached the end of an epoch.
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
    """A model was asked for something that it has only after `fit`."""


class NamesShortfallWarning(UserWarning):
    """`CharRNN.generate` has found fewer names than it was asked for."""


class NamesShortfallError(RuntimeError):
    """`CharRNN.generate` has found fewer names than it was asked for, with on_shortfall="error".

    Attributes
    ----------
    names : GeneratedNames or None
        The names that it has found, with the report.
    """

    def __init__(self, message: str, names: GeneratedNames | None = None) -> None:
        super().__init__(message)
        self.names = names


class SearchLimitError(RuntimeError):
    """`CharRNN.most_likely` has reached its memory limit before it had found all names.

    Attributes
    ----------
    names : GeneratedNames or None
        The names that it has found, best first: no other name is more probable than any of them.
    """

    def __init__(self, message: str, names: GeneratedNames | None = None) -> None:
        super().__init__(message)
        self.names = names


class ModelFileError(ValueError):
    """A file is not a model file of dinorc, is damaged, or comes from a newer version."""


class TrainingInterruptedWarning(UserWarning):
    """Ctrl-C has ended a training run early; the model has the best weights so far."""
