"""The exceptions and warnings of dinorc's own; bad arguments raise ValueError or TypeError."""

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


class NamesShortfallWarning(UserWarning):
    """`CharRNN.generate` has found fewer names than it was asked for."""


class NamesShortfallError(RuntimeError):
    """`CharRNN.generate` has found fewer names than it was asked for, with on_shortfall="error".

    Attributes
    ----------
    names : GeneratedNames or None
        Those that it has found, with the report.
    """

    def __init__(self, message: str, names: GeneratedNames | None = None) -> None:
        super().__init__(message)
        self.names = names


class SearchLimitError(RuntimeError):
    """`CharRNN.most_likely` has met the limit on its memory before it had found all names.

    Attributes
    ----------
    names : GeneratedNames or None
        Those that it has found, best first: no other name is more probable than any of them.
    """

    def __init__(self, message: str, names: GeneratedNames | None = None) -> None:
        super().__init__(message)
        self.names = names


class ModelFileError(ValueError):
    """A file is no model file of dinorc, not whole, or of a newer version."""


class TrainingInterruptedWarning(UserWarning):
    """Ctrl-C has ended a training run early; the model has the best weights so far."""
