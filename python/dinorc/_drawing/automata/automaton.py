"""The automaton that the core draws with: a table of next states over a model's vocabulary."""

from __future__ import annotations

from dataclasses import dataclass

from dinorc._drawing.automata.machines import NO_LIMIT
from dinorc._validation import Array


@dataclass(frozen=True, eq=False)
class Automaton:
    """The smallest deterministic automaton of the names that meet some conditions.

    Its states are numbered in the order in which a search by breadth finds them, characters in the
    order of their ids, so that equal conditions give equal arrays, however they are put.

    Parameters
    ----------
    next_states : ndarray of int32, shape (states, size of the vocabulary), C-contiguous
        The state after each character; a name begins in state 0. -1 where no name that meets the
        conditions goes on so; always -1 in column 0, the end of a name.
    accepting : ndarray of bool, shape (states,)
        Whether a name may end in the state. The empty name never meets the conditions.
    shortest, longest : ndarray of int32, shape (states,)
        The fewest and the most characters that can still come before the end of a name;
        2**31 - 1 in `longest` where there is no limit. Not every number between them need be
        possible.
    """

    next_states: Array
    accepting: Array
    shortest: Array
    longest: Array

    def lengths(self) -> tuple[int, int | None]:
        """Return the fewest and the most characters of a name; None where there is no limit."""
        longest = int(self.longest[0])
        return int(self.shortest[0]), None if longest == NO_LIMIT else longest
