"""The characters of a model, their ids, and names as arrays of ids."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from dinorc._core import KnownNames
from dinorc._names.cleaning import clean_prefix
from dinorc._names.spelling import AS_IT_IS, Spelling
from dinorc._validation import Array

END = "\n"  # ends every name, so no name contains it; its id is 0

_CHARACTERS_SHOWN = 60


class EncodedNames(NamedTuple):
    """Names in the form that the core takes: one after the other, each followed by the id 0."""

    characters: Array  # [all characters], int32; -1 where the vocabulary lacks the character
    ends: Array  # [names], int64; where each name ends in `characters`, one past its 0


class UnknownCharacter(NamedTuple):
    """The first character in a list of names that the vocabulary lacks."""

    name: int
    position: int
    character: str


class Vocabulary:
    """Characters by id: the end of a name first, then all others by code point."""

    def __init__(self, characters: str) -> None:
        """Take the characters in the order of their ids."""
        self.characters = characters
        self.code_points = points = _code_points(characters)
        # Compared as arrays, as sets take twenty times the memory and files may be made up.
        if not characters.startswith(END) or (points[1:] <= points[:-1]).any():
            raise ValueError(
                f"the vocabulary is {shown_characters(characters)!r}; expected '\\n' and then "
                "other characters, each once, by code point"
            )

    @classmethod
    def of(cls, names: Iterable[str]) -> Vocabulary:
        """Return the vocabulary of clean names; none has a character below the line end."""
        return cls("".join(sorted({END}.union("".join(names)))))

    def __len__(self) -> int:
        return len(self.characters)

    def encode(self, names: Iterable[str]) -> EncodedNames:
        """Return the names as ids."""
        code_points = _code_points("".join([name + END for name in names]))
        ids = np.searchsorted(self.code_points, code_points)
        np.copyto(ids, 0, where=ids == len(self))
        np.copyto(ids, -1, where=self.code_points.take(ids) != code_points)
        ends = np.flatnonzero(ids == 0) + 1
        return EncodedNames(ids.astype(np.int32), ends.astype(np.int64))

    def known_names(self, names: Sequence[str]) -> KnownNames | None:
        """Return the names for the core to look others up in; None if there are none."""
        return KnownNames(*self.encode(names), len(self)) if names else None

    def decode(self, encoded: EncodedNames) -> list[str]:
        """Return the names that ids stand for."""
        text = self.code_points.take(encoded.characters).tobytes().decode("utf-32-le")
        return text.split(END)[:-1]


def encode_prefix(
    prefix: object,
    vocabulary: Vocabulary,
    argument: str = "prefix",
    spelling: Spelling = AS_IT_IS,
) -> Array:
    """Return the ids of a name's first characters (none, some or all), without its end."""
    return encode_part(clean_prefix(prefix, argument, spelling), vocabulary, argument)


def encode_part(clean: str, vocabulary: Vocabulary, argument: str) -> Array:
    """Return the ids of a cleaned part of a name; all must be known."""
    encoded = vocabulary.encode([clean])
    unknown = first_unknown([clean], encoded)
    if unknown is not None:
        raise ValueError(
            f"{argument} is {clean!r}, with the character {unknown.character!r} at position "
            f"{unknown.position}, which training has not seen; expected characters of the list: "
            f"{repr(shown_characters(vocabulary.characters[1:]))[1:-1]}"
        )
    return encoded.characters[:-1]


def first_unknown(names: list[str], encoded: EncodedNames) -> UnknownCharacter | None:
    """Return the first character that was encoded as unknown, or None where all are known."""
    unknown = encoded.characters < 0
    index = int(unknown.argmax()) if unknown.size else 0
    if not unknown.any():
        return None
    name = int(np.searchsorted(encoded.ends, index, side="right"))
    position = index - (int(encoded.ends[name - 1]) if name > 0 else 0)
    return UnknownCharacter(name, position, names[name][position])


def _code_points(text: str) -> Array:
    return np.frombuffer(text.encode("utf-32-le"), dtype="<u4")


def shown_characters(characters: str) -> str:
    """Return characters as one line of text: all, or the first ones and "..." if there are many."""
    return characters[:_CHARACTERS_SHOWN] + ("..." if len(characters) > _CHARACTERS_SHOWN else "")
