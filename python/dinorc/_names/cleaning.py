"""Cleans names: one Unicode form, no line ends; normally no white space before or after them."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from dinorc._names.columns import is_missing, items_of
from dinorc._names.spelling import AS_IT_IS, Spelling
from dinorc._names.well_formed import is_well_formed
from dinorc._validation import describe

LONGEST_NAME = 1000  # characters; names are far shorter, and memory is planned for the longest

_BYTE_ORDER_MARK = "\ufeff"
_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"  # where str.splitlines would split
# Unicode categories Cc, Zl, Zp and Cs, written out.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# What cleaning does, by the field of NamesReport that counts it.
_DONE = {
    "blank_lines": ("blank line", "left out"),
    "carriage_returns": ("carriage return", "removed"),
    "stripped": ("name", "stripped of white space"),
    "normalized": ("name", "put in Unicode's form NFC"),
    "byte_order_marks": ("byte-order mark", "removed"),
}


@dataclass(frozen=True)
class NamesReport:
    r"""What a list of names held and what cleaning did to it.

    Attributes
    ----------
    names : int
        Names, copies included.
    distinct : int
        Names that differ from each other.
    blank_lines : int
        Lines without a name, left out.
    carriage_returns : int
        Line ends that were a carriage return, with or without a line feed after it.
    stripped : int
        Names that had white space before or after them, line ends aside.
    normalized : int
        Names that were not in Unicode's normal form C.
    byte_order_marks : int
        Byte-order marks before a name, removed.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> lines = ["Ann\n", "\n", "Bob\n", "Ann\n"]
    >>> rnn = CharRNN(hidden_size=4, max_epochs=1, validation_fraction=0).fit(lines)
    >>> print(rnn.names_report_)
    3 names, 2 distinct; 1 blank line left out
    """

    names: int
    distinct: int
    blank_lines: int
    carriage_returns: int
    stripped: int
    normalized: int
    byte_order_marks: int

    def __str__(self) -> str:
        parts = [f"{_counted(self.names, 'name')}, {self.distinct:,} distinct"]
        for field, (thing, done) in _DONE.items():
            if count := getattr(self, field):
                parts.append(f"{_counted(count, thing)} {done}")
        return "; ".join(parts)


class NamesInPlaces(NamedTuple):
    """Clean names, in which items of a list they were, and how many items there are."""

    names: list[str]
    places: list[int]
    items: int
    report: NamesReport


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}" + ("" if count == 1 else "s")


def training_names(
    names: object, argument: str = "names", spelling: Spelling = AS_IT_IS
) -> tuple[list[str], NamesReport]:
    """Return the clean names of a list, a file or any other iterable, at least one."""
    aligned = names_in_places(names, argument, spelling)
    return aligned.names, aligned.report


def names_in_places(names: object, argument: str, spelling: Spelling = AS_IT_IS) -> NamesInPlaces:
    """Return the clean names, at least one, and which items of how many they were."""
    counts: Counter[str] = Counter()
    items = _clean_all(names, argument, counts, spelling)
    places = [place for place, name in enumerate(items) if name]
    if not places:
        raise ValueError(f"{argument} has no names; expected at least one")
    clean = [items[place] for place in places]
    done = {field: counts[field] for field in _DONE}
    report = NamesReport(names=len(clean), distinct=len(set(clean)), **done)
    return NamesInPlaces(clean, places, len(items), report)


def names_to_leave_out(names: object, argument: str, spelling: Spelling = AS_IT_IS) -> list[str]:
    """Return the clean names of a list, a file or any other iterable, possibly none."""
    return [name for name in _clean_all(names, argument, Counter(), spelling) if name]


def is_clean(name: str, spelling: Spelling = AS_IT_IS) -> bool:
    """Tell whether a text of characters of names is one: well-formed, and as cleaning leaves it."""
    return (
        (name == name.strip() or not spelling.strip)
        and (name.isascii() or unicodedata.is_normalized("NFC", name))
        and not name.startswith(_BYTE_ORDER_MARK)
        and name != ""
        and is_well_formed(name)
    )


def names_to_score(names: object, spelling: Spelling = AS_IT_IS) -> list[str]:
    """Return one clean name for each item, that without characters for a blank line."""
    return _clean_all(names, "names", Counter(), spelling, may_be_empty=True)


def name_to_score(name: object, spelling: Spelling = AS_IT_IS) -> str:
    """Return a single cleaned name, possibly ""."""
    if not isinstance(name, str):
        raise TypeError(f"name is {describe(name)}; expected a str")
    return _clean(name, "name", Counter(), spelling, may_be_empty=True)


def may_begin_a_name(character: str, spelling: Spelling = AS_IT_IS) -> bool:
    """Tell whether a clean name may begin with this character of names."""
    return may_end_a_name(character, spelling) and character != _BYTE_ORDER_MARK


def may_end_a_name(character: str, spelling: Spelling = AS_IT_IS) -> bool:
    """Tell whether a clean name may end with this character of names."""
    return not (spelling.strip and character.isspace())


def clean_prefix(prefix: object, argument: str = "prefix", spelling: Spelling = AS_IT_IS) -> str:
    """Return the cleaned beginning of a name, possibly ""; a space at its end is part of it."""
    normal = clean_part(prefix, argument)
    if spelling.strip and normal != normal.lstrip():
        raise ValueError(f"{argument} is {normal!r}; expected no white space before it")
    return spelling.of_part(normal)


def clean_suffix(suffix: object, spelling: Spelling = AS_IT_IS) -> str:
    """Return the cleaned end of a name, possibly ""; a space before it is part of it."""
    normal = clean_part(suffix, "suffix")
    if spelling.strip and normal != normal.rstrip():
        raise ValueError(f"suffix is {normal!r}; expected no white space after it")
    return spelling.of_end(normal)


def clean_part(part: object, argument: str) -> str:
    """Return the cleaned part of a name, not folded, possibly ""; spaces around it count."""
    if not isinstance(part, str):
        raise TypeError(f"{argument} is {describe(part)}; expected a str")
    normal = unicodedata.normalize("NFC", str.__str__(part))
    forbidden = _FORBIDDEN.search(normal)
    if forbidden is not None:
        raise ValueError(
            f"{argument} has {_kind(forbidden[0])} {forbidden[0]!r} at position "
            f"{forbidden.start()}; expected printable characters"
        )
    _require_length(argument, normal)
    return normal


def _clean_all(
    names: object,
    argument: str,
    counts: Counter[str],
    spelling: Spelling,
    may_be_empty: bool = False,
) -> list[str]:
    """Return the cleaned items, with "" for blank lines."""
    clean = []
    for index, item in enumerate(items_of(names, argument)):
        if (
            type(item) is str
            and item.isascii()
            and item.isprintable()
            and (item == item.strip() or not spelling.strip)
            and 0 < len(item) <= LONGEST_NAME
        ):
            clean.append(spelling.of_name(item))  # by far the most common case
        else:
            clean.append(_clean(item, f"{argument}[{index}]", counts, spelling, may_be_empty))
    return clean


def _clean(
    item: object,
    label: str,
    counts: Counter[str],
    spelling: Spelling,
    may_be_empty: bool = False,
) -> str:
    """Return one cleaned name, or "" for a blank line, and count what was done.

    An item that is no line, and has no character either, is an error unless it may be empty.
    """
    if not isinstance(item, str):
        hint = ", and no missing value (dropna, drop_nulls)" if is_missing(item) else ""
        raise TypeError(f"{label} is {describe(item)}; expected a str{hint}")
    # Also the text of a subclass, where str() may differ: for an enumeration's member, its name.
    text = str.__str__(item)
    if text.startswith(_BYTE_ORDER_MARK):
        text = text.removeprefix(_BYTE_ORDER_MARK)
        counts["byte_order_marks"] += 1
    body = text.rstrip("\r\n")
    line_end = text[len(body) :]
    counts["carriage_returns"] += "\r" in line_end
    name = body.strip() if spelling.strip else body
    if not name:
        if not line_end and not may_be_empty:
            raise ValueError(f"{label} is {item!r}; expected a name of at least one character")
        counts["blank_lines"] += 1
        return ""
    counts["stripped"] += name != body
    forbidden = _FORBIDDEN.search(name)
    if forbidden is not None:
        position = str.index(item, name) + forbidden.start()
        raise ValueError(
            f"{label} has {_kind(forbidden[0])} {forbidden[0]!r} at position {position}; expected "
            "one name of printable characters"
        )
    normal = unicodedata.normalize("NFC", name)
    counts["normalized"] += normal != name
    read = spelling.of_name(normal)
    _require_length(label, read)
    return read


def _require_length(label: str, name: str) -> None:
    if len(name) > LONGEST_NAME:
        raise ValueError(f"{label} has {len(name):,} characters; expected at most {LONGEST_NAME:,}")


def _kind(character: str) -> str:
    if character in _LINE_ENDS:
        return "a line end"
    return "a lone surrogate" if "\ud800" <= character <= "\udfff" else "a control character"
