"""Checks conditions on a name's characters and makes one automaton of them all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from dinorc._drawing.automata.automaton import Automaton
from dinorc._drawing.automata.machines import Machine, TooLargeError, intersection, minimized, rests
from dinorc._drawing.automata.pattern import Pattern
from dinorc._drawing.automata.words import beginning_with, containing, ending_with, folded, without
from dinorc._names.cleaning import (
    clean_part,
    clean_prefix,
    clean_suffix,
    may_begin_a_name,
    may_end_a_name,
)
from dinorc._names.spelling import AS_IT_IS, Spelling
from dinorc._names.vocabulary import Vocabulary, encode_part, shown_characters
from dinorc._validation import describe

MOST_TABLE_CELLS = 1 << 25  # states x characters of the automaton, of 4 bytes each


@dataclass(frozen=True)
class _Condition:
    """One argument: how messages show it, and what it asks for."""

    shown: str
    machines: tuple[Callable[[str], Machine], ...] = ()  # from the characters that names may have
    alphabet: frozenset[str] | None = None


def conditions_automaton(
    vocabulary: Vocabulary,
    *,
    prefix: object = "",
    suffix: object = "",
    contains: object = "",
    pattern: object = None,
    alphabet: object = None,
    block: object = (),
    spelling: Spelling = AS_IT_IS,
) -> Automaton | None:
    r"""Return the automaton of the names that meet every condition.

    A name is never empty and, unless the model keeps it, has no white space before or after it.
    Whether it is in Unicode's normal form C and well-formed is not looked at: see `is_clean`.

    Parameters
    ----------
    vocabulary : Vocabulary
        The characters of the model.
    prefix, suffix : str
        How names begin and end.
    contains : str or iterable of str
        What they contain; of several texts all, which may overlap.
    pattern : str or re.Pattern, optional
        A regular expression that the whole name matches, in the sense of `re.fullmatch`. Without
        references back to groups, look-around, atomic groups and possessive repeats.
    alphabet : str or iterable of str, optional
        The characters that names may have; others than the model's make no difference.
    block : iterable of str
        Parts that no name has, in upper or lower case.
    spelling : Spelling
        How the model reads names. If it folds, all these are without regard to case.

    Returns
    -------
    Automaton or None
        None where there is no condition, and no characters that names may not begin or end with.

    Raises
    ------
    ValueError
        If a value is not one, has a character that the model lacks (but in `pattern`, `alphabet`
        and `block`), makes too large an automaton, or if no name meets all conditions.
    TypeError
        If a value is of a wrong type.

    Examples
    --------
    >>> from dinorc._names.vocabulary import Vocabulary
    >>> automaton = conditions_automaton(Vocabulary("\nabc"), prefix="a", pattern=".{2,4}")
    >>> automaton.lengths()
    (2, 4)
    >>> automaton.next_states[0].tolist()
    [-1, 1, -1, -1]
    """
    given = [
        _prefix(prefix, vocabulary, spelling),
        _suffix(suffix, vocabulary, spelling),
        _contains(contains, vocabulary, spelling),
        _pattern(pattern, spelling),
        _alphabet(alphabet, vocabulary, spelling),
        _block(block),
    ]
    conditions = [condition for condition in given if condition is not None]
    characters = vocabulary.characters[1:]
    if not conditions and all(
        may_begin_a_name(c, spelling) and may_end_a_name(c, spelling) for c in characters
    ):
        return None
    try:
        allowed, machine = _together(conditions, characters, spelling)
    except TooLargeError as error:
        raise _too_large(conditions, error) from None
    if not machine.accepting.any():
        raise _contradiction(conditions, characters, spelling)
    return _over_vocabulary(machine, allowed, vocabulary, conditions)


def blocked_parts(block: object) -> tuple[str, ...]:
    """Return the folded parts that no name may have."""
    if isinstance(block, str):
        raise TypeError(
            f"block is {describe(block)}; expected a list of parts that no name may have, such as "
            f"[{block!r}]"
        )
    parts = _texts(block, "block", "a list of str")
    for index, part in enumerate(parts):
        if not part:
            raise ValueError(f"block[{index}] is ''; expected a part that not every name has")
    return tuple(map(folded, parts))


def _prefix(value: object, vocabulary: Vocabulary, spelling: Spelling) -> _Condition | None:
    text = clean_prefix(value, spelling=spelling)
    encode_part(text, vocabulary, "prefix")
    return (
        _Condition(f"prefix={_cut(repr(text))}", (partial(beginning_with, text),)) if text else None
    )


def _suffix(value: object, vocabulary: Vocabulary, spelling: Spelling) -> _Condition | None:
    text = clean_suffix(value, spelling)
    encode_part(text, vocabulary, "suffix")
    return _Condition(f"suffix={_cut(repr(text))}", (partial(ending_with, text),)) if text else None


def _contains(value: object, vocabulary: Vocabulary, spelling: Spelling) -> _Condition | None:
    if isinstance(value, str):
        texts = {"contains": value}
    else:
        items = _texts(value, "contains", "a str or a list of str")
        texts = {f"contains[{index}]": text for index, text in enumerate(items)}
    cleaned = []
    for argument, text in texts.items():
        cleaned.append(spelling.of_part(clean_part(text, argument)))
        encode_part(cleaned[-1], vocabulary, argument)
    # What a longer one contains is contained anyway, and every name contains "".
    needed = [
        text
        for text in dict.fromkeys(cleaned)
        if text and not any(text in other for other in cleaned if text != other)
    ]
    if not needed:
        return None
    shown = repr(cleaned[0] if isinstance(value, str) else cleaned)
    return _Condition(f"contains={_cut(shown)}", tuple(partial(containing, t) for t in needed))


def _pattern(value: object, spelling: Spelling) -> _Condition | None:
    if value is None:
        return None
    shown = value.pattern if isinstance(value, re.Pattern) else value
    return _Condition(
        f"pattern={_cut(repr(shown))}", (Pattern(value, ignores_case=spelling.folds).machine,)
    )


def _alphabet(value: object, vocabulary: Vocabulary, spelling: Spelling) -> _Condition | None:
    if value is None:
        return None
    if isinstance(value, str):
        letters = unicodedata.normalize("NFC", str.__str__(value))
    else:
        items = _texts(value, "alphabet", "a str or a list of characters")
        normal = [unicodedata.normalize("NFC", str.__str__(item)) for item in items]
        for index, letter in enumerate(normal):
            if len(letter) != 1:
                raise ValueError(
                    f"alphabet[{index}] is {describe(items[index])}; expected one character"
                )
        letters = "".join(normal)
    shown, letters = _cut(repr(letters)), spelling.of_part(letters)
    if not set(letters).intersection(vocabulary.characters[1:]):
        raise ValueError(
            f"alphabet is {shown}, without any character of the model; expected some of "
            f"{_characters_of(vocabulary.characters[1:])}"
        )
    return _Condition(f"alphabet={shown}", alphabet=frozenset(letters))


def _block(value: object) -> _Condition | None:
    parts = blocked_parts(value)
    shown = f"block={_cut(repr(list(parts)))}"
    return _Condition(shown, (partial(without, parts),)) if parts else None


def _texts(value: object, argument: str, expected: str) -> list[str]:
    """Return the items, if all are texts."""
    if isinstance(value, (bytes, bytearray, Mapping)) or not isinstance(value, Iterable):
        raise TypeError(f"{argument} is {describe(value)}; expected {expected}")
    items = list(value)
    for index, item in enumerate(items):
        if not isinstance(item, str):
            raise TypeError(f"{argument}[{index}] is {describe(item)}; expected a str")
    return items


def _together(
    conditions: list[_Condition], characters: str, spelling: Spelling
) -> tuple[str, Machine]:
    """Return the characters that names may have, and the machine of all conditions over them."""
    for condition in conditions:
        if condition.alphabet is not None:
            characters = "".join(c for c in characters if c in condition.alphabet)
    machine = intersection(_any_text(characters), _clean_names(characters, spelling))
    for condition in conditions:
        for make in condition.machines:
            machine = intersection(minimized(machine), make(characters))
    return characters, minimized(machine)


def _any_text(characters: str) -> Machine:
    return Machine(np.zeros((1, 1), np.int32), np.ones(1, bool), np.zeros(len(characters), np.intp))


def _clean_names(characters: str, spelling: Spelling) -> Machine:
    """Return the machine of names, which begin and end as they may, with a character at least."""
    # States: nothing read, a name that may end here, a name that may not.
    class_of = np.array(
        [may_begin_a_name(c, spelling) + 2 * may_end_a_name(c, spelling) for c in characters],
        dtype=np.intp,
    )
    rows = [[-1, 2, -1, 1], [2, 2, 1, 1], [2, 2, 1, 1]]
    return Machine(np.array(rows, np.int32), np.array([False, True, False]), class_of)


def _over_vocabulary(
    machine: Machine, allowed: str, vocabulary: Vocabulary, conditions: list[_Condition]
) -> Automaton:
    states = len(machine.next_states)
    if states * len(vocabulary) > MOST_TABLE_CELLS:
        raise _too_large(conditions, TooLargeError(f"{states:,} states"))
    nowhere = np.full((states, 1), -1, np.int32)
    columns = np.full(len(vocabulary), -1, np.intp)
    columns[vocabulary.encode([allowed]).characters[:-1]] = machine.class_of
    table = np.append(machine.next_states, nowhere, axis=1)
    return Automaton(
        np.take(table, columns, axis=1),
        machine.accepting,
        *rests(machine.next_states, machine.accepting),
    )


def _too_large(conditions: list[_Condition], error: TooLargeError) -> ValueError:
    return ValueError(
        f"{_shown(conditions)} would take too large an automaton ({error}); expected less, such as "
        "fewer or smaller counts in a pattern; or accept=, a function that looks at each name"
    )


def _contradiction(conditions: list[_Condition], characters: str, spelling: Spelling) -> ValueError:
    """Return an error that names no more conditions than it takes."""
    needed = list(conditions)
    for condition in conditions:
        others = [other for other in needed if other is not condition]
        try:
            _, machine = _together(others, characters, spelling)
        except TooLargeError:
            continue
        if not machine.accepting.any():
            needed = others
    return ValueError(
        f"no name can meet {_shown(needed)}{' together' if len(needed) > 1 else ''}; expected "
        f"conditions that names of these characters meet: {_characters_of(characters)}"
    )


def _shown(conditions: list[_Condition]) -> str:
    return ", ".join(condition.shown for condition in conditions)


def _characters_of(characters: str) -> str:
    return repr(shown_characters(characters))[1:-1]


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
