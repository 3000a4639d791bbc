"""Automata over classes of characters: their intersection and the smallest equal one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dinorc._validation import Array

MOST_CELLS = 1 << 22  # states x classes of any machine
NO_LIMIT = 2**31 - 1

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, and far from a simple fraction of 2**64


class TooLargeError(Exception):
    """A machine would have more states than one call should make; the text says how many."""


class Machine(NamedTuple):
    """A deterministic automaton that starts in state 0 and reads characters by their class.

    Characters that no condition tells apart share a column, so that thousands of them cost no
    more than a few.
    """

    next_states: Array  # [states][classes], int32; -1 where no accepted text goes on
    accepting: Array  # [states], bool
    class_of: Array  # [characters], intp: the column of each


def classes(codes: Array) -> tuple[Array, Array]:
    """Return a number for each code, equal ones alike and by first place, and the first places."""
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank[inverse], first[order]


def intersection(a: Machine, b: Machine) -> Machine:
    """Return a machine of the texts that both accept, its states in the order of a BFS.

    Only pairs of states that some text reaches are made.
    """
    size_b = len(b.next_states)
    class_of, characters = classes(a.class_of * b.next_states.shape[1] + b.class_of)
    next_a = a.next_states[:, a.class_of[characters]].astype(np.int64)
    next_b = b.next_states[:, b.class_of[characters]].astype(np.int64)
    most = MOST_CELLS // len(characters)
    numbers = {-1: -1, 0: 0}  # of states, by the code of their pair
    pairs, rows = [np.zeros(1, np.int64)], []
    while len(pairs[-1]):
        of_a, of_b = np.divmod(pairs[-1], size_b)
        reached_a, reached_b = next_a[of_a], next_b[of_b]
        codes = np.where((reached_a < 0) | (reached_b < 0), -1, reached_a * size_b + reached_b)
        which, first = classes(codes.ravel())
        reached = codes.ravel()[first].tolist()
        found = [code for code in reached if code not in numbers]
        if len(numbers) + len(found) > most:
            raise TooLargeError(f"more than {most:,} states")
        for code in found:
            numbers[code] = len(numbers) - 1  # less the -1 that is no state
        rows.append(np.array([numbers[code] for code in reached], np.int32)[which])
        pairs.append(np.array(found, np.int64))
    of_a, of_b = np.divmod(np.concatenate(pairs), size_b)
    next_states = np.concatenate(rows).reshape(-1, len(characters))
    return Machine(next_states, a.accepting[of_a] & b.accepting[of_b], class_of)


def minimized(machine: Machine) -> Machine:
    """Return the smallest machine that accepts the same texts; all states must be reachable.

    States that lead to no accepted text go first; where even state 0 does, one state without any
    transition is left. Then Moore's algorithm ("Gedanken-experiments on sequential machines",
    1956): the states of a block are parted until those of one block agree on the block after each
    character. The first blocks are by the lengths of the texts that lead to acceptance, so that
    even the long chains that counted repeats make are parted in a few rounds. The order of the
    states is kept.
    """
    shortest, longest = rests(machine.next_states, machine.accepting)
    if shortest[0] < 0:
        nothing = np.full((1, machine.next_states.shape[1]), -1, np.int32)
        return Machine(nothing, np.zeros(1, bool), machine.class_of)
    kept = np.flatnonzero(shortest >= 0)
    number = np.full(len(shortest) + 1, -1, np.int32)  # one more: the place that -1 looks up
    number[kept] = np.arange(len(kept))
    next_states = number[machine.next_states[kept]]
    accepting = machine.accepting[kept]
    block = _row_numbers(np.column_stack([accepting, shortest[kept], longest[kept]]))
    blocks = 0
    while blocks < int(block.max()) + 1 < len(block):
        blocks = int(block.max()) + 1
        after = np.append(block, -1)[next_states]
        block = _row_numbers(np.column_stack([block, after]))
    _, first = np.unique(block, return_index=True)
    after = np.append(block, -1)[next_states[first]].astype(np.int32)
    return Machine(after, accepting[first], machine.class_of)


def _row_numbers(rows: Array) -> Array:
    """Return a number for each row, equal ones alike, in the order in which they first occur."""
    # Equal rows have equal hashes; that equal hashes are of equal rows is looked at afterwards.
    multipliers = np.cumprod(np.full(rows.shape[1], _MULTIPLIER))
    number, first = classes(rows.astype(np.uint64) @ multipliers)
    if np.array_equal(rows[first[number]], rows):
        return number
    return classes(np.unique(rows, axis=0, return_inverse=True)[1].ravel())[0]


def rests(next_states: Array, accepting: Array) -> tuple[Array, Array]:
    """Return the fewest and the most characters from each state to an accepting one, int32.

    Both are -1 where no accepting state can be reached; the most is NO_LIMIT where a cycle can.
    """
    states = len(next_states)
    sources, columns = np.nonzero(next_states >= 0)
    edges = np.sort(next_states[sources, columns].astype(np.int64) * states + sources)
    edges = edges[np.diff(edges, prepend=-1) > 0]
    targets, sources = np.divmod(edges, states)
    starts = np.searchsorted(targets, np.arange(states + 1))

    def before(reached: Array) -> Array:
        counts = starts[reached + 1] - starts[reached]
        first = np.repeat(starts[reached] + counts - counts.cumsum(), counts)
        return sources[first + np.arange(len(first))]

    shortest = np.full(states, -1, np.int32)
    reached = np.flatnonzero(accepting)
    length = 0
    while len(reached):
        shortest[reached] = length
        length += 1
        candidates = before(reached)
        reached = np.unique(candidates[shortest[candidates] < 0])

    # States whose every way on is finished, from the last to the first; none on a cycle ever is.
    longest = np.where(shortest < 0, -1, NO_LIMIT).astype(np.int32)
    unfinished = np.bincount(sources[shortest[targets] >= 0], minlength=states)
    reached = np.flatnonzero((unfinished == 0) & (shortest >= 0))
    length = 0
    while len(reached):
        longest[reached] = length
        length += 1
        candidates, counts = np.unique(before(reached), return_counts=True)
        unfinished[candidates] -= counts
        reached = candidates[unfinished[candidates] == 0]
    return shortest, longest
