"""Whether characters can be put together to a text that is not in Unicode's normal form C."""

from __future__ import annotations

from functools import cache
from unicodedata import combining, is_normalized, normalize

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
    first = normalize("NFD", character)[0]
    return (
        is_normalized("NFC", character)
        and combining(first) == 0
        and first not in _combine_with_what_is_before()
    )


@cache
def _combine_with_what_is_before() -> frozenset[str]:
    """Return all but the first characters of canonical decompositions, by Python's tables."""
    alone = "\n".join(map(chr, _PLANES_WITH_COMPOSITES))
    return frozenset("".join([parts[1:] for parts in normalize("NFD", alone).split("\n")]))
