"""The beginning of a name, as the core takes it."""

from __future__ import annotations

from dinorc._names import clean_prefix
from dinorc._validation import Array
from dinorc._vocabulary import Vocabulary, first_unknown

_CHARACTERS_SHOWN = 60


def _shown(vocabulary: Vocabulary) -> str:
    """Return the characters of a vocabulary for a message, the first of them if there are many."""
    characters = vocabulary.characters[1:]  # without the end of a name
    more = "..." if len(characters) > _CHARACTERS_SHOWN else ""
    return repr(characters[:_CHARACTERS_SHOWN])[1:-1] + more


def encode_prefix(prefix: object, vocabulary: Vocabulary, argument: str = "prefix") -> Array:
    """Return the ids of no, some or all characters of a name, its end not among them."""
    clean = clean_prefix(prefix, argument)
    encoded = vocabulary.encode([clean])
    unknown = first_unknown([clean], encoded)
    if unknown is not None:
        raise ValueError(
            f"{argument} is {clean!r}, with the character {unknown.character!r} at position "
            f"{unknown.position}, which training has not seen; expected characters of the list: "
            f"{_shown(vocabulary)}"
        )
    return encoded.characters[:-1]
