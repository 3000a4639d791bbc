"""The picture of lengths: how long the model's names are, beside those of its list."""

from __future__ import annotations

import math

import numpy as np

from dinorc._estimators.name_model import NameModel
from dinorc._judging.calibration import exact_sum
from dinorc._validation import Array
from dinorc.plot._colors import GREY, PALE, VERMILION
from dinorc.plot._figure import (
    Axes,
    axes_or_new,
    points_across,
    require_list_of_names,
    require_model_and_axes,
)

_DRAWS = 5000
_POINTS_A_DIGIT = 7  # across, below the axis


def lengths(rnn: NameModel, ax: Axes | None = None) -> Axes:
    """Draw how many characters names have: the list's as bars, the model's as a line.

    The model's names are those of ``rnn.sample(5000, seed=0)``, the list's the distinct names that
    `fit` was given, each once: a model keeps neither their counts nor their labels, and one that
    has learned counts differs from the list by them. The model's names that are longer than every
    name of the list share the last place. The title tells what share of the names would have to be
    of another length for both to be the same (the total variation distance).

    Parameters
    ----------
    rnn : CharRNN, NGram or Ensemble
        A model that `fit` has trained.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure if not given.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`, or the Axes of the new figure.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the model holds no list of names.
    ImportError
        Without matplotlib.

    Examples
    --------
    >>> from dinorc import NGram, datasets, plot
    >>> ax = plot.lengths(NGram().fit(datasets.load("dinos")))
    >>> ax.get_xlabel()
    'characters'
    """
    require_model_and_axes(rnn, ax)
    names = require_list_of_names(rnn)
    listed = np.array([len(name) for name in names])
    drawn = np.array([len(name) for name in rnn.sample(_DRAWS, seed=0)])
    least, most = min(int(listed.min()), int(drawn.min())), int(listed.max())
    has_longer = bool((drawn > most).any())
    places = np.arange(least, most + 1 + has_longer)
    of_names, of_model = (_shares(each, least, len(places)) for each in (listed, drawn))
    distance = 0.5 * exact_sum(np.abs(of_model - of_names))

    ax = axes_or_new(ax, 7.2, 4.2)
    from matplotlib.ticker import PercentFormatter

    ax.bar(
        places,
        of_names,
        width=0.85,
        color=PALE,
        label=f"the list's {len(names):,}: {listed.mean():.1f} on average",
    )
    ax.plot(
        places,
        of_model,
        color=VERMILION,
        marker="o",
        markersize=4,
        label=f"the model's: {drawn.mean():.1f}",
    )
    ax.set_xlim(least - 0.7, places[-1] + 0.7)
    ax.set_ylim(0, 1.18 * max(of_names.max(), of_model.max()))
    points = points_across(ax) / len(places)  # of a place
    needed = _POINTS_A_DIGIT * (len(str(most)) + 0.5)  # by a number
    step = math.ceil(needed / points)
    numbered = places[: most - least + 1][::step].tolist()
    texts = [str(place) for place in numbered]
    if has_longer:
        if (most + 1 - numbered[-1]) * points < needed + _POINTS_A_DIGIT and len(numbered) > 1:
            # It would touch the last one.
            del numbered[-1], texts[-1]
        numbered.append(most + 1)
        texts.append(f">{most}")
    ax.set_xticks(numbered, texts)
    ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=None, symbol=" %"))
    ax.set_xlabel("characters")
    ax.set_ylabel("share of the names")
    ax.set_title(f"Lengths of names: {100 * distance:.1f} % differ")
    line, bars = ax.get_legend_handles_labels()[0]
    ax.legend(handles=[bars, line], frameon=False, fontsize="small")
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(axis="x", length=0)
    ax.spines["left"].set_color(GREY)
    return ax


def _shares(lengths: Array, least: int, places: int) -> Array:
    """Return the share of the names at each place; the last takes what is longer, too."""
    counts = np.bincount(np.minimum(lengths - least, places - 1), minlength=places)
    shares: Array = counts / len(lengths)
    return shares
