"""The picture of two labels: which letters their names rather begin and end with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from dinorc import _core
from dinorc._estimators.name_model import NameModel
from dinorc._names.listed_names import shown_labels
from dinorc._names.vocabulary import END
from dinorc._validation import Array
from dinorc.plot._colors import BLUE, VERMILION
from dinorc.plot._figure import Axes, new_figure, require_model_and_axes
from dinorc.plot._lettering import Lettering

_DRAWS = 5000
_MOST_LETTERS = 12  # in a panel


def labels(
    rnn: NameModel,
    one: str | None = None,
    other: str | None = None,
    ax: Sequence[Axes] | None = None,
) -> Array:
    """Draw how the first and the last letters of two labels' names differ.

    A bar to the right says by how many percentage points more of the names of `one` begin, or end,
    with the letter; a bar to the left, of `other`. The first letters are the model's exact
    probabilities, the last ones those of ``rnn.sample(5000, seed=0, label=...)`` for each label.
    The 12 letters that differ most are shown, in the order of the difference.

    Parameters
    ----------
    rnn : CharRNN, NGram or Ensemble
        A model that `fit` has trained with labels.
    one, other : str, optional
        Two of ``labels_``; a model of exactly two needs neither.
    ax : two matplotlib.axes.Axes, optional
        Where to draw the first and the last letters; a new figure if not given.

    Returns
    -------
    numpy.ndarray
        The two Axes.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the model knows no such labels.
    ImportError
        Without matplotlib.

    Examples
    --------
    >>> from dinorc import NGram, plot
    >>> names, sexes = ["anna", "berta", "carla", "arno", "otto", "hugo"], ["f"] * 3 + ["m"] * 3
    >>> first, last = plot.labels(NGram().fit(names, labels=sexes), "f", "m")
    >>> last.get_title()
    'last letter'
    """
    characters = require_model_and_axes(rnn, ax, axes=2)
    one, other = _both(rnn, one, other)
    of_one, of_other = (
        dict(zip(characters, exact, strict=True))
        for exact in (
            _core.exp(rnn.next_char_log_probabilities("", label=label)).tolist()
            for label in (one, other)
        )
    )
    last_of_one, last_of_other = (_last_letters(rnn, label) for label in (one, other))

    panels = np.asarray(new_figure(8.4, 4.6).subplots(1, 2) if ax is None else ax)
    lettering = Lettering.of(characters + one + other)
    _draw(panels[0], "first letter", of_one, of_other, (one, other), lettering)
    _draw(panels[1], "last letter", last_of_one, last_of_other, (one, other), lettering)
    return panels


def _both(rnn: NameModel, one: object, other: object) -> tuple[str, str]:
    """Return the two labels; raise unless the model knows them."""
    known = rnn.labels_
    if len(known) < 2:
        raise ValueError(
            "rnn has fewer than two labels; expected a model that was fitted with labels"
        )
    if one is None and other is None and len(known) == 2:
        return known[0], known[1]
    for name, label in (("one", one), ("other", other)):
        if label not in known:
            raise ValueError(f"{name} is {label!r}; expected one of {shown_labels(known)}")
    if one == other:
        raise ValueError(f"one and other are both {one!r}; expected two labels")
    return str(one), str(other)


def _last_letters(rnn: NameModel, label: str) -> dict[str, float]:
    """Return the share of the names that end with each letter; END: that have none."""
    counts = Counter(name[-1:] or END for name in rnn.sample(_DRAWS, seed=0, label=label))
    return {letter: count / _DRAWS for letter, count in counts.items()}


def _draw(
    panel: Axes,
    title: str,
    of_one: Mapping[str, float],
    of_other: Mapping[str, float],
    names: tuple[str, str],
    lettering: Lettering,
) -> None:
    points = {
        letter: 100 * (of_one.get(letter, 0.0) - of_other.get(letter, 0.0))
        for letter in of_one.keys() | of_other.keys()
    }
    most = sorted(points, key=lambda letter: (-abs(points[letter]), letter))[:_MOST_LETTERS]
    shown = sorted(most, key=lambda letter: (points[letter], letter))
    widths = [points[letter] for letter in shown]
    places = range(len(shown))
    colors = [BLUE if width > 0 else VERMILION for width in widths]
    bars = panel.barh(places, widths, color=colors, height=0.75)
    numbers = [f"{abs(width):.1f}" for width in widths]
    panel.bar_label(bars, numbers, fontsize=8, padding=3)
    panel.set_yticks(places, lettering.labels(shown, end="none"), **lettering.text)
    panel.set_ylabel("letter")
    furthest = max([abs(width) for width in widths] + [1.0])
    panel.set_xlim(-1.3 * furthest, 1.3 * furthest)
    panel.axvline(0, color="black", linewidth=0.8)
    panel.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    panel.set_xlabel("percentage points more")
    for name, color, place, side in zip(
        names, (BLUE, VERMILION), (1.0, 0.0), ("right", "left"), strict=True
    ):
        panel.text(
            place,
            1.01,
            f"more in {lettering.quoted(name)}",
            color=color,
            horizontalalignment=side,
            verticalalignment="bottom",
            transform=panel.transAxes,
            **lettering.text,
        )
    panel.set_title(title, pad=20)
    panel.spines[["top", "right", "left"]].set_visible(False)
    panel.tick_params(axis="y", length=0)
