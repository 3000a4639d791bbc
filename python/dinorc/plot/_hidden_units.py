"""The picture of a memory: the hidden units while the model reads a name."""

from __future__ import annotations

import numpy as np

from dinorc._estimators.char_rnn import CharRNN
from dinorc._estimators.spelling import spelling_learned
from dinorc._names.cleaning import name_to_score
from dinorc._validation import Array
from dinorc.plot._colors import SIGNED
from dinorc.plot._figure import Axes, axes_or_new, require_model_and_axes
from dinorc.plot._lettering import Lettering

_MOST_NAMED_UNITS = 40
_MOST_LETTERS = 60


def hidden_units(
    rnn: CharRNN, name: str, ax: Axes | None = None, *, label: str | None = None
) -> Axes:
    """Draw the hidden outputs, one row per unit, at the start and after each character of a name.

    They lie between -1 and 1; white is 0. Units are ordered by where they are furthest from 0, then
    by their value there, so that units that respond to the same character are next to each other.

    Parameters
    ----------
    rnn, name, ax
        As for `surprise`.
    label : str, optional
        The kind of the name, needed where the model knows labels.

    Returns
    -------
    matplotlib.axes.Axes
        `ax`, or the Axes of the new figure.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or `name` has a character that training has not seen.
    ImportError
        Without matplotlib.

    Examples
    --------
    >>> from dinorc import CharRNN, datasets, plot
    >>> rnn = CharRNN(hidden_size=8, max_epochs=1).fit(datasets.load("dinos"))
    >>> plot.hidden_units(rnn, "rex").images[0].get_array().shape
    (8, 4)
    """
    require_model_and_axes(rnn, ax, network=True)
    clean = name_to_score(name, spelling_learned(rnn))
    states = rnn.hidden_states(clean, label=label)
    order = _by_peak(states)
    lettering = Lettering.of(clean + (label or ""))

    columns, units = states.shape
    ax = axes_or_new(ax, min(16.0, max(6.4, 1.8 + 0.3 * columns)), 5.5)
    image = ax.imshow(
        states[:, order].T, cmap=SIGNED, vmin=-1, vmax=1, aspect="auto", interpolation="none"
    )
    if len(clean) <= _MOST_LETTERS:
        labels = ["start", *lettering.labels(clean)]
        ax.set_xticks(range(columns), labels, **lettering.text)
        for tick in ax.get_xticklabels():
            tick.set_rotation(90 if len(tick.get_text()) > 1 else 0)
        ax.set_xlabel("after reading")
    else:
        ax.set_xlabel("characters read")
    if units <= _MOST_NAMED_UNITS:
        ax.set_yticks(range(units), order.tolist(), fontsize=8 if units <= 25 else 6)
        ax.set_ylabel("hidden unit")
    else:
        ax.set_yticks([])
        ax.set_ylabel(f"{units:,} hidden units, by where they peak")
    of_label = "" if label is None else f" of {lettering.quoted(label)}"
    ax.set_title(f"Hidden units over {lettering.quoted(clean)}{of_label}", **lettering.text)
    ax.figure.colorbar(image, ax=ax, label="hidden output")
    return ax


def _by_peak(states: Array) -> Array:
    """Return the units in order, [hidden_size]: by the step of largest magnitude, then by value."""
    peaks = np.abs(states).argmax(axis=0)
    values = np.take_along_axis(states, peaks[np.newaxis], axis=0)[0]
    return np.lexsort((-values, peaks))
