"""Names that no writing system has: that begin with a combining mark, or with stray joiners.

A combining mark (Unicode's general categories Mn, Mc and Me) belongs to the character before it
(The Unicode Standard, section 3.6, D57): a name that begins with one is a fragment.

The joiners U+200C and U+200D change how the characters beside them are joined. They have a place

- after a virama, in the scripts of India and beside (RFC 5892, appendix A.1 and A.2), also at the
  end of a name, as in Malayalam;
- between a letter and a virama, in Bengali and Kannada (The Unicode Standard, chapter 12);
- between two letters of a script whose letters are joined, such as Arabic, marks aside (RFC 5892,
  appendix A.1);
- the joiner U+200D, between two symbols: emoji (Unicode Technical Standard 51, ED-16).

Anywhere else, such as at the beginning, twice in a row, or between Latin letters, they are stray.
"""

from __future__ import annotations

from unicodedata import bidirectional, category, combining

ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER = "\u200c", "\u200d"
_JOINERS = (ZERO_WIDTH_NON_JOINER, ZERO_WIDTH_JOINER)
_VIRAMA = 9  # the canonical combining class
# Python does not tell which letters join. Those of Arabic, Syriac and Thaana are written from
# right to left, and so are the others, but for these.
_JOINING_FROM_LEFT_TO_RIGHT = (range(0x1800, 0x18B0), range(0xA840, 0xA880))  # Mongolian, Phags-pa
_FROM_RIGHT_TO_LEFT = ("AL", "R")


def spells_only_well_formed(characters: str) -> bool:
    """Tell whether every text of these characters is well-formed."""
    return characters.isascii() or not any(map(_may_be_misplaced, characters))


def is_well_formed(name: str) -> bool:
    """Tell whether a name begins with no combining mark and has no stray joiner."""
    if name.isascii():
        return True
    if _is_mark(name[0]):
        return False
    return all(_is_in_place(name, i) for i, each in enumerate(name) if each in _JOINERS)


def _may_be_misplaced(character: str) -> bool:
    return character in _JOINERS or _is_mark(character)


def _is_mark(character: str) -> bool:
    return category(character)[0] == "M"


def _is_in_place(name: str, place: int) -> bool:
    """Tell whether the joiner at this place has one."""
    before, after = name[:place], name[place + 1 :]
    if before and combining(before[-1]) == _VIRAMA:
        return True
    if not before or not after:
        return False
    if combining(after[0]) == _VIRAMA:
        return category(before[-1])[0] == "L"
    # The marks on a letter do not change how it joins, nor does a symbol's variation selector.
    base = next((each for each in reversed(before) if not _is_mark(each)), "")
    if not base:
        return False
    if name[place] == ZERO_WIDTH_JOINER and _is_symbol(base) and _is_symbol(after[0]):
        return True
    return _joins(base) and _joins(after[0])


def _is_symbol(character: str) -> bool:
    return category(character) in ("So", "Sm", "Sk")  # Sm: arrows; Sk: the modifiers of emoji


def _joins(letter: str) -> bool:
    if category(letter)[0] != "L":
        return False
    return bidirectional(letter) in _FROM_RIGHT_TO_LEFT or any(
        ord(letter) in script for script in _JOINING_FROM_LEFT_TO_RIGHT
    )
