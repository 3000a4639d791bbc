"""The picture of letter pairs: which letter follows which, in a model's names and its list."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dinorc._estimators.name_model import NameModel
from dinorc._judging.calibration import exact_sum
from dinorc._names.vocabulary import Vocabulary
from dinorc._validation import Array
from dinorc.plot._colors import AMOUNTS
from dinorc.plot._figure import Axes, new_figure, require_model_and_axes
from dinorc.plot._lettering import Lettering, Room

_DRAWS = 5000
_MOST_CHARACTERS = 40


def transitions(rnn: NameModel, ax: Sequence[Axes] | None = None) -> Array:
    """Draw how often each character follows another, in the model's names and in the list.

    A row stands for a character, or the start of a name; it sums to 1. The model's names are those
    of ``rnn.sample(5000, seed=0)``, the list's the distinct names that `fit` was given; a row is
    grey where none of them has its character. If there are more than 40 characters, all but the 39
    most frequent share a row and a column.

    The title tells how far apart the pairs of both panels are: what share of them would have to
    change for both panels to be the same (the total variation distance). Some of it is chance:
    1,383 names drawn from the model of the dinosaurs are 6 % away from 5,000 others of its own.

    Parameters
    ----------
    rnn : CharRNN, NGram or Ensemble
        A model that `fit` has trained.
    ax : two matplotlib.axes.Axes, optional
        Where to draw the model and the list; a new figure if not given.

    Returns
    -------
    numpy.ndarray
        The two Axes.

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
    >>> of_model, of_names = plot.transitions(rnn)
    >>> of_names.get_xlabel()
    'next character'
    """
    vocabulary = Vocabulary(require_model_and_axes(rnn, ax, two=True))
    if not rnn.training_names_:
        raise ValueError(
            "rnn holds no list of names; expected a model that fit has trained, and its list"
        )
    names = vocabulary.encode(rnn.training_names_).characters
    drawn = vocabulary.encode(rnn.sample(_DRAWS, seed=0)).characters
    frequencies = np.bincount(names, minlength=len(vocabulary))
    room = Room.for_most(frequencies, _MOST_CHARACTERS)
    ids = np.sort(room.ids)
    counts = [_pairs(text, ids, len(vocabulary)) for text in (drawn, names)]
    of_model, of_names = (count / count.sum() for count in counts)
    distance = 0.5 * exact_sum(np.abs(of_model - of_names))
    with np.errstate(invalid="ignore"):
        shares = [count / count.sum(axis=1, keepdims=True) for count in counts]
    characters = [vocabulary.characters[index] for index in ids]
    lettering = Lettering.of("".join(characters))
    others = [room.others_label] if room.others else []

    axes = np.asarray(new_figure(11, 5.6).subplots(1, 2) if ax is None else ax)
    from matplotlib import colormaps
    from matplotlib.colors import PowerNorm

    # With the square root, small shares can be told apart.
    norm = PowerNorm(0.5, vmin=0, vmax=float(np.nanmax(shares)))
    titles = (
        f"The model's names: {100 * distance:.1f} % of pairs differ",
        f"The list's {len(rnn.training_names_):,} names",
    )
    places = range(len(ids) + len(others))
    style = {**lettering.text, "fontsize": 8 if len(places) <= 30 else 6}
    for panel, share, title in zip(axes, shares, titles, strict=True):
        image = panel.imshow(
            share, cmap=colormaps[AMOUNTS].with_extremes(bad="lightgrey"), norm=norm
        )
        panel.set_xticks(places, lettering.labels(characters) + others, **style)
        panel.set_yticks(places, lettering.labels(characters, end="start") + others, **style)
        for label in panel.get_xticklabels():
            label.set_rotation(90 if len(label.get_text()) > 1 else 0)
        panel.set_xlabel("next character")
        panel.set_ylabel("character")
        panel.set_title(title)
    axes[0].figure.colorbar(image, ax=list(axes), label="share of the row")
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
