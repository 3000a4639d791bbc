"""The picture of a choice: how likely each character is to come next."""

from __future__ import annotations

import math

from dinorc import _core
from dinorc._estimators.name_model import NameModel
from dinorc._judging.calibration import exact_sum
from dinorc._names.vocabulary import END
from dinorc.plot._colors import BLUE, GREY, VERMILION
from dinorc.plot._figure import Axes, axes_or_new, points_across, require_model_and_axes
from dinorc.plot._lettering import Lettering, Room

_MOST_BARS = 32
_LEAST_NAMED = 0.005  # a bar below this has no percentage above it
_POINTS_A_PERCENTAGE = 12  # across


def next_characters(rnn: NameModel, prefix: str = "", ax: Axes | None = None) -> Axes:
    """Draw how probable each character is to come next, the most probable one first.

    The end of the name is one of the characters, in another colour. If there are more than 32, all
    from the 32nd on share the last bar.

    Parameters
    ----------
    rnn, ax
        As for `surprise`.
    prefix : str
        How the name begins; "" for the first character.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`, or the Axes of the new figure.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or `prefix` has a character that training has not seen.
    ImportError
        Without matplotlib.

    Examples
    --------
    >>> from dinorc import CharRNN, datasets, plot
    >>> rnn = CharRNN(hidden_size=8, max_epochs=1).fit(datasets.load("dinos"))
    >>> len(plot.next_characters(rnn, "tri").patches)
    27
    """
    characters = require_model_and_axes(rnn, ax)
    probabilities = _core.exp(rnn.next_char_log_probabilities(prefix))
    room = Room.for_most(probabilities, _MOST_BARS)
    lettering = Lettering.of(characters + prefix)
    heights = probabilities[room.ids].tolist()
    labels = lettering.labels(characters[index] for index in room.ids)
    colors = [VERMILION if characters[index] == END else BLUE for index in room.ids]
    if room.others:
        heights.append(exact_sum(probabilities) - math.fsum(heights))
        labels.append(room.others_label)
        colors.append(GREY)

    ax = axes_or_new(ax, 8, 4)
    places = range(len(heights))
    bars = ax.bar(places, heights, color=colors)
    if points_across(ax) >= _POINTS_A_PERCENTAGE * len(heights):
        percentages = [f"{100 * p:.0f} %" if p >= _LEAST_NAMED else "" for p in heights]
        ax.bar_label(bars, percentages, fontsize=7, padding=1)
    ax.set_xticks(places, labels, **lettering.text)
    for label, text in zip(ax.get_xticklabels(), labels, strict=True):
        label.set_rotation(90 if len(text) > 3 else 0)
    ax.set_xlim(-0.7, len(heights) - 0.3)
    ax.set_ylim(0, 1.12 * max(heights))
    ax.set_xlabel("next character")
    ax.set_ylabel("probability")
    title = f"What comes after {lettering.quoted(prefix)}" if prefix else "How names begin"
    ax.set_title(title, **lettering.text)
    return ax
