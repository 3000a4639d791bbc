"""Checks of what pictures are given, all made before anything is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dinorc._estimators.char_rnn import CharRNN
from dinorc._validation import describe


def require_model_and_axes(rnn: object, ax: object, *, two: bool = False) -> str:
    """Return the characters of the model; raise where it is not a CharRNN that has learned names.

    And where `ax` is neither Axes nor None (neither two Axes nor None), or matplotlib is missing.
    """
    (_require_two_axes if two else require_axes)(ax)
    if not isinstance(rnn, CharRNN):
        raise TypeError(f"rnn is {describe(rnn)}; expected a CharRNN")
    return rnn.vocabulary_


def require_axes(ax: object) -> None:
    """Raise where `ax` is neither Axes nor None, and where there is no matplotlib."""
    axes_type = _axes_type()
    if ax is not None and not isinstance(ax, axes_type):
        raise TypeError(f"ax is {describe(ax)}; expected Axes of matplotlib's, or None")


def _require_two_axes(ax: object) -> None:
    axes_type = _axes_type()
    if ax is None:
        return
    if not isinstance(ax, (Sequence, np.ndarray)) or len(ax) != 2:
        raise TypeError(f"ax is {describe(ax)}; expected two Axes of matplotlib's, or None")
    for index, one in enumerate(ax):
        if not isinstance(one, axes_type):
            raise TypeError(f"ax[{index}] is {describe(one)}; expected Axes of matplotlib's")


def _axes_type() -> Any:
    try:
        from matplotlib.axes import Axes
    except ModuleNotFoundError as error:
        raise ImportError(
            "pictures are drawn by matplotlib, which is not installed; "
            "pip install matplotlib brings it"
        ) from error
    return Axes
