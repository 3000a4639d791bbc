"""Reads a Python regular expression, and makes the machine of the names that it matches whole."""

from __future__ import annotations

import re
import unicodedata

# Python's own parser: the syntax is exactly that of `re`, in the version at hand, and its errors
# have a position. It is private, but has been the same from Python 3.11 on but for refinements.
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

import numpy as np

from dinorc._drawing.automata.machines import Machine, TooLargeError, minimized
from dinorc._drawing.automata.positions import Assertion, Fragment, Positions
from dinorc._names.cleaning import LONGEST_NAME
from dinorc._validation import Array, describe

Nodes: TypeAlias = Any  # a list of (operation, argument): _parser.SubPattern

_SET_FLAGS = re.IGNORECASE | re.ASCII | re.DOTALL  # that change what a character matches
_SHOWN_AROUND_AN_ERROR = 30  # characters, on either side

_CATEGORIES = {
    _constants.CATEGORY_DIGIT: r"\d",
    _constants.CATEGORY_NOT_DIGIT: r"\D",
    _constants.CATEGORY_SPACE: r"\s",
    _constants.CATEGORY_NOT_SPACE: r"\S",
    _constants.CATEGORY_WORD: r"\w",
    _constants.CATEGORY_NOT_WORD: r"\W",
}
# A name has no line end, so MULTILINE makes no difference, nor does \Z to $.
_ASSERTIONS = {
    _constants.AT_BEGINNING: Assertion.BEGINNING,
    _constants.AT_BEGINNING_STRING: Assertion.BEGINNING,
    _constants.AT_END: Assertion.END,
    _constants.AT_END_STRING: Assertion.END,
    _constants.AT_BOUNDARY: Assertion.BOUNDARY,
    _constants.AT_NON_BOUNDARY: Assertion.NO_BOUNDARY,
}
# What more than the characters read so far and some finite memory decides, or what would need
# another construction.
_REFUSED = {
    _constants.GROUPREF: "a reference back to a group",
    _constants.GROUPREF_EXISTS: "a condition on a group, (?(...)...)",
    _constants.ASSERT: "a look-ahead or look-behind, (?=...) or (?<=...)",
    _constants.ASSERT_NOT: "a negative look-ahead or look-behind, (?!...) or (?<!...)",
    _constants.FAILURE: "a negative look-ahead, (?!)",
    _constants.ATOMIC_GROUP: "an atomic group, (?>...)",
    _constants.POSSESSIVE_REPEAT: "a possessive repeat, such as *+",
}


class Pattern:
    """A regular expression that a whole name has to match, as `re.fullmatch` does."""

    def __init__(self, pattern: object, ignores_case: bool = False) -> None:
        """Parse a str or a compiled pattern of str, in Unicode's form NFC, as names are."""
        text = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
        if not isinstance(text, str):
            raise TypeError(
                f"pattern is {describe(pattern)}; expected a regular expression as a str or a "
                "compiled one of str, or None"
            )
        flags = pattern.flags & ~re.DEBUG if isinstance(pattern, re.Pattern) else 0
        if ignores_case:
            flags |= re.IGNORECASE
        text = unicodedata.normalize("NFC", str.__str__(text))
        try:
            self._nodes: Nodes = _parser.parse(text, flags)
        except re.error as error:
            raise ValueError(_not_an_expression(text, error)) from None
        except OverflowError as error:
            raise ValueError(f"pattern is {describe(text)}; {error}") from None
        except RecursionError:
            raise ValueError("pattern has groups within groups, too deep to be read") from None
        self._flags = int(self._nodes.state.flags)

    def machine(self, characters: str) -> Machine:
        """Return the machine of the matching texts of these characters."""
        writer = _Writer(characters)
        try:
            whole = writer.sequence(self._nodes, self._flags)
        except RecursionError:
            raise TooLargeError("groups within groups, too deep") from None
        sets = [writer.sets[source] for source in writer.sets]
        return minimized(writer.positions.machine(whole, sets, len(characters)))


class _Writer:
    """Writes the nodes of a parsed expression as places of characters."""

    def __init__(self, characters: str) -> None:
        self.positions = Positions()
        self.sets: dict[tuple[str, int], Array] = {}
        self._numbers: dict[tuple[str, int], int] = {}
        self._characters = characters

    def sequence(self, nodes: Nodes, flags: int) -> Fragment:
        return self.positions.sequence([self._fragment(flags, *node) for node in nodes])

    def _fragment(self, flags: int, operation: Any, argument: Any) -> Fragment:
        if operation in _REFUSED:
            raise ValueError(
                f"pattern has {_REFUSED[operation]}, for which names can't be drawn exactly; "
                "expected a regular expression without, or accept=re.compile(...).fullmatch"
            )
        if operation is _constants.SUBPATTERN:
            _, added, removed, nodes = argument
            if added & (re.ASCII | re.UNICODE):  # one takes the place of the other
                flags &= ~(re.ASCII | re.UNICODE)
            return self.sequence(nodes, (flags | added) & ~removed)
        if operation is _constants.BRANCH:
            return self.positions.choice([self.sequence(nodes, flags) for nodes in argument[1]])
        if operation in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
            least, most, nodes = argument
            # No name is long enough for a difference between so many times and any number.
            limit = None if most > LONGEST_NAME else int(most)
            return self.positions.repetition(lambda: self.sequence(nodes, flags), least, limit)
        if operation is _constants.AT:
            kind = _ASSERTIONS[argument]
            if kind in (Assertion.BOUNDARY, Assertion.NO_BOUNDARY):
                return self.positions.assertion(kind, self._set(r"\w", flags))
            return self.positions.assertion(kind)
        return self.positions.character(self._set(_source(operation, argument), flags))

    def _set(self, source: str, flags: int) -> int:
        """Return the number of the set of characters that an expression for one matches."""
        key = source, flags & _SET_FLAGS
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers)
            found = np.zeros(len(self._characters), bool)
            matches = re.compile(*key).finditer(self._characters)
            found[[match.start() for match in matches]] = True
            self.sets[key] = found
        return self._numbers[key]


def _source(operation: Any, argument: Any) -> str:
    """Return an expression for one character from its parsed form."""
    if operation is _constants.ANY:
        return "."
    if operation is _constants.LITERAL:
        return _escaped(argument)
    if operation is _constants.NOT_LITERAL:
        return f"[^{_escaped(argument)}]"
    if operation is _constants.IN:
        return f"[{''.join(_item(*item) for item in argument)}]"
    raise ValueError(f"pattern has {operation}, which dinorc does not know")


def _item(operation: Any, argument: Any) -> str:
    if operation is _constants.NEGATE:
        return "^"
    if operation is _constants.RANGE:
        return f"{_escaped(argument[0])}-{_escaped(argument[1])}"
    if operation is _constants.CATEGORY:
        return _CATEGORIES[argument]
    return _escaped(argument)


def _escaped(code_point: int) -> str:
    return f"\\U{code_point:08x}"


def _not_an_expression(text: str, error: re.error) -> str:
    """Return a message that shows where the parser stopped."""
    message = f"pattern is not a regular expression: {error.msg}"
    if error.pos is None:
        return f"{message}; it is {describe(text)}"
    begin = max(text.rfind("\n", 0, error.pos) + 1, error.pos - _SHOWN_AROUND_AN_ERROR)
    shown = text[begin : error.pos + _SHOWN_AROUND_AN_ERROR].partition("\n")[0]
    return f"{message} at position {error.pos}\n    {shown}\n    {' ' * (error.pos - begin)}^"
