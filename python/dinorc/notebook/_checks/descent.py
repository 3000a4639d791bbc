"""What differs in a learner's optimize."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from dinorc._validation import Array, describe
from dinorc.notebook._checks.comparing import (
    GRADIENTS,
    all_near,
    copied,
    first_array_that_differs,
    made_up_parameters,
    near,
    shape_or_type_differs,
)
from dinorc.notebook._gradient_descent import optimize
from dinorc.notebook._network import rnn_backward, rnn_forward

LIMIT = 5
RATE = 0.05
IDS = [20, 18, 9, 3, 5, 18, 1, 20, 15, 16, 19]
X, Y = [None, *IDS], [*IDS, 0]


def what_differs_in_optimize(function: Callable[..., Any]) -> str:
    """Say what differs first, for a step whose gradients need clipping, or nothing."""
    before = made_up_parameters(20, 50.0)
    a_prev = np.linspace(-0.9, 0.9, 20)[:, np.newaxis]
    after = copied(before)
    loss, gradients, last_state = optimize(X, Y, a_prev, after, RATE)
    _, cache = rnn_forward(X, Y, a_prev, before)
    unclipped, states = rnn_backward(X, Y, before, cache)

    mine = copied(before)
    returned = function(list(X), list(Y), a_prev.copy(), mine, RATE)
    if not isinstance(returned, tuple) or len(returned) != 3:
        return f"returns {describe(returned)}; expected loss, gradients, last hidden state"
    return (
        _loss_differs(returned[0], loss)
        or _gradients_differ(returned[1], gradients, unclipped)
        or _state_differs(returned[2], last_state, a_prev, states)
        or _parameters_differ(mine, after, before, gradients, unclipped)
    )


def _loss_differs(came: Any, expected: float) -> str:
    if np.size(came) != 1 or np.asarray(came).dtype.kind not in "iuf":
        return f"the loss is {describe(came)}; expected a number"
    loss = float(np.asarray(came).item())
    if near(loss, expected):
        return ""
    words = f"the loss is {loss:g}; expected {expected:g}"
    if near(loss, -expected):
        return f"{words}: the sign is the other way round"
    if near(loss, expected / len(Y)):
        return f"{words}: it is the mean over the characters, not their sum"
    return words


def _gradients_differ(
    came: Any, expected: Mapping[str, Array], unclipped: Mapping[str, Array]
) -> str:
    expected = {key: expected[key] for key in GRADIENTS}
    key, words = first_array_that_differs(came, expected, "the dictionary of gradients")
    if words or not key:
        return words or ""
    if all_near(came, {key: unclipped[key] for key in GRADIENTS}):
        largest = max(float(np.abs(unclipped[key]).max()) for key in GRADIENTS)
        return (
            f"the gradients are not clipped: {key} goes up to {largest:.1f}. Return and use what "
            f"clip(gradients, {LIMIT}) returns"
        )
    limit = max(float(np.abs(came[key]).max()) for key in GRADIENTS)
    if all_near(came, {key: np.clip(unclipped[key], -limit, limit) for key in GRADIENTS}):
        return f"the gradients are clipped at {limit:g}; expected {LIMIT}"
    if near(came[key], -expected[key]):
        return f"{key} has the sign the other way round"
    return f"{key} differs: check rnn_backward's with check_gradients"


def _state_differs(came: Any, expected: Array, a_prev: Array, states: Mapping[int, Array]) -> str:
    if isinstance(came, Mapping):
        return "the hidden states of all times are returned; expected the last, a[len(X) - 1]"
    words = shape_or_type_differs("the last hidden state", came, expected)
    if words or near(came, expected):
        return words
    if near(came, a_prev):
        return "the hidden state returned is a_prev as it came; expected the last, a[len(X) - 1]"
    for t, state in states.items():
        if near(came, state):
            return f"the hidden state returned is a[{t}]; expected the last, a[len(X) - 1]"
    return "the last hidden state differs; expected a[len(X) - 1]"


def _parameters_differ(
    came: Mapping[str, Array],
    expected: Mapping[str, Array],
    before: Mapping[str, Array],
    gradients: Mapping[str, Array],
    unclipped: Mapping[str, Array],
) -> str:
    key, words = first_array_that_differs(came, expected, "the dictionary of parameters")
    if words or not key:
        return words or ""

    def moved(rate: float, steps: Mapping[str, Array]) -> dict[str, Array]:
        return {key: array - rate * steps["d" + key] for key, array in before.items()}

    if all_near(came, before):
        return "the parameters are as they were; expected them to be updated, in place"
    if all_near(came, moved(-RATE, gradients)):
        return (
            "the gradients are added, which is uphill; expected parameters - learning_rate * "
            "gradients"
        )
    if all_near(came, moved(RATE, unclipped)):
        return "the parameters are updated with the gradients before clipping"
    if all_near(came, moved(-RATE, unclipped)):
        return "the gradients are added, which is uphill, and before clipping"
    if all_near(came, moved(0.01, gradients)):
        return f"the step is 0.01 times the gradients, for learning_rate={RATE}"
    if all_near(came, moved(1.0, gradients)):
        return "the step is the whole gradients; expected learning_rate times them"
    return f"{key} after the step differs; expected {key} - learning_rate * d{key}"
