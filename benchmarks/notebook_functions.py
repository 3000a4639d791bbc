"""The time of each of the notebook's functions, beside NumPy's.

The arguments are those of the notebook: 50 hidden units, 27 characters, a name of 11 letters. The
two sides take turns in bursts of about a millisecond, and the least time counts, so that what else
the machine does disturbs little.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

import dinorc.notebook

NAME = "allosaurus"
CHAR_TO_IX = {character: ix for ix, character in enumerate("\nabcdefghijklmnopqrstuvwxyz")}
IX_TO_CHAR = {ix: character for character, ix in CHAR_TO_IX.items()}
BURSTS = 150
SECONDS = 1e-3


def calls_of(module: ModuleType) -> dict[str, Callable[[], Any]]:
    """Return a call of each function, with arguments that this module's own functions made."""
    ids = [CHAR_TO_IX[character] for character in NAME]
    X, Y = [None, *ids], [*ids, 0]
    parameters = module.initialize_parameters(50, 27, 27)
    moved = {key: array.copy() for key, array in parameters.items()}
    a0 = np.zeros((50, 1))
    loss, cache = module.rnn_forward(X, Y, a0, parameters)
    gradients, _ = module.rnn_backward(X, Y, parameters, cache)
    y_hat, a, x = cache
    logits = parameters["Wya"] @ a[3]
    drawn = module.sample(parameters, CHAR_TO_IX, 0)

    def own_optimize() -> None:
        """Take a learner's own step: all functions but clip come from the helper module."""
        _, cache = module.rnn_forward(X, Y, a0, moved)
        gradients, _ = module.rnn_backward(X, Y, moved, cache)
        for key in ("dWax", "dWaa", "dWya", "db", "dby"):
            np.clip(gradients[key], -5, 5, out=gradients[key])
        module.update_parameters(moved, gradients, 1e-9)

    return {
        "rnn_forward": lambda: module.rnn_forward(X, Y, a0, parameters),
        "rnn_backward": lambda: module.rnn_backward(X, Y, parameters, cache),
        "rnn_step_forward": lambda: module.rnn_step_forward(parameters, a[2], x[3]),
        "rnn_step_backward": lambda: module.rnn_step_backward(
            y_hat[3], gradients, parameters, x[3], a[3], a[2]
        ),
        "update_parameters": lambda: module.update_parameters(moved, gradients, 1e-9),
        "clip": lambda: module.clip(gradients, 5),
        "optimize": lambda: module.optimize(X, Y, a0, moved, 1e-9),
        "(own optimize)": own_optimize,
        "sample": lambda: module.sample(parameters, CHAR_TO_IX, 0),
        "softmax": lambda: module.softmax(logits),
        "smooth": lambda: module.smooth(loss, loss),
        "get_initial_loss": lambda: module.get_initial_loss(27, 7),
        "get_sample": lambda: module.get_sample(drawn, IX_TO_CHAR),
        "initialize_parameters": lambda: module.initialize_parameters(50, 27, 27),
    }


def seconds_of(call: Callable[[], Any], times: int) -> float:
    """Return the time of a call, from several in a row."""
    start = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - start) / times


def report(reference: ModuleType) -> None:
    """Measure all functions of both sides and print a table."""
    sides = [calls_of(reference), calls_of(dinorc.notebook)]
    print(f"{'us a call':24}{'NumPy':>10}{'dinorc':>10}{'x NumPy':>10}")
    for name in sides[0]:
        calls = [side[name] for side in sides]
        times = [
            max(1, int(SECONDS / min(seconds_of(call, 1) for _ in range(5)))) for call in calls
        ]
        least = [float("inf")] * 2
        for _ in range(BURSTS):
            for side, call in enumerate(calls):
                least[side] = min(least[side], seconds_of(call, times[side]))
        numpy, ours = (seconds * 1e6 for seconds in least)
        print(f"{name:24}{numpy:10.2f}{ours:10.2f}{numpy / ours:10.2f}")
    print("(own optimize: a learner's own, with this side's rnn_forward, rnn_backward and")
    print(" update_parameters, and np.clip)\n")
