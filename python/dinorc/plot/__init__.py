"""Pictures of a model, drawn by matplotlib: ``pip install matplotlib``.

Each function draws on the Axes it is given, or on a figure of its own, and returns the Axes, so
that titles, limits and colours can still be changed and ``ax.figure.savefig("picture.png")`` saves
it. A figure of its own is not one of pyplot's: no window opens, and there is nothing to close.
In Jupyter it is one of pyplot's, and shows below the cell. To see a window, hand over Axes of
pyplot's: ``fig, ax = plt.subplots(); losses(rnn, ax); plt.show()``.
"""

from dinorc.plot._clipping import clipping
from dinorc.plot._hidden_units import hidden_units
from dinorc.plot._losses import losses
from dinorc.plot._next_characters import next_characters
from dinorc.plot._surprise import surprise
from dinorc.plot._transitions import transitions

__all__ = [
    "clipping",
    "hidden_units",
    "losses",
    "next_characters",
    "surprise",
    "transitions",
]
