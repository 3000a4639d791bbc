"""What commands read: lists of names, from a file or standard input, and models."""

from __future__ import annotations

import argparse
import math
import re
import shlex
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

import dinorc
from dinorc._command_line.in_options import in_options
from dinorc._command_line.output import CommandError, failing_to, tell
from dinorc._estimators.name_model import NameModel
from dinorc._names.files import decoded, split_lines, unpacked
from dinorc._names.tables import Choice, Row, ending_in_numbers, read_rows

STANDARD_INPUT = "-"

_MANY_LABELS = 50

T = TypeVar("T")
_PLAIN_LIST = Choice()  # no column of a table


@dataclass(frozen=True)
class NamesRead:
    """The lines of a list of names and, for messages, where they come from."""

    source: str
    lines: list[str]  # with their line ends; of a table, the names
    numbers: Sequence[int]  # of the lines, from 1
    name_column: int | None = None  # from 0, of what seems to be a table, but was read as lines
    parts: tuple[NamesRead, ...] = ()  # several lists, one after the other, in place of `numbers`
    labels: list[str] | None = None  # of a table: the kind of each name,
    counts: list[float] | None = None  # and how often it came

    def place(self, index: int) -> str:
        """Return where a line comes from."""
        for part in self.parts:
            if index < len(part.lines):
                return part.place(index)
            index -= len(part.lines)
        return f"line {self.numbers[index]} of {self.source}"

    @contextmanager
    def in_errors(self, argument: str = "names") -> Iterator[None]:
        """Let errors speak of lines and options: "line 5 of names.txt" for "names[4]".

        Another argument than the names comes inside these, which all other errors are left to.
        """
        of_labels = "labels" if argument == "names" else f"{argument}_labels"
        arguments = {argument: "", of_labels: "the label in ", "counts": "the count in "}
        try:
            yield
        except ValueError as error:
            message = re.sub(
                rf"^({'|'.join(arguments)})\[(\d+)\]",
                lambda found: arguments[found[1]] + self.place(int(found[2])),
                str(error),
            )
            if self.source and re.match(rf"{argument} (has|lacks) ", message):
                message = self.source + message.removeprefix(argument)
            if argument != "names" and message == str(error):
                raise  # it is about the names, whose list turns it into the command's own
            raise CommandError(in_options(message)) from None


def one_after_the_other(parts: Sequence[NamesRead]) -> NamesRead:
    """Return several lists as one."""
    if len(parts) == 1:
        return parts[0]
    lines = list(chain.from_iterable(part.lines for part in parts))
    return NamesRead(
        ", ".join(part.source for part in parts),
        lines,
        (),
        parts=tuple(parts),
        labels=_joined(part.labels for part in parts),
        counts=_joined(part.counts for part in parts),
    )


def _joined(columns: Iterable[list[T] | None]) -> list[T] | None:
    """Return columns of several tables as one; None if one of them is."""
    known = []
    for column in columns:
        if column is None:
            return None
        known += column
    return known


def read_names(
    file: str,
    options: argparse.Namespace,
    *,
    may_be_none: bool = False,
    choice: Choice = _PLAIN_LIST,
) -> NamesRead:
    """Return the lines of a file, or of standard input for "-"; all blank only if that may be.

    The options are those that `add_encoding` adds. If a column is chosen, the file is a table.
    """
    is_input = file == STANDARD_INPUT
    source = "standard input" if is_input else file
    with failing_to(f"read {source}"):
        content = _standard_input() if is_input else Path(file).read_bytes()
    content = unpacked(content, source)
    text, bad = decoded(content, source, options.encoding, options.errors, "--{} {}".format)
    if bad > 0:
        what = "left out" if options.errors == "skip" else "with U+FFFD for what can't be read"
        tell(f"dinorc: {bad:,} line{'s' * (bad > 1)} of {source} not in {options.encoding}, {what}")
    if choice.is_given:
        return _of_columns(text, source, options, may_be_none, choice)
    lines = split_lines(text)
    if not may_be_none and not any(line.strip() for line in lines):
        raise CommandError(f"{source} has no names; expected one per line")
    return NamesRead(source, lines, range(1, len(lines) + 1), ending_in_numbers(text))


def tell_of_column(read: NamesRead) -> None:
    """Say how to read the names alone, if a list seems to be a table."""
    if read.name_column is not None:
        tell(
            f"dinorc: most lines of {read.source} end in a number after a comma, semicolon or tab, "
            "which is taken for a part of the names; --column "
            f"{read.name_column + 1} takes the names alone"
        )


def _of_columns(
    text: str, source: str, options: argparse.Namespace, may_be_none: bool, choice: Choice
) -> NamesRead:
    try:
        read = read_rows(text, source, choice, may_be_incomplete=True)
    except ValueError as error:
        raise CommandError(in_options(str(error))) from None
    complete = _complete(read, source, options, choice)
    rows = [row for row in complete if row.count > 0]
    if left_out := len(complete) - len(rows):
        rows_are = f"{left_out:,} row{'s' * (left_out > 1)}"
        tell(f"dinorc: {rows_are} of {source} with a count of 0, left out")
    if not rows and not may_be_none:
        raise CommandError(f"{source} has no {'other ' * bool(read)}names; expected a row for each")
    if isinstance(choice.label_column, int):
        _tell_of_title(rows, source)
    return NamesRead(
        source,
        [row.name for row in rows],
        [row.line for row in rows],
        labels=None if choice.label_column is None else [row.label for row in rows],
        counts=None if choice.count_column is None else [row.count for row in rows],
    )


def _tell_of_title(rows: list[Row], source: str) -> None:
    """Say so if the first label is probably a title: the only one that no other row has."""
    first, *others = Counter(row.label for row in rows).items()
    if first[1] == 1 and others and all(count > 1 for _, count in others):
        tell(
            f"dinorc: line {rows[0].line} of {source} is the only one with the label {first[0]!r}; "
            f"if that is a title, --label-column {shlex.quote(first[0])} leaves the line out"
        )


def _complete(
    rows: list[Row], source: str, options: argparse.Namespace, choice: Choice
) -> list[Row]:
    """Return the rows that lack no label and no count; raise if others are not to be skipped."""
    has_labels = choice.label_column is not None
    lacking = [row for row in rows if math.isnan(row.count) or (has_labels and not row.label)]
    if not lacking:
        return rows
    if not options.skip_incomplete:
        what = "count" if math.isnan(lacking[0].count) else "label"
        more = f", the first of {len(lacking):,} incomplete rows" if len(lacking) > 1 else ""
        raise CommandError(
            f"line {lacking[0].line} of {source} has a name, but no {what}{more}; expected one, or "
            "--skip-incomplete to leave out such rows"
        )
    rows_are = f"{len(lacking):,} row{'s' * (len(lacking) > 1)}"
    tell(f"dinorc: {rows_are} of {source} without a label or a count, left out")
    left_out = {row.line for row in lacking}
    return [row for row in rows if row.line not in left_out]


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise CommandError("standard input is closed; expected names, one per line")
    if sys.stdin.isatty():
        tell("dinorc: reading names from the keyboard, one per line; Ctrl-D ends them")
    return sys.stdin.buffer.read()


def load_model(file: str, *, labels: bool = False) -> NameModel:
    """Return the model of a file; raise if it has to know labels and does not."""
    with failing_to(f"read {file}"):
        model = dinorc.load(file)
    if labels and not model.labels_:
        raise CommandError(
            f"{file} knows no labels; expected a model of dinorc train --label-column"
        )
    return model


def tell_of_labels(model: NameModel, label: str | None) -> None:
    """Say why it takes long, if names may have any of many labels."""
    if label is None and len(model.labels_) > _MANY_LABELS:
        tell(
            f"dinorc: without --label, this takes as long as {len(model.labels_):,} models, one "
            "for each label"
        )
