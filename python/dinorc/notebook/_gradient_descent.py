"""Clipping, the update, and one whole step of gradient descent."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dinorc import _core
from dinorc._validation import Array, require_finite_real, require_not_negative
from dinorc.errors import TrainingDivergedError
from dinorc.notebook._arrays import (
    Gradients,
    Parameters,
    StandIns,
    attempt,
    require_distinct,
    require_sequence,
)


def clip(gradients: Mapping[str, Array], maxValue: float) -> dict[str, Array]:
    """Move every number of the gradients into [-maxValue, maxValue], in place.

    Parameters
    ----------
    gradients : dict of numpy.ndarray
        ``dWax``, ``dWaa``, ``dWya``, ``db`` and ``dby``, of any shapes, all float64 or all
        float32, contiguous or not. Changed in place; a NaN stays a NaN. Other keys, such as
        ``da_next``, are left alone.
    maxValue : float
        The bound, 0 or more.

    Returns
    -------
    dict of numpy.ndarray
        A dictionary of these five arrays themselves.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described; nothing is changed then.

    Examples
    --------
    >>> import numpy as np
    >>> from dinorc.notebook import clip
    >>> names = ("dWax", "dWaa", "dWya", "db", "dby")
    >>> gradients = {name: np.array([[-20.0], [3.0]]) for name in names}
    >>> clip(gradients, 10)["db"]
    array([[-10.],
           [  3.]])
    """
    maximum = require_not_negative("maxValue", maxValue)
    stand_ins = StandIns()

    def prepare() -> Iterable[Any]:
        arrays = Gradients.written(gradients)
        require_distinct(arrays.named())
        return [Gradients._make(stand_ins.of(arrays))]

    def compute(arrays: Gradients) -> None:
        _core.clip(*arrays, maximum)

    arrays = Gradients.of(gradients)
    attempt(compute, prepare, arrays)
    stand_ins.copy_back()
    return arrays._asdict()


def update_parameters(
    parameters: Mapping[str, Array], gradients: Mapping[str, Array], lr: float
) -> Mapping[str, Array]:
    """Take one step of gradient descent, ``parameters -= lr * gradients``, in place.

    Parameters
    ----------
    parameters : dict of numpy.ndarray
        ``Wax (n_a, n_x)``, ``Waa (n_a, n_a)``, ``Wya (n_y, n_a)``, ``b (n_a, 1)``, ``by (n_y, 1)``,
        all float64 or all float32, contiguous or not. Changed in place. Other keys are left alone.
    gradients : dict of numpy.ndarray
        ``dWax``, ``dWaa``, ``dWya``, ``db``, ``dby`` of the same shapes; what is not of the dtype
        of the parameters, or not contiguous, is converted, in a copy.
    lr : float
        The learning rate, finite.

    Returns
    -------
    dict of numpy.ndarray
        `parameters` itself.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described; nothing is changed then.

    Examples
    --------
    >>> import numpy as np
    >>> from dinorc.notebook import initialize_parameters, update_parameters
    >>> parameters = initialize_parameters(n_a=2, n_x=3, n_y=3)
    >>> gradients = {"d" + key: np.ones_like(array) for key, array in parameters.items()}
    >>> update_parameters(parameters, gradients, 0.5)["b"]
    array([[-0.5],
           [-0.5]])
    """
    rate = require_finite_real("lr", lr)
    stand_ins = StandIns()

    def prepare() -> Iterable[Any]:
        targets = Parameters.checked(parameters, written=True)
        ready = Gradients.read(gradients, like=targets)
        require_distinct(targets.named(), Gradients.of(gradients).named())
        return Parameters._make(stand_ins.of(targets)), ready

    def compute(targets: Parameters, steps: Gradients) -> None:
        _core.descend(*targets, *steps, rate)

    attempt(compute, prepare, Parameters.of(parameters), Gradients.of(gradients))
    stand_ins.copy_back()
    return parameters


def optimize(
    X: Sequence[int | None],
    Y: Sequence[int],
    a_prev: Array,
    parameters: Mapping[str, Array],
    learning_rate: float = 0.01,
    *,
    max_value: float = 5,
) -> tuple[float, dict[str, Array], Array]:
    """Take one step of training on one name.

    Forward through the name, backward through time, gradients clipped, parameters updated in place.

    Parameters
    ----------
    X, Y : list of int
        As for `rnn_forward`.
    a_prev : numpy.ndarray
        The hidden state before the first character, (n_a, 1); converted to the dtype of the
        parameters.
    parameters : dict of numpy.ndarray
        As for `update_parameters`. Changed in place.
    learning_rate : float
        The step along the gradients, finite.
    max_value : float
        The bound that each number of the gradients is clipped to.

    Returns
    -------
    loss : float
        Minus the log-probability of Y, in nats, before the step.
    gradients : dict of numpy.ndarray
        ``dWax``, ``dWaa``, ``dWya``, ``db``, ``dby``, clipped.
    a : numpy.ndarray
        The last hidden state, (n_a, 1).

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or a number in it is infinite or NaN; nothing is
        changed then.
    TrainingDivergedError
        If the loss or a new parameter is not finite; nothing is changed then.

    Examples
    --------
    >>> import numpy as np
    >>> from dinorc.notebook import initialize_parameters, optimize
    >>> parameters = initialize_parameters(n_a=5, n_x=27, n_y=27)
    >>> loss, gradients, a = optimize([None, 1, 2], [1, 2, 0], np.zeros((5, 1)), parameters)
    >>> print("%.3f" % loss)
    9.888
    """
    rate = require_finite_real("learning_rate", learning_rate)
    maximum = require_not_negative("max_value", max_value)
    stand_ins = StandIns()

    def compute(
        arrays: Parameters, state: Array
    ) -> tuple[float, tuple[Array, ...] | None, Array | None]:
        ids = require_sequence(X, Y, arrays)
        return _core.optimize(*arrays, state, *ids, rate, maximum)

    def prepare() -> Iterable[Any]:
        arrays = Parameters.checked(parameters, written=True)
        state = arrays.columns("a_prev", a_prev, "n_a")
        require_distinct(arrays.named(), {"a_prev": a_prev})
        return Parameters._make(stand_ins.of(arrays)), state

    loss, gradients, last_state = attempt(compute, prepare, Parameters.of(parameters), a_prev)
    if gradients is None or last_state is None:
        raise TrainingDivergedError(
            f"the loss is {loss}, and after the step a parameter would not be finite: they are "
            f"unchanged. Lower learning_rate ({rate:g}) or max_value ({maximum:g})"
            if math.isfinite(loss)
            else f"the loss is {loss}: the parameters are unchanged. Start from smaller ones"
        )
    stand_ins.copy_back()
    return loss, Gradients(*gradients)._asdict(), last_state
