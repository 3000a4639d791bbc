"""Names, counts and labels from the columns of a CSV or TSV file, which may have a header."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

from dinorc._validation import describe, require_integer

Column = str | int

DELIMITERS = "\t;,"  # where two fit equally well, the first: names have commas more often
_NO_DELIMITER = "\x1f"
_SAMPLE = 200  # rows, by which delimiter and header are recognised
_LINES = 10_000  # by which a list is taken for a table
_TITLE = re.compile(
    r"((?!suriname$).*name|names|noms?|prénoms?|nombres?|nome|words?|count|sex|gender|label)s?"
)
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_TAIL = re.compile(r"[\t;,] *\"?[\d.,]*\d\"?\s*$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """What is read of one row."""

    line: int  # from 1, where the row ends
    name: str
    count: float = 1  # NaN: the row has none
    label: str = ""


class Choice(NamedTuple):
    """The columns to read, by name, or by number from 0, or from the end if negative."""

    column: Column | None = None
    count_column: Column | None = None
    label_column: Column | None = None

    @classmethod
    def checked(cls, column: object, count_column: object, label_column: object) -> Choice:
        """Return the choice, if each is a str, an integer or None."""
        given = cls._make((column, count_column, label_column))
        for argument, value in given._asdict().items():
            if value is None or isinstance(value, str):
                continue
            try:
                require_integer(argument, value)
            except TypeError:
                raise TypeError(
                    f"{argument} is {describe(value)}; expected the name of a column, or its "
                    "number from 0"
                ) from None
        return given

    @property
    def is_given(self) -> bool:
        """Whether any column is chosen, so that files are tables."""
        return any(value is not None for value in self)


class _NumberedRow(NamedTuple):
    line: int
    cells: list[str]


def read_rows(
    text: str, source: str, choice: Choice, *, may_be_incomplete: bool = False
) -> list[Row]:
    """Return what is chosen of each row that has a name; ValueError where a row does not have it.

    Rows that may be incomplete have the label "" and the count NaN for what they lack.
    The delimiter is recognised, and so is a header, which there must be if a column is chosen by
    its name.
    """
    delimiter = _delimiter(text, choice)
    rows = _parsed(text, source, delimiter)
    sample = list(islice(rows, _SAMPLE))
    if not sample:
        return []
    first = sample[0].cells
    by_name = any(isinstance(value, str) for value in choice)
    has_header = by_name or is_header(first, [row.cells for row in sample[1:]])
    places = _places(source, choice, first, has_header, [row.cells for row in sample])
    found = []
    for row in islice(chain(sample, rows), int(has_header), None):
        cells = {
            argument: ""
            if at >= len(row.cells) and may_be_incomplete and argument != "column"
            else _cell(source, row, argument, at)
            for argument, at in places.items()
        }
        if name := cells["column"]:
            count = cells.get("count_column", "1")
            lacks_count = may_be_incomplete and not count
            number = math.nan if lacks_count else _count(source, row, count)
            found.append(Row(row.line, name, number, cells.get("label_column", "")))
    return found


def is_header(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row names the columns.

    It does if it has a text above a column of numbers, or a word such as "name" or "count" that no
    other row has below it.
    """
    for place, title in enumerate(first):
        below = [cells[place] for cells in others if place < len(cells) and cells[place]]
        is_text = any(map(str.isalpha, title)) and not _is_number(title)  # which 1e3 is
        if is_text and below and all(map(_is_number, below)):
            return True
    return any(
        _TITLE.fullmatch(re.sub(r"[\W_]+", "", title.casefold()))
        and not any(cells[place : place + 1] == [title] and cells != first for cells in others)
        for place, title in enumerate(first)
    )


def likely_name_column(titles: Sequence[str], columns: Sequence[Sequence[object]]) -> int | None:
    """Return the place of the column that probably has the names; None if none has text.

    The one with such a title; else the first of texts, those with more than one letter first, as
    one letter stands for a sex or a class.
    """
    known = [[each for each in column if each != ""] for column in columns]
    texts = [
        place
        for place, column in enumerate(known)
        if column and all(isinstance(each, str) and not _is_number(each) for each in column)
    ]
    titled = [n for n in texts if n < len(titles) and "name" in titles[n].casefold()]
    longer = [n for n in texts if any(len(str(each)) > 1 for each in known[n])]
    return next(iter([*titled, *longer, *texts]), None)


def ending_in_numbers(text: str) -> int | None:
    """Return the place of the column of names if most lines end in a delimiter and a number.

    Then the text is not a plain list, a name a line, but probably a table. None: it is a list.
    """
    lines = (line for line in io.StringIO(text, newline="") if line.strip())
    sample = list(islice(lines, _LINES))
    if sum(_TAIL.search(line) is not None for line in sample) * 2 <= len(sample):
        return None
    rows: list[_NumberedRow] = []
    with suppress(ValueError):
        rows.extend(islice(_parsed(text, "", _delimiter(text, Choice())), _SAMPLE))
    cells = [row.cells for row in rows]
    titles = cells[0] if is_header(cells[0], cells[1:]) else []
    return likely_name_column(titles, _columns(cells[bool(titles) :]))


def _parsed(text: str, source: str, delimiter: str) -> Iterator[_NumberedRow]:
    """Yield the rows that are not blank, their cells stripped of white space."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            what = str(error).replace(f"'{_NO_DELIMITER}'", "a delimiter")
            raise ValueError(
                f"line {reader.line_num} of {source} is not CSV: {what}; expected quotation "
                "marks in pairs"
            ) from None
        if any(cells):
            yield _NumberedRow(reader.line_num, cells)


def _columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the cells by column; rows may be of different lengths."""
    width = max(map(len, rows), default=0)
    return [[cells[n] for cells in rows if n < len(cells)] for n in range(width)]


def _delimiter(text: str, choice: Choice) -> str:
    """Return what divides the columns: it gives the most rows the same number of them, above one.

    If columns are chosen by name, the first row has to have the names.
    """
    names = {value for value in choice if isinstance(value, str)}
    best, most = _NO_DELIMITER, 0.0
    for delimiter in DELIMITERS:
        rows: list[_NumberedRow] = []
        with suppress(ValueError):  # it is raised again when all is read
            rows.extend(islice(_parsed(text, "", delimiter), _SAMPLE))
        if names and rows and names <= set(rows[0].cells):
            return delimiter
        widths = Counter(len(row.cells) for row in rows)
        width, alike = max(widths.items(), key=lambda item: item[1], default=(0, 0))
        if width > 1 and alike / len(rows) > most:
            best, most = delimiter, alike / len(rows)
    return best


def _places(
    source: str, choice: Choice, first: list[str], has_header: bool, rows: list[list[str]]
) -> dict[str, int]:
    """Return where the columns to read are, by argument, that of the names among them."""
    places: dict[str, int] = {}
    for argument, value in choice._asdict().items():
        if value is None:
            continue
        place = _place(source, argument, value, first, has_header)
        for other in (each for each, taken in places.items() if taken == place):
            raise ValueError(
                f"{argument}={value!r}: {source} has this column as "
                f"{other}={getattr(choice, other)!r}; expected another one"
            )
        places[argument] = place
    if "column" not in places:
        below = rows[int(has_header) :]
        columns = _columns(below)
        others = [[] if n in places.values() else each for n, each in enumerate(columns)]
        likely = likely_name_column(first if has_header else [], others)
        if likely is not None:
            places["column"] = likely
        elif below:
            raise ValueError(f"{source} has no other column of text; expected one of names")
    return places


def _place(source: str, argument: str, value: Column, first: list[str], has_header: bool) -> int:
    titles = ", ".join(map(repr, first))
    shown = f"{'the columns' if has_header else 'in its first row'} {titles}"
    if isinstance(value, str):
        alike = [n for n, title in enumerate(first) if title == value] or [
            n for n, title in enumerate(first) if title.casefold() == value.strip().casefold()
        ]
        if len(alike) != 1:
            found = "more than one such" if alike else "no such"
            raise ValueError(
                f"{argument}={value!r}: there is {found} column; {source} has {shown}. Expected "
                "one of these names, or a number"
            )
        return alike[0]
    if not -len(first) <= value < len(first):
        raise ValueError(f"{argument}={value}: there is no such column; {source} has {shown}")
    return int(value) % len(first)


def _cell(source: str, row: _NumberedRow, argument: str, place: int) -> str:
    if place >= len(row.cells):
        raise ValueError(
            f"line {row.line} of {source} has {len(row.cells)} "
            f"column{'s' * (len(row.cells) != 1)}, and "
            f"{argument}={place} is to be read; expected the same columns in each line"
        )
    cell = row.cells[place]
    if "\n" in cell or "\r" in cell:
        raise ValueError(
            f"line {row.line} of {source} ends a cell of several lines, {describe(cell)}; expected "
            "quotation marks in pairs"
        )
    return cell


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _count(source: str, row: _NumberedRow, text: str) -> float:
    """Return a count, as an int if it is written as one."""
    plain = text.replace(",", "")
    if not _is_number(text) or text.startswith("-") or float(plain) == math.inf:
        raise ValueError(
            f"line {row.line} of {source} has the count {text!r}; expected a number of 0 or more"
        )
    return int(plain) if plain.isdecimal() else float(plain)
