"""The oracle of generation: a first candidate, character by character, in plain Python.

It shares no code with the package. Each candidate has its own random numbers, given by the seed and
the candidate's number; each of its characters takes one, and a prefix takes none.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np

from oracles import char_rnn as reference
from oracles.philox import SAMPLING, stream

Array = reference.Array


def uniforms(seed: int, number: int) -> Iterator[float]:
    """Yield the random numbers of a candidate, from 0 to below 1."""
    words = stream(seed, SAMPLING, number)
    while True:
        high, low = next(words) >> 5, next(words) >> 6
        yield (high * 2**26 + low) / 2**53


def next_log_probabilities(parameters: Mapping[str, Array], cell: str, ids: list[int]) -> Array:
    """Return the log-probability of each character after a prefix; the end is number 0."""
    weights = {name: np.asarray(value, np.float64) for name, value in parameters.items()}
    state = reference.zero_states(weights, cell)
    for character in [reference.first_input(weights), *ids]:
        z = reference.pre_activations(weights, cell, character, state["h"])
        state, _ = reference.CELLS[cell].forward(z, state)
    return reference.log_softmax(weights["output_weights"] @ state["h"] + weights["output_bias"])


def restricted(
    log_probabilities: Array, temperature: float, top_k: int, top_p: float
) -> dict[int, float]:
    """Return the probabilities, by id, of the characters that the rules allow."""
    ids = list(range(len(log_probabilities)))
    ids.sort(key=lambda i: (-log_probabilities[i], i))
    largest = log_probabilities[ids[0]]
    with np.errstate(over="ignore"):
        weights = {i: math.exp((log_probabilities[i] - largest) / temperature) for i in ids[:top_k]}
    total = sum(weights.values())
    kept, reached = {}, 0.0
    for i, weight in weights.items():
        kept[i] = weight
        reached += weight
        if top_p < 1 and reached >= top_p * total:
            break
    total = sum(kept.values())
    return {i: kept[i] / total for i in sorted(kept)}


def candidate(
    parameters: Mapping[str, Array],
    cell: str,
    *,
    seed: int,
    number: int,
    prefix: list[int],
    min_length: int,
    max_length: int,
    temperature: float,
    top_k: int,
    top_p: float,
) -> tuple[list[int] | None, float]:
    """Return a candidate, and how near the draws came to the border between two characters.

    It is None if its length is not as asked for.
    """
    ids = list(prefix)
    numbers = uniforms(seed, number)
    nearest = 1.0
    while len(ids) <= max_length:
        log_probabilities = next_log_probabilities(parameters, cell, ids)
        shares = restricted(log_probabilities, temperature, top_k, top_p)
        uniform = next(numbers)
        reached, chosen = 0.0, None
        for character, share in shares.items():
            reached += share
            nearest = min(nearest, abs(uniform - reached))
            if chosen is None and uniform < reached:
                chosen = character
        if chosen == 0:
            break
        assert chosen is not None
        ids.append(chosen)
    return (ids if min_length <= len(ids) <= max_length else None), nearest
