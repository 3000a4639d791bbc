"""Which characters a picture has room for, and how to write them with the fonts there are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from dinorc._names.vocabulary import END
from dinorc._validation import Array

_DOTTED_CIRCLE = "\N{DOTTED CIRCLE}"  # carries a mark without a letter
_OPEN_BOX = "\N{OPEN BOX}"  # stands for a space, visibly
_UNDRAWABLE = "\N{REPLACEMENT CHARACTER}"
_LONGEST_TITLE = 40  # characters of a name


class Room(NamedTuple):
    """The most frequent characters have their own places, and all others share one."""

    ids: Array  # [places of their own], int64
    others: int  # how many share a place

    @classmethod
    def for_most(cls, amounts: Array, places: int) -> Room:
        """Give at most `places` places to the ids, the largest amount first, equal ones by id."""
        order = np.argsort(-amounts, kind="stable")
        if order.size <= places:
            return cls(order, 0)
        return cls(order[: places - 1], order.size - (places - 1))

    @property
    def others_label(self) -> str:
        """The label of the place that the others share."""
        return f"{self.others:,} others"


class Lettering(NamedTuple):
    """Fonts for some characters, and which of these they have.

    A character that no font has is written as its code point, such as U+4E2D: matplotlib would
    draw an empty box and warn.
    """

    families: list[str]
    drawable: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Lettering:
        """Return the fonts for the characters of a text, and which characters these have."""
        from matplotlib import rcParams
        from matplotlib.font_manager import FontProperties, findfont

        families = [str(family) for family in rcParams["font.family"]]
        wanted = set(text) | {_DOTTED_CIRCLE, _OPEN_BOX, _UNDRAWABLE}
        found: set[str] = set()
        for family in families:
            found |= _having(wanted, findfont(FontProperties(family=[family])))
        while found < wanted and (font := _font_with_most(wanted - found)):
            families.append(font.name)
            found |= _having(wanted, font.fname)
        return cls(families, frozenset(found))

    def label(self, character: str, end: str = "end") -> str:
        """Return how a character on its own is written; `end` stands for the end of the name."""
        if character == END:
            return end
        if character == " " and _OPEN_BOX in self.drawable:
            return _OPEN_BOX
        category = unicodedata.category(character)
        if character not in self.drawable or category in ("Zs", "Cf"):
            return f"U+{ord(character):04X}"
        if category.startswith("M") and _DOTTED_CIRCLE in self.drawable:
            return _DOTTED_CIRCLE + character
        return character

    def labels(self, characters: Iterable[str], end: str = "end") -> list[str]:
        """Return how each character on its own is written."""
        return [self.label(character, end) for character in characters]

    def quoted(self, name: str) -> str:
        """Return a name in quotation marks, for a title."""
        if len(name) > _LONGEST_TITLE:
            name = name[: _LONGEST_TITLE - 1] + "…"
        kept = [c if c in self.drawable or c == "…" else _UNDRAWABLE for c in name]
        return f"“{''.join(kept)}”"

    @property
    def text(self) -> dict[str, Any]:
        """Keywords that make matplotlib's texts write these characters, $ as a dollar sign."""
        return {"fontfamily": self.families, "parse_math": False}


def _font_with_most(missing: set[str]) -> Any:
    """Return the installed regular font that has most of the characters, if any has one."""
    from matplotlib.font_manager import fontManager

    best, most = None, 0
    for font in sorted(fontManager.ttflist, key=lambda font: (font.name, font.fname)):
        # Matplotlib's Last Resort has every character, but only as a box.
        is_last_resort = font.name.startswith("Last Resort")
        if font.style == "normal" and font.weight in ("normal", 400) and not is_last_resort:
            count = len(_having(missing, font.fname))
            if count > most:
                best, most = font, count
            if most == len(missing):
                break
    return best


def _having(characters: set[str], path: str) -> set[str]:
    """Return the characters that a font has."""
    code_points = _code_points(path)
    return {character for character in characters if ord(character) in code_points}


@cache
def _code_points(path: str) -> frozenset[int]:
    """Return the code points that a font can draw."""
    from matplotlib.font_manager import get_font

    try:
        return frozenset(get_font(path).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()  # the font is damaged, or gone since matplotlib listed it
