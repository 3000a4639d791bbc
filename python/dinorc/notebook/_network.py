"""The network: initial parameters, one step and a whole sequence, forward and backward."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import TypeAlias

import numpy as np

from dinorc import _core
from dinorc._validation import (
    Array,
    Gradients,
    Parameters,
    describe,
    explained,
    require_array,
    require_distinct,
    require_integer,
    require_keys,
    require_sequence,
)

Cache: TypeAlias = tuple[dict[int, Array], dict[int, Array], dict[int, Array]]


def softmax(x: Array) -> Array:
    """Return ``exp(x - max) / sum``: positive numbers that sum to 1 down each column.

    Parameters
    ----------
    x : numpy.ndarray
        A vector (n,) or columns (n, m), float64 or float32, contiguous. Not changed.

    Returns
    -------
    numpy.ndarray
        A new array of the same shape and dtype.

    Raises
    ------
    TypeError, ValueError
        If x is not as described.

    Examples
    --------
    >>> import numpy as np
    >>> from dinorc.notebook import softmax
    >>> softmax(np.zeros((4, 1))).ravel()
    array([0.25, 0.25, 0.25, 0.25])
    """
    columns = require_array("x", x)
    if columns.ndim not in (1, 2) or columns.size == 0:
        raise ValueError(f"x has shape {columns.shape}; expected (n,) or (n, m), not empty")
    if columns.size == columns.shape[0]:
        return _core.softmax(columns)
    result = np.empty_like(columns)
    for column in range(columns.shape[1]):
        result[:, column] = _core.softmax(np.ascontiguousarray(columns[:, column]))
    return result


def initialize_parameters(n_a: int, n_x: int, n_y: int) -> dict[str, Array]:
    """Return small random weights and zero biases.

    The weights are 0.01 times what ``numpy.random.RandomState(1).randn`` gives, drawn in the order
    Wax, Waa, Wya. The logarithm in them is the core's own, so they may differ from NumPy's in the
    last places.

    Parameters
    ----------
    n_a, n_x, n_y : int
        The numbers of hidden units, inputs and outputs, each 1 or more.

    Returns
    -------
    dict of numpy.ndarray
        ``Wax (n_a, n_x)``, ``Waa (n_a, n_a)``, ``Wya (n_y, n_a)``, ``b (n_a, 1)``, ``by (n_y, 1)``,
        float64.

    Raises
    ------
    TypeError, ValueError
        If a number is not an integer, or below 1.

    Examples
    --------
    >>> from dinorc.notebook import initialize_parameters
    >>> print("%.8f" % initialize_parameters(n_a=5, n_x=3, n_y=3)["Wax"][0, 0])
    0.01624345
    """
    return draw_parameters(n_a, n_x, n_y, seed=1)


def draw_parameters(n_a: int, n_x: int, n_y: int, seed: int) -> dict[str, Array]:
    """Return initial parameters as `initialize_parameters` does, but from any seed."""
    n_a = require_integer("n_a", n_a, 1)
    n_x = require_integer("n_x", n_x, 1)
    n_y = require_integer("n_y", n_y, 1)
    stream = _core.RandomState(seed)

    def weights(rows: int, columns: int) -> Array:
        # A product of two doubles has one correct rounding, so NumPy's is the same as the core's.
        return (stream.randn(rows * columns) * 0.01).reshape(rows, columns)

    return {
        "Wax": weights(n_a, n_x),
        "Waa": weights(n_a, n_a),
        "Wya": weights(n_y, n_a),
        "b": np.zeros((n_a, 1)),
        "by": np.zeros((n_y, 1)),
    }


def rnn_step_forward(
    parameters: Mapping[str, Array], a_prev: Array, x: Array
) -> tuple[Array, Array]:
    """Take one step through the network.

    ``a_next = tanh(Wax x + Waa a_prev + b)``, ``p_t = softmax(Wya a_next + by)``.

    Parameters
    ----------
    parameters : dict of numpy.ndarray
        ``Wax (n_a, n_x)``, ``Waa (n_a, n_a)``, ``Wya (n_y, n_a)``, ``b (n_a, 1)``, ``by (n_y, 1)``,
        all float64 or all float32. Not changed, like the other arguments.
    a_prev : numpy.ndarray
        The hidden state before, (n_a, 1).
    x : numpy.ndarray
        The input, (n_x, 1): usually one-hot, but any numbers will do.

    Returns
    -------
    a_next : numpy.ndarray
        The hidden state after, (n_a, 1).
    p_t : numpy.ndarray
        The probabilities of the next character, (n_y, 1).

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.

    Examples
    --------
    >>> import numpy as np
    >>> from dinorc.notebook import initialize_parameters, rnn_step_forward
    >>> parameters = initialize_parameters(n_a=5, n_x=3, n_y=3)
    >>> a, p = rnn_step_forward(parameters, np.zeros((5, 1)), np.zeros((3, 1)))
    >>> p.ravel()
    array([0.33333333, 0.33333333, 0.33333333])
    """

    def explain() -> None:
        columns = {"a_prev": (a_prev, "n_a"), "x": (x, "n_x")}
        Parameters.checked(parameters).require_columns(columns)

    with explained(explain):
        return _core.rnn_step_forward(*Parameters.of(parameters), a_prev, x)


def rnn_step_backward(
    dy: Array,
    gradients: MutableMapping[str, Array],
    parameters: Mapping[str, Array],
    x: Array,
    a: Array,
    a_prev: Array,
) -> MutableMapping[str, Array]:
    """Add the gradients of one time step to those of the steps after it.

    ``da = Wya' dy + da_next`` and ``dz = (1 - a a) da``; ``dy a'``, ``dy``, ``dz x'``,
    ``dz a_prev'`` and ``dz`` are added to ``dWya``, ``dby``, ``dWax``, ``dWaa`` and ``db``; the new
    ``da_next`` is ``Waa' dz``.

    Parameters
    ----------
    dy : numpy.ndarray
        The loss's derivative by Wya a + by, (n_y, 1): the probabilities, less 1 at the target.
    gradients : dict of numpy.ndarray
        ``dWax``, ``dWaa``, ``dWya``, ``db``, ``dby``, changed in place, and ``da_next (n_a, 1)``,
        the loss's derivative by a through the next step, replaced by a new array.
    parameters : dict of numpy.ndarray
        As for `rnn_step_forward`. Not changed.
    x, a, a_prev : numpy.ndarray
        The step's input (n_x, 1), hidden state (n_a, 1), and the hidden state before it (n_a, 1).

    Returns
    -------
    dict of numpy.ndarray
        `gradients` itself.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described; nothing is changed then.

    Examples
    --------
    >>> import numpy as np
    >>> from dinorc.notebook import initialize_parameters, rnn_step_backward
    >>> parameters = initialize_parameters(n_a=2, n_x=3, n_y=3)
    >>> gradients = {"d" + key: np.zeros_like(array) for key, array in parameters.items()}
    >>> gradients["da_next"] = np.zeros((2, 1))
    >>> dy, x, a = np.array([[0.5], [-1.0], [0.5]]), np.zeros((3, 1)), np.zeros((2, 1))
    >>> rnn_step_backward(dy, gradients, parameters, x, a, a)["dby"].ravel()
    array([ 0.5, -1. ,  0.5])
    """

    def explain() -> None:
        arrays = Parameters.checked(parameters)
        keys = (*Gradients._fields, "da_next")
        da_next = require_keys("gradients", gradients, keys)["da_next"]
        if not isinstance(gradients, MutableMapping):
            raise TypeError(f"gradients is {describe(gradients)}; expected a dictionary")
        columns = {
            "dy": (dy, "n_y"),
            "x": (x, "n_x"),
            "a": (a, "n_a"),
            "a_prev": (a_prev, "n_a"),
            "gradients['da_next']": (da_next, "n_a"),
        }
        read = arrays.require_columns(columns) | arrays.named()
        changed = Gradients.checked(gradients, of=arrays, written=True)
        require_distinct(changed.named(), read)

    with explained(explain):
        if not isinstance(gradients, MutableMapping):
            raise TypeError  # before anything is changed
        gradients["da_next"] = _core.rnn_step_backward(
            *Parameters.of(parameters),
            dy,
            x,
            a,
            a_prev,
            gradients["da_next"],
            *Gradients.of(gradients),
        )
    return gradients


def rnn_forward(
    X: Sequence[int | None],
    Y: Sequence[int],
    a0: Array,
    parameters: Mapping[str, Array],
    vocab_size: int | None = None,
) -> tuple[float, Cache]:
    """Run a sequence through the network.

    Parameters
    ----------
    X : list of int
        The ids of the characters that go in, each below n_x; None stands for the zero vector.
    Y : list of int
        The ids of the characters that should come out, each below n_y; as long as X.
    a0 : numpy.ndarray
        The hidden state before the first character, (n_a, 1).
    parameters : dict of numpy.ndarray
        As for `rnn_step_forward`. Not changed, like a0.
    vocab_size : int, optional
        The length of the one-hot vectors; if given, it has to be n_x.

    Returns
    -------
    loss : float
        Minus the log-probability of Y, in nats.
    cache : tuple of dict
        (y_hat, a, x), each by time: probabilities (n_y, 1), hidden states (n_a, 1) with ``a[-1]``
        a copy of a0, one-hot inputs (n_x, 1). The arrays of one dictionary are views of one block.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or a number in it is infinite or NaN.

    Examples
    --------
    >>> import numpy as np
    >>> from dinorc.notebook import initialize_parameters, rnn_forward
    >>> parameters = initialize_parameters(n_a=5, n_x=3, n_y=3)
    >>> loss, (y_hat, a, x) = rnn_forward([None, 1], [1, 0], np.zeros((5, 1)), parameters)
    >>> sorted(a), x[1].ravel()
    ([-1, 0, 1], array([0., 1., 0.]))
    """
    with explained(lambda: Parameters.checked(parameters).require_columns({"a0": (a0, "n_a")})):
        arrays = Parameters.of(parameters)
        if vocab_size is not None and require_integer("vocab_size", vocab_size, 1) != arrays.n_x:
            raise ValueError(
                f"vocab_size is {vocab_size}, but parameters['Wax'] has {arrays.n_x} columns; "
                "expected the same number"
            )
        inputs, targets = require_sequence(X, Y, arrays)
        loss, probabilities, states = _core.rnn_forward(*arrays, a0, inputs, targets)
    steps = range(len(inputs))
    one_hot = np.zeros((len(inputs), arrays.n_x, 1), dtype=states.dtype)
    for t in steps:
        if inputs[t] >= 0:
            one_hot[t, inputs[t]] = 1
    y_hat = {t: probabilities[t] for t in steps}
    a = {t: states[t + 1] for t in range(-1, len(inputs))}
    x = {t: one_hot[t] for t in steps}
    return loss, (y_hat, a, x)


def rnn_backward(
    X: Sequence[int | None],
    Y: Sequence[int],
    parameters: Mapping[str, Array],
    cache: Cache,
) -> tuple[dict[str, Array], dict[int, Array]]:
    """Go back through a sequence in time and return the gradients of its loss.

    Backpropagation through time (Werbos 1990), step by step with `rnn_step_backward`.

    Parameters
    ----------
    X, Y : list of int
        As for `rnn_forward`.
    parameters : dict of numpy.ndarray
        As for `rnn_step_forward`. Not changed.
    cache : tuple of dict
        (y_hat, a, x), as `rnn_forward` returned it. Not changed.

    Returns
    -------
    gradients : dict of numpy.ndarray
        ``dWax``, ``dWaa``, ``dWya``, ``db``, ``dby``, not clipped, and ``da_next``, the gradient of
        the loss by the initial state.
    a : dict of numpy.ndarray
        The hidden states of the cache.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.

    Examples
    --------
    >>> import numpy as np
    >>> from dinorc.notebook import initialize_parameters, rnn_backward, rnn_forward
    >>> parameters = initialize_parameters(n_a=5, n_x=3, n_y=3)
    >>> loss, cache = rnn_forward([None, 1], [1, 0], np.zeros((5, 1)), parameters)
    >>> gradients, a = rnn_backward([None, 1], [1, 0], parameters, cache)
    >>> gradients["dWax"].shape
    (5, 3)
    """

    def explain() -> None:
        arrays = Parameters.checked(parameters)
        inputs, _ = require_sequence(X, Y, arrays)
        _require_cache(cache, len(inputs), arrays)

    with explained(explain):
        arrays = Parameters.of(parameters)
        inputs, targets = require_sequence(X, Y, arrays)
        y_hat, a, x = cache
        gradients = [np.zeros_like(array) for array in arrays]
        da_next = np.zeros_like(arrays.b)
        for t in reversed(range(len(inputs))):
            dy = y_hat[t].copy()
            dy[targets[t]] -= 1
            da_next = _core.rnn_step_backward(
                *arrays, dy, x[t], a[t], a[t - 1], da_next, *gradients
            )
    return {**Gradients(*gradients)._asdict(), "da_next": da_next}, a


def _require_cache(cache: object, length: int, parameters: Parameters) -> None:
    if not isinstance(cache, tuple) or len(cache) != 3:
        raise TypeError(f"cache is {describe(cache)}; expected the tuple (y_hat, a, x)")
    parts = (("y_hat", 0, "n_y"), ("a", -1, "n_a"), ("x", 0, "n_x"))
    for part, (name, first, rows) in zip(cache, parts, strict=True):
        if not isinstance(part, Mapping):
            raise TypeError(f"{name} of cache is {describe(part)}; expected a dictionary by time")
        for t in range(first, length):
            if t not in part:
                raise ValueError(
                    f"{name} of cache has no time {t}; expected {first} to {length - 1}"
                )
            parameters.require_columns({f"cache's {name}[{t}]": (part[t], rows)})
