"""The picture of gradient clipping: descent with and without it, at the edge of a cliff."""

from __future__ import annotations

import numpy as np

from dinorc._validation import Array
from dinorc.plot._cliff import MAX_VALUE, NAME, START, STEPS, Cliff
from dinorc.plot._colors import LANDSCAPE, VERMILION
from dinorc.plot._figure import Axes, axes_or_new, require_axes

_WEIGHTS = np.linspace(-2, 5, 113)
_BIASES = np.linspace(-2, 2.5, 181)


def clipping(ax: Axes | None = None) -> Axes:
    """Draw gradient descent at the edge of a cliff, without clipping and with it.

    Nothing is made up: the surface is the loss of the longest dinosaur on the notebook's
    network with one hidden unit, over its recurrent weight and its bias, and the paths are 80 steps
    of `rnn_forward`, `rnn_backward` and `update_parameters`, with and without `clip` at 5. The
    paths are the same up to the edge. There a gradient of 188 throws the path without clipping far
    out onto a plateau, while the other goes on to the minimum. The picture is the same on every
    machine; it takes a second or two.

    Parameters
    ----------
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure if not given.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`, or the Axes of the new figure.

    Raises
    ------
    TypeError
        If `ax` is not as described.
    ImportError
        Without matplotlib.

    Notes
    -----
    After Figure 6 of Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
    networks" (2013).

    Examples
    --------
    >>> from dinorc import plot
    >>> [line.get_label() for line in plot.clipping().lines]
    ['without clipping', 'clipped at 5', 'start']
    """
    require_axes(ax)
    cliff = Cliff.of_the_dinosaurs()
    surface = cliff.surface(_WEIGHTS, _BIASES)
    thrown = cliff.descend(None)
    clipped = cliff.descend(MAX_VALUE)

    ax = axes_or_new(ax, 8, 5)
    mesh = ax.pcolormesh(_WEIGHTS, _BIASES, surface, cmap=LANDSCAPE, shading="nearest")
    ax.contour(_WEIGHTS, _BIASES, surface, levels=14, colors="white", linewidths=0.4, alpha=0.5)
    ax.plot(
        *thrown.T, color=VERMILION, linewidth=5, marker="o", markersize=7, label="without clipping"
    )
    ax.plot(
        *clipped.T,
        color="white",
        linewidth=1.5,
        marker="o",
        markersize=3.5,
        label=f"clipped at {MAX_VALUE}",
    )
    ax.plot(*START, color="black", marker="s", markersize=8, linestyle="none", label="start")
    ax.annotate(
        f"loss {cliff.loss(*clipped[-1]):.2f}",
        clipped[-1],
        xytext=(0, 14),
        textcoords="offset points",
        horizontalalignment="center",
        color="white",
    )
    where = ", ".join(f"{value:.1f}" for value in thrown[-1]).replace("-", "\N{MINUS SIGN}")
    ax.annotate(
        f"to ({where}):\nloss {cliff.loss(*thrown[-1]):.2f}, hardly a slope",
        _crossing(thrown, _BIASES[0]),
        xytext=(16, 8),
        textcoords="offset points",
        color="black",
    )
    ax.set_xlim(_WEIGHTS[0], _WEIGHTS[-1])
    ax.set_ylim(_BIASES[0], _BIASES[-1])
    ax.set_xlabel("recurrent weight")
    ax.set_ylabel("bias")
    ax.set_title(f"Gradient descent at a cliff, {STEPS} steps")
    ax.legend(loc="upper right", facecolor="#404040", labelcolor="white", framealpha=0.8)
    ax.figure.colorbar(mesh, ax=ax, label=f"loss of “{NAME}” (nats a character)")
    return ax


def _crossing(path: Array, bias: float) -> tuple[float, float]:
    """Return the point (weight, bias) where the path first falls below a bias."""
    after = int((path[:, 1] < bias).argmax())
    (w0, b0), (w1, b1) = path[after - 1], path[after]
    return w0 + (w1 - w0) * (bias - b0) / (b1 - b0), bias
