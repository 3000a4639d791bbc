"""The smoothed loss and its initial value."""

from __future__ import annotations

import functools
import math

import numpy as np

from dinorc import _core
from dinorc._validation import require_real


def get_initial_loss(vocab_size: float, seq_length: float) -> float:
    """Return the loss of `seq_length` characters if all characters are equally likely.

    Parameters
    ----------
    vocab_size : int or float
        The number of different characters, 1 or more.
    seq_length : int or float
        The number of characters in the sequence, 0 or more.

    Returns
    -------
    float
        ``-log(1 / vocab_size) * seq_length``, in nats.

    Raises
    ------
    TypeError, ValueError
        If an argument is not a finite number, or below its minimum.

    Examples
    --------
    >>> from dinorc.notebook import get_initial_loss
    >>> print("%.6f" % get_initial_loss(27, 7))
    23.070858
    """
    try:
        return _initial_loss(vocab_size, seq_length)
    except TypeError:  # or a value that can't be remembered
        return _initial_loss.__wrapped__(vocab_size, seq_length)


@functools.lru_cache(maxsize=64, typed=True)
def _initial_loss(vocab_size: float, seq_length: float) -> float:
    size = require_real("vocab_size", vocab_size, lambda n: 1 <= n < math.inf, "1 or more")
    length = require_real("seq_length", seq_length, lambda n: 0 <= n < math.inf, "0 or more")
    log_probability = float(_core.log(np.array([1.0 / size]))[0])
    return -log_probability * length


def smooth(loss: float, cur_loss: float) -> float:
    """Return the exponentially smoothed loss after one more loss.

    Parameters
    ----------
    loss : float
        The smoothed loss so far, in nats; NumPy's numbers will do, and NaN stays NaN.
    cur_loss : float
        The loss to add, in nats.

    Returns
    -------
    float
        ``loss * 0.999 + cur_loss * 0.001``.

    Raises
    ------
    TypeError
        If an argument is not a real number.

    Examples
    --------
    >>> from dinorc.notebook import smooth
    >>> print("%.3f" % smooth(20.0, 10.0))
    19.990
    """
    try:
        smoothed = loss * 0.999 + cur_loss * 0.001
    except TypeError:
        smoothed = None
    if type(smoothed) is float:
        return smoothed
    return _number("loss", loss) * 0.999 + _number("cur_loss", cur_loss) * 0.001


def _number(name: str, value: object) -> float:
    """Return any real number as a float, also one in an array of NumPy's."""
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    if isinstance(value, (float, np.floating)) and math.isnan(value):
        return math.nan
    return require_real(name, value)
