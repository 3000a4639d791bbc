"""The smoothed loss and its initial value."""

from __future__ import annotations

import numpy as np

from dinorc import _core
from dinorc._validation import require_integer, require_real


def get_initial_loss(vocab_size: int, seq_length: int) -> float:
    """Return the loss of `seq_length` characters if all characters are equally likely.

    Parameters
    ----------
    vocab_size : int
        The number of different characters, 1 or more.
    seq_length : int
        The number of characters in the sequence, 0 or more.

    Returns
    -------
    float
        ``-log(1 / vocab_size) * seq_length``, in nats.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an integer, or below its minimum.

    Examples
    --------
    >>> from dinorc.notebook import get_initial_loss
    >>> print("%.6f" % get_initial_loss(27, 7))
    23.070858
    """
    size = require_integer("vocab_size", vocab_size, 1)
    length = require_integer("seq_length", seq_length, 0)
    log_probability = float(_core.log(np.array([1.0 / size]))[0])
    return -log_probability * length


def smooth(loss: float, cur_loss: float) -> float:
    """Return the exponentially smoothed loss after one more loss.

    Parameters
    ----------
    loss : float
        The smoothed loss so far, in nats.
    cur_loss : float
        The loss to add, in nats.

    Returns
    -------
    float
        ``loss * 0.999 + cur_loss * 0.001``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a real number.

    Examples
    --------
    >>> from dinorc.notebook import smooth
    >>> print("%.3f" % smooth(20.0, 10.0))
    19.990
    """
    return require_real("loss", loss) * 0.999 + require_real("cur_loss", cur_loss) * 0.001
