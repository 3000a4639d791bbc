"""The network: initial parameters, one step and a whole sequence, forward and backward."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from typing import Any

import numpy as np

from dinorc import _core
from dinorc._validation import Array, describe, require_integer
from dinorc.notebook._arrays import (
    Gradients,
    Parameters,
    StandIns,
    attempt,
    readable,
    require_distinct,
    require_sequence,
)
from dinorc.notebook._cache import Cache, readable_cache, stacked


def softmax(x: Array) -> Array:
    """Return ``exp(x - max) / sum``: positive numbers that sum to 1 down each column.

    Parameters
    ----------
    x : numpy.ndarray
        A vector (n,) or columns (n, m) of real numbers, or a list of them. Not changed.

    Returns
    -------
    numpy.ndarray
        A new array of the same shape: float32 if `x` is, float64 otherwise.

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
    if type(x) is not np.ndarray or not x.flags.c_contiguous:
        x = readable("x", x)
    if x.ndim not in (1, 2) or x.size == 0:
        raise ValueError(f"x has shape {x.shape}; expected (n,) or (n, m), not empty")
    if x.ndim == 2 and x.shape[1] > 1:
        return np.stack([softmax(column) for column in x.T], axis=1)
    return attempt(_core.softmax, lambda: [readable("x", x)], x)


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
        ``Wax (n_a, n_x)``, ``Waa (n_a, n_a)``, ``Wya (n_y, n_a)``, ``b (n_a, 1)``, ``by (n_y, 1)``.
        Not changed, like the other arguments. The arithmetic is float32 if all arrays of floats
        among the parameters are, and float64 otherwise; what is of another type or layout is
        converted, in a copy, and so are the other arguments. Other keys are left alone.
    a_prev : numpy.ndarray
        The hidden state before, (n_a, m): a column for each of m examples, usually one.
    x : numpy.ndarray
        The input, (n_x, m): usually one-hot, but any numbers will do. A single column of `a_prev`
        or of `x` goes with each of the other's.

    Returns
    -------
    a_next : numpy.ndarray
        The hidden state after, (n_a, m).
    p_t : numpy.ndarray
        The probabilities of the next character, (n_y, m).

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
    with contextlib.suppress(TypeError, ValueError):
        return _core.rnn_step_forward(*Parameters.of(parameters), a_prev, x)
    arrays = Parameters.checked(parameters)
    states = arrays.columns("a_prev", a_prev, "n_a", None)
    inputs = arrays.columns("x", x, "n_x", None)
    try:
        count = np.broadcast_shapes(states.shape[1:], inputs.shape[1:])[0]
    except ValueError:
        raise ValueError(
            f"a_prev has {states.shape[1]} columns and x {inputs.shape[1]}; expected the same "
            "number, or one"
        ) from None

    def column(matrix: Array, example: int) -> Array:
        return np.ascontiguousarray(matrix[:, [example if matrix.shape[1] > 1 else 0]])

    steps = [
        _core.rnn_step_forward(*arrays, column(states, example), column(inputs, example))
        for example in range(count)
    ]
    return np.hstack([a for a, _ in steps]), np.hstack([p for _, p in steps])


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
        ``dWax``, ``dWaa``, ``dWya``, ``db``, ``dby``, of the dtype of the parameters, contiguous
        or not, changed in place, and ``da_next (n_a, 1)``, the loss's derivative by a through the
        next step, replaced by a new array.
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
    if not isinstance(gradients, MutableMapping):
        raise TypeError(f"gradients is {describe(gradients)}; expected a dictionary")
    if "da_next" not in gradients:
        raise ValueError("gradients has no key 'da_next'; expected the five gradients and da_next")
    stand_ins = StandIns()
    columns = (dy, x, a, a_prev, gradients["da_next"])

    def compute(arrays: Parameters, changed: Iterable[Array], *read: Array) -> Array:
        return _core.rnn_step_backward(*arrays, *read, *changed)

    def prepare() -> Iterable[Any]:
        arrays = Parameters.checked(parameters)
        names = ("dy", "x", "a", "a_prev", "gradients['da_next']")
        lengths = ("n_y", "n_x", "n_a", "n_a", "n_a")
        read = list(map(arrays.columns, names, columns, lengths))
        changed = Gradients.written(gradients, like=arrays)
        given = dict(zip(names, columns, strict=True)) | Parameters.of(parameters).named()
        require_distinct(changed.named(), given)
        return arrays, stand_ins.of(changed), *read

    as_given = (Parameters.of(parameters), Gradients.of(gradients), *columns)
    gradients["da_next"] = attempt(compute, prepare, *as_given)
    stand_ins.copy_back()
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
        As for `rnn_step_forward`. Not changed, like a0; both are converted where needed.
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

    def compute(arrays: Parameters, state: Array) -> tuple[float, Array, Array, Array]:
        if vocab_size is not None and require_integer("vocab_size", vocab_size, 1) != arrays.n_x:
            raise ValueError(
                f"vocab_size is {vocab_size}, but parameters['Wax'] has {arrays.n_x} columns; "
                "expected the same number"
            )
        return _core.rnn_forward(*arrays, state, *require_sequence(X, Y, arrays))

    def prepare() -> Iterable[Any]:
        arrays = Parameters.checked(parameters)
        return arrays, arrays.columns("a0", a0, "n_a")

    loss, y_hat, a, x = attempt(compute, prepare, Parameters.of(parameters), a0)
    states = dict(zip(range(-1, len(x)), a, strict=True))
    return loss, (dict(enumerate(y_hat)), states, dict(enumerate(x)))


def rnn_backward(
    X: Sequence[int | None],
    Y: Sequence[int],
    parameters: Mapping[str, Array],
    cache: Cache,
) -> tuple[dict[str, Array], dict[int, Array]]:
    """Go back through a sequence in time and return the gradients of its loss.

    Backpropagation through time (Werbos 1990): the sums of `rnn_step_backward` over all steps.

    Parameters
    ----------
    X, Y : list of int
        As for `rnn_forward`.
    parameters : dict of numpy.ndarray
        As for `rnn_step_forward`. Not changed.
    cache : tuple or list
        (y_hat, a, x), as `rnn_forward` returns them, each a dictionary by time; for y_hat and x
        anything else that is indexed by time will do. Not changed.

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

    def compute(arrays: Parameters, *ready: Array) -> tuple[tuple[Array, ...], Array]:
        inputs, targets = require_sequence(X, Y, arrays)
        return _core.rnn_backward(*arrays, targets, *(ready or stacked(cache, len(inputs))))

    def prepare() -> Iterable[Any]:
        arrays = Parameters.checked(parameters)
        inputs, _ = require_sequence(X, Y, arrays)
        return arrays, *readable_cache(cache, len(inputs), arrays)

    gradients, da_next = attempt(compute, prepare, Parameters.of(parameters))
    return {**Gradients(*gradients)._asdict(), "da_next": da_next}, cache[1]
