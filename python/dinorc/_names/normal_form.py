"""Whether characters can be put together to a text that is not in Unicode's normal form C."""

from __future__ import annotations

import unicodedata
from functools import cache

_FIRST_COMBINING = "\u0300"  # all characters before it stay what they are beside any other
_PLANES_WITH_COMPOSITES = range(0x20000)  # the later planes have ideographs and no composites


def spells_only_normal_text(characters: str) -> bool:
    """Tell whether every text of these characters is in Unicode's normal form C.

    True is certain; False may be said of characters that only others would combine with.
    """
    return max(characters, default="") < _FIRST_COMBINING or all(map(_stays, characters))


def _stays(character: str) -> bool:
    if character < _FIRST_COMBINING:
        return True
    # A text changes where a character does by itself, where marks change their order, or where
    # something before a character combines with it or with the first character it stands for.
    first = unicodedata.normalize("NFD", character)[0]
    return (
        unicodedata.is_normalized("NFC", character)
        and unicodedata.combining(first) == 0
        and first not in _combine_with_what_is_before()
    )


@cache
def _combine_with_what_is_before() -> frozenset[str]:
    """Return the last characters of all canonical decompositions, as Python's tables have them."""
    found = set(map(chr, [*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)]))  # of Hangul syllables
    for code_point in _PLANES_WITH_COMPOSITES:
        parts = unicodedata.decomposition(chr(code_point)).split()
        if len(parts) == 2 and not parts[0].startswith("<"):  # without a tag: canonical
            found.add(chr(int(parts[1], 16)))
    return frozenset(found)
