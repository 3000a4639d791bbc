"""The picture of a name: its letters, coloured by how much each surprises the model."""

from __future__ import annotations

import math

import numpy as np

from dinorc._estimators.name_model import NameModel
from dinorc._estimators.spelling import spelling_learned
from dinorc._judging.calibration import exact_sum
from dinorc._names.cleaning import name_to_score
from dinorc._names.vocabulary import END
from dinorc.notebook import get_initial_loss
from dinorc.plot._colors import AMOUNTS, readable_on
from dinorc.plot._figure import Axes, axes_or_new, points_across, require_model_and_axes
from dinorc.plot._lettering import Lettering

_SHORT_ROW = 16  # letters; a name of up to this many is never broken
_LEAST_SPAN = 8  # letters; rows are at least this wide, so that a title has room
_CELL, _WIDEST = 0.6, 10.0  # inches
_LEAST_WITH_NUMBERS = 20  # points; a narrower cell has no room for a number


def surprise(rnn: NameModel, name: str, ax: Axes | None = None) -> Axes:
    """Draw a name as a strip of letters, the end included, coloured by surprise.

    Surprise is minus `CharRNN.score_chars`, in nats: 0 for a character that had to come, 0.7 for
    one chance in two, 2.3 for one in ten. The colours mean the same for every name, so that
    names can be compared: they reach from 0 to twice the loss of guessing (every character equally
    likely), and what surprises more is black. A long name takes several rows.

    Parameters
    ----------
    rnn : CharRNN, NGram or Ensemble
        A trained model.
    name : str
        A name.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure if not given.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`, or the Axes of the new figure.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or `name` has a character that training has not seen and
        ``unknown`` is "error".
    ImportError
        Without matplotlib.

    Examples
    --------
    >>> from dinorc import CharRNN, datasets, plot
    >>> rnn = CharRNN(hidden_size=8, max_epochs=1).fit(datasets.load("dinos"))
    >>> [text.get_text() for text in plot.surprise(rnn, "rex").texts][::2]
    ['r', 'e', 'x', 'end']
    """
    known_characters = require_model_and_axes(rnn, ax)
    clean = name_to_score(name, spelling_learned(rnn))
    nats = -rnn.score_chars(clean)
    characters = clean + END
    lettering = Lettering.of(characters)

    # If one row is not enough: nearly square cells in a block three times as wide as high.
    columns = min(len(nats), max(_SHORT_ROW, math.ceil(math.sqrt(3 * len(nats)))))
    rows = math.ceil(len(nats) / columns)
    span = max(columns, _LEAST_SPAN)
    top = 2 * get_initial_loss(len(known_characters), 1)
    cells = np.full(rows * columns, np.nan)
    # A mesh leaves out infinite values, but values above the top have their own colour.
    cells[: len(nats)] = np.where(np.isfinite(nats), nats, 2 * top)

    side = min(_CELL, _WIDEST / columns)
    ax = axes_or_new(ax, side * span, 1.3 + side * rows)
    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    mesh = ax.pcolormesh(
        cells.reshape(rows, columns),
        cmap=colormaps[AMOUNTS].with_extremes(over="black"),
        norm=Normalize(0, top),
        edgecolors="white",
        linewidth=1,
    )
    points = points_across(ax) / max(span, rows * ax.bbox.width / ax.bbox.height)  # of a cell
    labels = lettering.labels(characters)
    for place, (label, cell, value) in enumerate(zip(labels, cells, nats, strict=False)):
        row, column = divmod(place, columns)
        style = {
            "color": readable_on(mesh.to_rgba(cell)),
            "horizontalalignment": "center",
            "verticalalignment": "center",
            **lettering.text,
        }
        with_number = points >= _LEAST_WITH_NUMBERS
        size = min(20, 0.75 * points, 1.35 * points / len(label))
        middle = row + (0.42 if with_number else 0.5)
        ax.text(column + 0.5, middle, label, fontsize=size, **style)
        if with_number:
            number = "∞" if math.isinf(value) else f"{value:.1f}"
            ax.text(column + 0.5, row + 0.82, number, fontsize=min(9, 0.3 * points), **style)
    ax.set_aspect("equal")
    ax.set_ylim(rows, 0)
    ax.set_xlim((columns - span) / 2, (columns + span) / 2)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    total = exact_sum(nats)
    ax.set_title(
        f"{lettering.quoted(clean)}: {total:.1f} nats, {total / len(nats):.2f} a character",
        **lettering.text,
    )
    ax.figure.colorbar(
        mesh,
        ax=ax,
        orientation="horizontal",
        label="surprise (nats)",
        extend="max",
        aspect=40,
        shrink=0.8,
    )
    return ax
