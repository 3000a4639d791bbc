"""The places in a regular expression where characters stand, and the machine made of them.

Glushkov's construction ("The abstract theory of automata", 1961): one state for each place, no
others and no steps without a character. Sets of places are the bits of integers, so that one step
of all the places of a set is a shift and a few unions (Navarro & Raffinot, "Compact DFA
representation for fast regular expression search", 2001).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import NamedTuple

import numpy as np

from dinorc._drawing.automata.machines import MOST_CELLS, Machine, TooLargeError, classes
from dinorc._validation import Array

MOST_POSITIONS = 5_000
MOST_STATES = 20_000
MOST_UNIONS = 1_000_000  # of sets of places, so that the work is bounded too


class Assertion(Enum):
    """What a place without a character requires of the characters before and after it."""

    BEGINNING = "^"
    END = "$"
    BOUNDARY = r"\b"
    NO_BOUNDARY = r"\B"


class Fragment(NamedTuple):
    """A part of an expression: how it can be entered and left."""

    may_be_empty: bool
    first: int  # places, as bits
    last: list[int]  # places


_EDGE = 0  # the context outside a name; that of a character is 1 and up


class Positions:
    """The places of one expression, made from left to right."""

    def __init__(self) -> None:
        self.follow: list[int] = []  # the places that may come after each, as bits
        self._in_set: dict[int, int] = {}  # the places of each set of characters, as bits
        self._asserting: dict[tuple[Assertion, int], int] = {}  # the same, of each assertion
        self._tails: list[int] = []  # runs of places of which the first can do what others can

    def character(self, character_set: int) -> Fragment:
        """Add a place for a character of a set, which a number stands for."""
        place = self._add()
        self._in_set[character_set] = self._in_set.get(character_set, 0) | 1 << place
        return Fragment(False, 1 << place, [place])

    def assertion(self, kind: Assertion, words: int = -1) -> Fragment:
        """Add a place for an assertion; `words` is the set of characters that words are made of."""
        place = self._add()
        key = kind, words
        self._asserting[key] = self._asserting.get(key, 0) | 1 << place
        return Fragment(False, 1 << place, [place])

    def sequence(self, fragments: Sequence[Fragment], *, may_stop: bool = False) -> Fragment:
        """Return one after the other; with `may_stop`, it may end before any of them."""
        may_be_empty, first = True, 0
        last: list[int] = []
        for part in reversed(fragments):
            for place in part.last:
                self.follow[place] |= first
            if may_be_empty:
                last += part.last
            first = part.first | (first if part.may_be_empty else 0)
            may_be_empty = may_stop or (part.may_be_empty and may_be_empty)
        return Fragment(may_be_empty, first, last)

    def choice(self, fragments: Sequence[Fragment]) -> Fragment:
        """Return any of them, at least one."""
        first = 0
        last: list[int] = []
        for part in fragments:
            first |= part.first
            last += part.last
        return Fragment(any(part.may_be_empty for part in fragments), first, last)

    def repetition(self, make: Callable[[], Fragment], least: int, most: int | None) -> Fragment:
        """Return what `make` makes, from `least` times to `most` times, or without a limit."""
        if most == 0:
            return self.sequence([])
        begin = len(self.follow)
        copies = [make()]
        places = len(self.follow) - begin
        if places == 0:
            return copies[0]
        if copies[0].may_be_empty:
            least = 0
        count = max(least, 1) if most is None else most
        if begin + places * count > MOST_POSITIONS:
            raise TooLargeError(f"more than {MOST_POSITIONS:,} places for characters")
        copies += [make() for _ in range(count - 1)]
        if most is None:
            for place in copies[-1].last:
                self.follow[place] |= copies[-1].first
        elif places == 1 and most - least > 1:
            # From an earlier one of the copies that may be missing, all can follow that can follow
            # from a later one, so later ones needn't be kept beside it.
            self._tails.append((1 << begin + most) - (1 << begin + least))
        return self.sequence([*copies[:least], self.sequence(copies[least:], may_stop=True)])

    def _add(self) -> int:
        place = len(self.follow)
        if place == MOST_POSITIONS:
            raise TooLargeError(f"more than {MOST_POSITIONS:,} places for characters")
        self.follow.append(0)
        return place

    def machine(self, whole: Fragment, sets: Sequence[Array], characters: int) -> Machine:
        """Return the deterministic machine of the texts that `whole` matches.

        Parameters
        ----------
        whole : Fragment
            The expression; its places are all that were added.
        sets : sequence of ndarray of bool, shape (characters,)
            Which characters are in the set of each number.
        characters : int
            How many there are.
        """
        end = 1 << len(self.follow)  # comes after the last character
        for place in whole.last:
            self.follow[place] |= end
        class_of, representatives = _classes_of(sets, characters)
        in_class = [
            sum(places for number, places in self._in_set.items() if sets[number][character])
            for character in representatives
        ]
        step = self._step()
        context, passable = self._contexts(sets, representatives)
        asserting = sum(self._asserting.values())

        def through(pending: int, holding: int) -> int:
            """Add the places behind the assertions that hold."""
            passed = 0
            while new := pending & holding & ~passed:
                passed |= new
                pending |= step(new)
            return pending

        # A state: the context of the last character, where it matters, and the places that come.
        start = (_EDGE, whole.first | (end if whole.may_be_empty else 0))
        numbers = {start: 0}
        queue = [start]
        rows: list[list[int]] = []
        accepting: list[bool] = []
        most = min(MOST_STATES, MOST_CELLS // len(in_class))
        for before, pending in queue:
            ready = [through(pending, holding) for holding in passable[before]]
            accepting.append(bool(ready[_EDGE] & end))
            row: list[int] = []
            after_reading: dict[tuple[int, int], int] = {}
            for places, after in zip(in_class, context, strict=True):
                reached = ready[after] & places
                number = after_reading.get((reached, after), -1)
                if reached and number < 0:
                    following = step(reached)
                    state = (after if following & asserting else _EDGE, following)
                    number = numbers.setdefault(state, len(queue))
                    if number == len(queue):
                        queue.append(state)
                    after_reading[reached, after] = number
                row.append(number)
            rows.append(row)
            if len(queue) > most:
                raise TooLargeError(f"more than {most:,} states")
        return Machine(np.array(rows, np.int32), np.array(accepting), class_of)

    def _step(self) -> Callable[[int], int]:
        """Return a function from places that were read to those that may come next."""
        shifted = 0  # places that may be followed by their neighbour
        jumps: dict[int, int] = {}  # the other places that may follow -> after which
        for place, following in enumerate(self.follow):
            neighbour = 1 << place + 1
            if following & neighbour:
                shifted |= 1 << place
            if others := following & ~neighbour:
                jumps[others] = jumps.get(others, 0) | 1 << place
        pairs = list(jumps.items())
        tails = self._tails
        cost = 1 + len(pairs) + len(tails)
        left = MOST_UNIONS

        def step(places: int) -> int:
            nonlocal left
            left -= cost
            if left < 0:
                raise TooLargeError(f"more than {MOST_UNIONS:,} unions of states")
            pending = (places & shifted) << 1
            for others, members in pairs:
                if places & members:
                    pending |= others
            for tail in tails:
                within = pending & tail
                pending ^= within & within - 1  # keeps the first
            return pending

        return step

    def _contexts(
        self, sets: Sequence[Array], representatives: Array
    ) -> tuple[list[int], list[list[int]]]:
        """Return the context of each class, and the assertions that hold between two contexts."""
        word_sets = sorted({words for _, words in self._asserting if words >= 0})
        belongs = [tuple(bool(sets[words][c]) for words in word_sets) for c in representatives]
        known = [(False,) * len(word_sets), *dict.fromkeys(belongs)]  # the edge is first
        passable = [[0] * len(known) for _ in known]
        for before, is_before in enumerate(known):
            for after, is_after in enumerate(known):
                holds = {Assertion.BEGINNING: before == _EDGE, Assertion.END: after == _EDGE}
                for (kind, words), places in self._asserting.items():
                    if words >= 0:
                        column = word_sets.index(words)
                        differs = is_before[column] != is_after[column]
                        holds[Assertion.BOUNDARY] = differs
                        holds[Assertion.NO_BOUNDARY] = not differs
                    if holds[kind]:
                        passable[before][after] |= places
        return [known.index(words, 1) for words in belongs], passable


def _classes_of(sets: Sequence[Array], characters: int) -> tuple[Array, Array]:
    """Put characters that are in the same sets in one class; return the first of each, too."""
    if not sets:
        return classes(np.zeros(characters, np.intp))
    packed = np.ascontiguousarray(np.packbits(np.array(sets), axis=0).T)
    return classes(packed.view(f"V{packed.shape[1]}").ravel())
