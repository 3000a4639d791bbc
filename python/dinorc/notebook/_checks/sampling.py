"""What differs in a learner's sample."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dinorc._validation import Array, describe
from dinorc.notebook._checks.comparing import CHAR_TO_IX, made_up_parameters
from dinorc.notebook._names import LONGEST_NAME, sample
from dinorc.notebook._network import rnn_step_forward

SEEDS = range(12)
NEWLINE = CHAR_TO_IX["\n"]

# Ways to get it wrong, as settings of `_draw`, and what to say of each.
MISTAKES: dict[str, dict[str, Any]] = {
    "takes the likeliest character each time instead of drawing one: np.random.choice(..., "
    "p=y.ravel())": {"choose": lambda _, y: int(np.argmax(y))},
    "draws all characters alike: give the probabilities to np.random.choice, p=y.ravel()": {
        "choose": lambda stream, y: stream.choice(len(y))
    },
    "draws with the probabilities in reverse order": {
        "choose": lambda stream, y: stream.choice(len(y), p=y[::-1])
    },
    "draws from the wrong end: the intervals of the characters between 0 and 1 are in the order "
    "of their ids, as in np.random.choice(..., p=y.ravel())": {
        "choose": lambda stream, y: len(y) - 1 - stream.choice(len(y), p=y[::-1])
    },
    "seeds the generator once; expected np.random.seed(counter + seed) before each draw": {
        "growth": None
    },
    "seeds each draw alike: counter and seed both have to grow by one after it": {"growth": 0},
    "lets only one of counter and seed grow after a draw; expected both to grow by one": {
        "growth": 1
    },
    "starts each step from the same hidden state: a_prev has to become the new a": {
        "carries_state": False
    },
    "reads nothing that it wrote: x has to become the one-hot column of the character drawn": {
        "feeds_back": False
    },
    "leaves the ones of earlier characters in x: it has to be a new column of zeros each time": {
        "clears_input": False
    },
    "does not append the line end after 50 characters": {"ends_long_names": False},
    "leaves out the line end that was drawn: it belongs to the list": {"keeps_line_end": False},
    "goes on to 50 characters: it has to end with the line end": {"stops": False},
}


def what_differs_in_sample(function: Callable[..., Any]) -> str:
    """Say what differs first, for names of all lengths, or nothing."""
    endless = made_up_parameters(20, 30.0)
    endless["by"][NEWLINE] = -1000.0
    for parameters in (made_up_parameters(20, 30.0), endless):
        came = {}
        for seed in SEEDS:
            calls = []
            for state in (1, 2):
                np.random.seed(state)
                given = {key: array.copy() for key, array in parameters.items()}
                calls.append(_ids(function(given, dict(CHAR_TO_IX), seed)))
            if isinstance(calls[0], str):
                return calls[0]
            if calls[0] != calls[1]:
                return (
                    f"draws different names in two calls with seed {seed}: expected "
                    "np.random.seed(counter + seed) before each draw"
                )
            came[seed] = calls[0]
        expected = {seed: sample(parameters, CHAR_TO_IX, seed) for seed in SEEDS}
        if came != expected:
            return _words(parameters, came, expected)
    return ""


def _ids(returned: Any) -> list[int] | str:
    """Return a list of ids, or what is wrong with what came."""
    if returned is None:
        return "returns nothing; expected the list of ids"
    if not isinstance(returned, (list, tuple, np.ndarray)):
        return f"returns {describe(returned)}; expected a list of ids"
    ids = []
    for number, ix in enumerate(returned):
        if np.size(ix) != 1 or np.asarray(ix).dtype.kind not in "iu":
            return f"returns {describe(ix)} at place {number} of the list; expected ids"
        ids.append(int(np.asarray(ix).item()))
    return ids


def _words(
    parameters: dict[str, Array], came: dict[int, Any], expected: dict[int, list[int]]
) -> str:
    for words, settings in MISTAKES.items():
        if came == {seed: _draw(parameters, seed, **settings) for seed in SEEDS}:
            return words
    seed = next(seed for seed in SEEDS if came[seed] != expected[seed])
    pairs = list(zip(came[seed], expected[seed], strict=False))
    place = next((n for n, (one, other) in enumerate(pairs) if one != other), len(pairs))
    one, other = (
        str(ids[place]) if place < len(ids) else "missing" for ids in (came[seed], expected[seed])
    )
    return f"with seed {seed}, draw number {place} (from 0) is {one}; expected {other}"


def _draw(
    parameters: dict[str, Array],
    seed: int,
    *,
    choose: Callable[[Any, Array], int] = lambda stream, y: stream.choice(len(y), p=y),
    growth: int | None = 2,
    carries_state: bool = True,
    feeds_back: bool = True,
    clears_input: bool = True,
    ends_long_names: bool = True,
    keeps_line_end: bool = True,
    stops: bool = True,
) -> list[int]:
    """Draw a name as sample does, or with a mistake."""
    n_a, n_x = parameters["Wax"].shape
    a, x = np.zeros((n_a, 1)), np.zeros((n_x, 1))
    stream = np.random.RandomState(seed)
    ids: list[int] = []
    while len(ids) < LONGEST_NAME and not (stops and ids and ids[-1] == NEWLINE):
        state, y = rnn_step_forward(parameters, a, x)
        if growth is not None:
            stream = np.random.RandomState(seed + growth * len(ids))
        ids.append(int(choose(stream, y.ravel())))
        if carries_state:
            a = state
        if clears_input:
            x = np.zeros((n_x, 1))
        if feeds_back:
            x[ids[-1]] = 1
    if len(ids) == LONGEST_NAME:
        return [*ids, NEWLINE] if ends_long_names else ids
    return ids if keeps_line_end else ids[:-1]
