"""The beginning of a name, as the core takes it."""

from __future__ import annotations

from dinorc._names.cleaning import clean_prefix
from dinorc._names.vocabulary import Vocabulary, first_unknown, shown_characters
from dinorc._validation import Array


def encode_prefix(prefix: object, vocabulary: Vocabulary, argument: str = "prefix") -> Array:
    """Return the ids of no, some or all characters of a name, its end not among them."""
    clean = clean_prefix(prefix, argument)
    encoded = vocabulary.encode([clean])
    unknown = first_unknown([clean], encoded)
    if unknown is not None:
        raise ValueError(
            f"{argument} is {clean!r}, with the character {unknown.character!r} at position "
            f"{unknown.position}, which training has not seen; expected characters of the list: "
            f"{repr(shown_characters(vocabulary.characters[1:]))[1:-1]}"
        )
    return encoded.characters[:-1]
