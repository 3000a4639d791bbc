"""The figure of a picture that was given no Axes, and the room there is on Axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dinorc._training.jupyter import in_jupyter

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of so many inches, which lays itself out."""
    if in_jupyter():
        # Its figures show below the cell and are closed at its end; others would not show.
        from matplotlib import pyplot

        return pyplot.figure(figsize=(width, height), layout="constrained")
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def axes_or_new(ax: Axes | None, width: float = 6.4, height: float = 4.8) -> Axes:
    """Return the Axes, or those of a new figure of so many inches."""
    return new_figure(width, height).add_subplot() if ax is None else ax


def points_across(ax: Axes) -> float:
    """Return the width of Axes in points, before the figure is laid out: about that after it."""
    return float(72 * ax.bbox.width / ax.figure.dpi)
