"""Gradients beside the slopes of the loss, to see whether a way back is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from dinorc._validation import Array, describe
from dinorc.notebook._arrays import Parameters
from dinorc.notebook._network import rnn_backward, rnn_forward

# Half the distance of the two points. The error of the slope is about its square times the third
# derivative, plus the rounding of the loss (1e-16 of it) over it: some 1e-10 for a usual network.
_HALF_STEP = 1e-5

# What a right gradient may be off by: relative to the largest slope of its array, and at least.
_TOLERANCE = 1e-5
_LEAST = 1e-7


def check_gradients(
    X: Sequence[int | None],
    Y: Sequence[int],
    a_prev: Array,
    parameters: Mapping[str, Array],
    backward: Callable[..., Any] = rnn_backward,
) -> bool:
    """Compare gradients with the slopes of the loss, and print which entry is off, by how much.

    Each number of the parameters and of `a_prev` is moved a little both ways. How much the loss
    changes, over the distance, is its central difference, which a right gradient equals to about
    nine digits. Everything is computed in float64.

    Parameters
    ----------
    X, Y, a_prev, parameters
        As for `optimize`. Not changed. A small network and a short name will do: the loss is
        computed twice for each number.
    backward : callable
        The function to check, called as `rnn_backward` is, ``backward(X, Y, parameters, cache)``
        with the cache of `rnn_forward`. It returns a dictionary of ``dWax``, ``dWaa``, ``dWya``,
        ``db`` and ``dby``, before clipping, or a tuple that begins with it. ``da_next``, the
        gradient by `a_prev`, is checked too if it is there.

    Returns
    -------
    bool
        Whether all gradients are right.

    Raises
    ------
    TypeError, ValueError
        If X, Y, a_prev or parameters is not as described; and whatever `backward` raises.

    Examples
    --------
    >>> import numpy as np
    >>> from dinorc.notebook import check_gradients, initialize_parameters, rnn_backward
    >>> parameters = initialize_parameters(n_a=4, n_x=3, n_y=3)
    >>> right = check_gradients([None, 1, 2], [1, 2, 0], np.zeros((4, 1)), parameters)
    dWax: right
    dWaa: right
    dWya: right
    db: right
    dby: right
    da_next: right
    >>> def uphill(X, Y, parameters, cache):
    ...     gradients, a = rnn_backward(X, Y, parameters, cache)
    ...     return gradients | {"dby": -gradients["dby"]}, a
    >>> right = check_gradients([None, 1, 2], [1, 2, 0], np.zeros((4, 1)), parameters, uphill)
    dWax: right
    dWaa: right
    dWya: right
    db: right
    dby: off, most at [...]: it is -5.2...e-05, the slope ... The sign is the other way round
    da_next: right
    """
    moved = {
        key: array.astype(np.float64)
        for key, array in Parameters.checked(parameters)._asdict().items()
    }
    moved["a_prev"] = np.array(a_prev, dtype=np.float64)

    def loss() -> float:
        return rnn_forward(X, Y, moved["a_prev"], moved)[0]

    _, cache = rnn_forward(X, Y, moved["a_prev"], moved)
    given = {key: array.copy() for key, array in moved.items() if key != "a_prev"}
    returned = backward(list(X), list(Y), given, cache)
    gradients = returned[0] if isinstance(returned, tuple) and returned else returned
    if not isinstance(gradients, Mapping):
        print(f"backward returns {describe(gradients)}; expected a dictionary of the gradients")
        return False
    findings = {}
    for key in moved:
        name = "da_next" if key == "a_prev" else "d" + key
        if name in gradients or key != "a_prev":
            slopes = _central_differences(loss, moved[key])
            with np.errstate(all="ignore"):  # a NaN or an infinity is told as any other number
                findings[name] = _difference(gradients.get(name), slopes)
            print(f"{name}: {findings[name] or 'right'}")
    return not any(findings.values())


def _central_differences(loss: Callable[[], float], numbers: Array) -> Array:
    """Return the slope of the loss by each of the numbers, which are moved and put back."""
    slopes = np.empty_like(numbers)
    for index in np.ndindex(numbers.shape):
        kept = numbers[index]
        numbers[index] = kept + _HALF_STEP
        above = loss()
        numbers[index] = kept - _HALF_STEP
        below = loss()
        numbers[index] = kept
        slopes[index] = (above - below) / (2 * _HALF_STEP)
    return slopes


def _difference(gradient: Any, slopes: Array) -> str:
    """Say what is wrong with a gradient, or nothing."""
    if gradient is None:
        return "missing in the dictionary that backward returns"
    array = np.asarray(gradient)
    if array.dtype.kind not in "biuf":
        return f"no array of numbers, but {describe(gradient)}"
    if array.shape != slopes.shape:
        return f"of shape {array.shape}; expected {slopes.shape}, that of its parameter"
    tolerance = _TOLERANCE * float(np.abs(slopes).max()) + _LEAST

    def equals(expected: Array) -> bool:
        return bool((np.abs(array - expected) <= tolerance).all())  # a NaN equals nothing

    if equals(slopes):
        return ""
    distance = np.nan_to_num(np.abs(array - slopes), nan=np.inf)
    index = tuple(int(i) for i in np.unravel_index(int(np.argmax(distance)), array.shape))
    text = (
        f"off, most at {list(index)}: it is {array[index]:g}, the slope of the loss is "
        f"{slopes[index]:g}"
    )
    factor = float(np.sum(array * slopes) / np.sum(slopes * slopes))
    if not array.any():
        text += ". All of it is zero"
    elif equals(-slopes):
        text += ". The sign is the other way round"
    elif slopes.shape[0] == slopes.shape[1] and equals(slopes.T):
        text += ". It is transposed"
    elif equals(np.clip(slopes, array.min(), array.max())):
        text += ". It is clipped already"
    elif abs(factor) > 1e-3 and equals(factor * slopes):
        text += f". All of it is {factor:.6g} times as large as it should be"
    return text
