"""Solutions that learners write, to be checked, and what the check says of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpers import Array, Arrays
from oracles import notebook as reference

Function = Callable[..., Any]


def said(capsys: pytest.CaptureFixture[str]) -> str:
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def newer_clip(gradients: Arrays, maxValue: float) -> Arrays:
    return reference.clip({name: value.copy() for name, value in gradients.items()}, maxValue)


def optimize_with(
    *,
    limit: float = 5,
    sign: float = 1,
    rate: float | None = None,
    update: bool = True,
    update_unclipped: bool = False,
    return_unclipped: bool = False,
    finish: Callable[..., Any] = lambda loss, gradients, a, X, a_prev: (
        loss,
        gradients,
        a[len(X) - 1],
    ),
) -> Function:
    """Return a solution as the course guides to it, with a line of it forgotten or wrong."""

    def optimize(
        X: Any, Y: Any, a_prev: Array, parameters: Arrays, learning_rate: float = 0.01
    ) -> Any:
        loss, cache = reference.rnn_forward(X, Y, a_prev, parameters)
        gradients, a = reference.rnn_backward(X, Y, parameters, cache)
        clipped = newer_clip(gradients, limit)
        if update:
            step = sign * (learning_rate if rate is None else rate)
            reference.update_parameters(
                parameters, gradients if update_unclipped else clipped, step
            )
        return finish(loss, gradients if return_unclipped else clipped, a, X, a_prev)

    return optimize
