"""All short texts of a few characters, and those of them that an automaton accepts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from dinorc._drawing.automata.automaton import Automaton
from dinorc._names.vocabulary import Vocabulary


def vocabulary_of(characters: str) -> Vocabulary:
    """Return the vocabulary of these characters in any order."""
    return Vocabulary("\n" + "".join(sorted(characters)))


def clean_names(characters: str, length: int) -> list[str]:
    """Return all texts of up to so many characters, none empty, none with white space around it."""
    texts = (
        "".join(letters)
        for size in range(1, length + 1)
        for letters in product(sorted(characters), repeat=size)
    )
    return [text for text in texts if text == text.strip()]


def accepted(automaton: Automaton, vocabulary: Vocabulary, length: int) -> list[str]:
    """Return the texts of up to so many characters that the automaton accepts, shortest first."""
    return list(_accepted(automaton, vocabulary.characters, length))


def _accepted(automaton: Automaton, characters: str, length: int) -> Iterator[str]:
    table = automaton.next_states.tolist()
    ends = automaton.accepting.tolist()
    beginnings = [("", 0)]
    for _ in range(length):
        beginnings = [
            (text + character, following)
            for text, state in beginnings
            for character, following in zip(characters, table[state], strict=True)
            if following >= 0
        ]
        yield from (text for text, state in beginnings if ends[state])
