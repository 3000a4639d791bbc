"""The picture of letter pairs: which letter follows which, in a model's names and its list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dinorc._estimators.name_model import NameModel
from dinorc._judging.calibration import exact_sum
from dinorc._names.vocabulary import Vocabulary
from dinorc._validation import Array
from dinorc.plot._colors import AMOUNTS, SIGNED
from dinorc.plot._figure import Axes, new_figure, require_list_of_names, require_model_and_axes
from dinorc.plot._lettering import Lettering, Room

_DRAWS = 5000
_MOST_CHARACTERS = 40


def transitions(rnn: NameModel, ax: Sequence[Axes] | None = None) -> Array:
    """Draw how often each character follows another, in the model's names, in the list, and apart.

    A row stands for a character, or the start of a name; in the first two panels it sums to 1. The
    model's names are those of ``rnn.sample(5000, seed=0)``, the list's the distinct names that
    `fit` was given, each once, as a model keeps neither their counts nor their labels; a row is
    grey where none of them has its character. If there are more than 40 characters, all but the 39
    most frequent share a row and a column.

    The third panel has the difference, in percentage points of all pairs: purple where the model
    makes a pair too often, orange where too rarely. Its title tells how far apart the pairs of both
    are: what share of them would have to change (the total variation distance). Some of it is
    chance: 1,383 names drawn from the model of the dinosaurs are 6 % away from 5,000 others of its
    own.

    Parameters
    ----------
    rnn : CharRNN, NGram or Ensemble
        A model that `fit` has trained.
    ax : three matplotlib.axes.Axes, optional
        Where to draw the model, the list and the difference; a new figure if not given.

    Returns
    -------
    numpy.ndarray
        The three Axes.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the model holds no list of names.
    ImportError
        Without matplotlib.

    Examples
    --------
    >>> from dinorc import CharRNN, datasets, plot
    >>> rnn = CharRNN(hidden_size=8, max_epochs=1).fit(datasets.load("dinos"))
    >>> of_model, of_names, difference = plot.transitions(rnn)
    >>> of_names.get_xlabel()
    'next character'
    """
    vocabulary = Vocabulary(require_model_and_axes(rnn, ax, axes=3))
    listed = require_list_of_names(rnn)
    names = vocabulary.encode(listed).characters
    drawn = vocabulary.encode(rnn.sample(_DRAWS, seed=0)).characters
    frequencies = np.bincount(names, minlength=len(vocabulary))
    room = Room.for_most(frequencies, _MOST_CHARACTERS)
    ids = np.sort(room.ids)
    counts = [_pairs(text, ids, len(vocabulary)) for text in (drawn, names)]
    of_model, of_names = (count / count.sum() for count in counts)
    apart = of_model - of_names  # of all pairs, not of a row: one rare letter would outshine all
    distance = 0.5 * exact_sum(np.abs(apart))
    with np.errstate(invalid="ignore"):
        shares = [count / count.sum(axis=1, keepdims=True) for count in counts]
    characters = [vocabulary.characters[index] for index in ids]
    lettering = Lettering.of("".join(characters))
    others = [room.others_label] if room.others else []

    axes = np.asarray(new_figure(16, 5.2).subplots(1, 3) if ax is None else ax)
    from matplotlib import colormaps
    from matplotlib.colors import Normalize, PowerNorm

    colors = colormaps[AMOUNTS].with_extremes(bad="lightgrey")
    # With the square root, small shares can be told apart.
    norm = PowerNorm(0.5, vmin=0, vmax=float(np.nanmax(shares)))
    furthest = 100 * float(np.abs(apart).max()) or 1.0
    panels: tuple[tuple[Array, Any, Any, str], ...] = (
        (shares[0], colors, norm, "The model's names"),
        (shares[1], colors, norm, f"The list's {len(listed):,} names"),
        (
            100 * apart,
            SIGNED,
            Normalize(-furthest, furthest),
            f"Difference: {100 * distance:.1f} % of pairs",
        ),
    )
    places = range(len(ids) + len(others))
    style = {**lettering.text, "fontsize": 8 if len(places) <= 30 else 6}
    for panel, (values, cmap, its_norm, title) in zip(axes, panels, strict=True):
        image = panel.imshow(values, cmap=cmap, norm=its_norm)
        panel.set_xticks(places, lettering.labels(characters) + others, **style)
        panel.set_yticks(places, lettering.labels(characters, end="start") + others, **style)
        for label in panel.get_xticklabels():
            label.set_rotation(90 if len(label.get_text()) > 1 else 0)
        panel.set_xlabel("next character")
        panel.set_ylabel("character")
        panel.set_title(title)
        if panel is not axes[0]:
            # Beside the map and as tall, whatever the layout makes of it.
            beside = panel.inset_axes((1.03, 0, 0.05, 1))
            words = "share of the row" if panel is axes[1] else "model minus list (points)"
            panel.figure.colorbar(image, cax=beside, label=words)
    return axes


def _pairs(text: Array, ids: Array, size: int) -> Array:
    """Count the pairs of neighbours in the ids of names.

    Characters without a place of their own share the last one.
    The 0 that ends a name also comes before the next one, and so stands for its start.
    """
    places = len(ids) + (len(ids) < size)
    place_of = np.full(size, places - 1)
    place_of[ids] = np.arange(len(ids))
    place = place_of[np.concatenate([[0], text])]
    pairs = np.bincount(place[:-1] * places + place[1:], minlength=places * places)
    return pairs.reshape(places, places)
