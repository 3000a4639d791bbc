"""Which differences of spelling count for a model: white space around names, upper and lower case.

Folding puts every letter in lower case by Python's `str.lower`, Unicode's full lower-case mapping,
and not by `str.casefold`, whose forms are for comparing and not for reading: it makes "ss" of "ß"
and takes the final sigma away from Greek words. So "Weiß" and "WEIẞ" are the same, "WEISS" is
another. A single character becomes two: "İ", an i with a dot as a character of its own.
"""

from __future__ import annotations

import unicodedata
from typing import Any, NamedTuple

CASES = ("keep", "fold")

_HYPHENS = "-\u2010\u2011"
_APOSTROPHES = "'\u2019\u02bc"


class Spelling(NamedTuple):
    """How a model reads names and parts of names, which are in Unicode's form NFC."""

    strip: bool = True  # white space before and after a name makes no difference
    folds: bool = False  # nor does case

    def settings(self) -> dict[str, Any]:
        """Return the settings of a model that reads names so."""
        return {"strip": self.strip, "case": CASES[self.folds]}

    def of_name(self, name: str) -> str:
        """Return a whole name as the model has it."""
        return _normal(name.lower()) if self.folds else name

    def of_part(self, text: str) -> str:
        """Return how names begin, or what they contain."""
        # Letter by letter: at the end of a whole text, a capital sigma would be the final one.
        return _normal("".join(map(str.lower, text))) if self.folds else text

    def of_end(self, text: str) -> str:
        """Return how names end."""
        return _normal(f"a{text}".lower()[1:]) if self.folds else text


AS_IT_IS = Spelling()  # but for white space


def capitalized(name: str) -> str:
    """Return a folded name with a capital at the beginning of each word.

    Words are separated by white space and hyphens; in words such as "o'neill" and "d'angelo", what
    follows the apostrophe has one, too. Letters whose capital is another letter's, such as "ß",
    stay as they are, so that different names stay different.

    Examples
    --------
    >>> capitalized("anna-maria o'neill of the 2nd")
    "Anna-Maria O'Neill Of The 2nd"
    """
    letters = list(name)
    first = None  # where the word's first letter or digit is
    for place, letter in enumerate(name):
        if letter.isspace() or letter in _HYPHENS:
            first = None
        elif first is None and letter.isalnum():
            first = place
            letters[place] = _capital(letter)
        elif first == place - 2 and name[place - 1] in _APOSTROPHES:
            letters[place] = _capital(letter)
    return _normal("".join(letters))


def _capital(letter: str) -> str:
    capital = letter.title()
    return capital if capital.lower() == letter else letter


def _normal(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)
