"""Pictures of a model, drawn by matplotlib: ``pip install matplotlib``.

Each function draws on the Axes it is given, or on a new figure, and returns the Axes, so that
titles, limits and colours can still be changed and ``ax.figure.savefig("picture.png")`` saves the
picture. pyplot does not know a new figure: no window opens, and there is nothing to close. In
Jupyter it does, and the figure shows below the cell. To see a window, pass Axes made by
pyplot: ``fig, ax = plt.subplots(); losses(rnn, ax); plt.show()``.
"""

from dinorc.plot._clipping import clipping
from dinorc.plot._hidden_units import hidden_units
from dinorc.plot._labels import labels
from dinorc.plot._lengths import lengths
from dinorc.plot._losses import losses
from dinorc.plot._next_characters import next_characters
from dinorc.plot._surprise import surprise
from dinorc.plot._transitions import transitions

__all__ = [
    "clipping",
    "hidden_units",
    "labels",
    "lengths",
    "losses",
    "next_characters",
    "surprise",
    "transitions",
]
