"""Checks of a picture's arguments before anything is drawn, and the Axes to draw on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dinorc._estimators.char_rnn import CharRNN
from dinorc._estimators.name_model import NameModel
from dinorc._training.progress import in_jupyter
from dinorc._validation import describe

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Axes
    from matplotlib.figure import Figure
else:  # matplotlib is imported only when something is drawn
    Axes = Any


def require_model_and_axes(rnn: object, ax: object, *, axes: int = 1, network: bool = False) -> str:
    """Return the model's characters; raise if it is not a model that has learned names.

    Raise, too, if it has to be a network and is none, if `ax` is neither None nor as many Axes as
    the picture has, and without matplotlib.
    """
    require_axes(ax, axes)
    if not isinstance(rnn, CharRNN if network else NameModel):
        others = "" if network else " or another model of names"
        raise TypeError(f"rnn is {describe(rnn)}; expected a CharRNN{others}")
    assert isinstance(rnn, NameModel)
    return rnn.vocabulary_


def require_axes(ax: object, count: int = 1) -> None:
    """Raise if `ax` is neither None nor as many Axes, and without matplotlib."""
    try:
        from matplotlib.axes import Axes as OneAxes
    except ModuleNotFoundError as error:
        raise ImportError(
            "pictures are drawn by matplotlib, which is not installed; "
            "pip install matplotlib brings it"
        ) from error
    if ax is None:
        return
    if count == 1:
        if not isinstance(ax, OneAxes):
            raise TypeError(f"ax is {describe(ax)}; expected Axes of matplotlib's, or None")
        return
    if not isinstance(ax, (Sequence, np.ndarray)) or len(ax) != count:
        wanted = {2: "two", 3: "three"}[count]
        raise TypeError(f"ax is {describe(ax)}; expected {wanted} Axes of matplotlib's, or None")
    for index, one in enumerate(ax):
        if not isinstance(one, OneAxes):
            raise TypeError(f"ax[{index}] is {describe(one)}; expected Axes of matplotlib's")


def require_list_of_names(rnn: NameModel) -> tuple[str, ...]:
    """Return the distinct names of the model's list; raise if it holds none."""
    if not rnn.training_names_:
        raise ValueError(
            "rnn holds no list of names; expected a model that fit has trained, and its list"
        )
    return rnn.training_names_


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of this size in inches, which lays itself out."""
    if in_jupyter():
        # pyplot's figures show below the cell and are closed at its end; others would not show.
        from matplotlib import pyplot

        return pyplot.figure(figsize=(width, height), layout="constrained")
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def axes_or_new(ax: Axes | None, width: float = 6.4, height: float = 4.8) -> Axes:
    """Return the Axes, or those of a new figure of this size in inches."""
    return new_figure(width, height).add_subplot() if ax is None else ax


def points_across(ax: Axes) -> float:
    """Return the width of Axes in points before the layout, about the same as after it."""
    return float(72 * ax.bbox.width / ax.figure.dpi)
