"""What a command gives back: exit code, messages on standard error, text on standard output."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import math
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TextIO

from dinorc._command_line.in_options import in_options

FORMATS = ("text", "csv", "jsonl")

DONE = 0
FAILED = 1
WRONG_USAGE = 2  # argparse's own
TOO_FEW_NAMES = 3


class CommandError(Exception):
    """Something the user can mend: its text goes to standard error, without a traceback."""


@contextlib.contextmanager
def failing_to(do: str) -> Iterator[None]:
    """Turn an OSError into the command's own error: "cannot", what was to be done, and why."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"cannot {do}: {error.strerror}") from None


class ReaderGoneError(Exception):
    """Whoever read standard output has closed it; there is nobody left to tell."""


def use_utf_8() -> None:
    """Have standard output get the same bytes everywhere, whatever the locale and the system."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")


def tell(message: str) -> None:
    """Write a line to standard error, if there is one."""
    if sys.stderr is not None:  # print would go to standard output
        with contextlib.suppress(OSError):
            print(message, file=sys.stderr, flush=True)


@contextlib.contextmanager
def standard_output() -> Iterator[TextIO]:
    """Give standard output for writing; an error of it ends the command in an orderly way."""
    if sys.stdout is None:
        raise CommandError("standard output is closed; expected one to write to")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except BrokenPipeError:
        _discard_output()
        raise ReaderGoneError from None
    except OSError as error:
        _discard_output()
        raise CommandError(f"cannot write standard output: {error.strerror}") from None


@contextlib.contextmanager
def warnings_told() -> Iterator[None]:
    """Write the library's warnings to standard error, one line each."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        yield
    for warning in caught:
        tell(f"dinorc: {in_options(str(warning.message))}")


def flush_output() -> None:
    """Write out what is still in the buffer."""
    if sys.stdout is not None:
        with standard_output():
            pass


def _discard_output() -> None:
    """Discard the rest of the output: Python would fail again when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def add_format(parser: argparse.ArgumentParser, text: str, columns: str) -> None:
    """Add --format; `text` and `columns` say what the rows are."""
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help=f"text: {text}; csv (with a header) and jsonl (an object per line): {columns}, with "
        "every digit (default: %(default)s)",
    )


def write_rows(
    form: str,
    columns: Mapping[str, Sequence[Any]],
    as_text: Callable[..., str],
    header: Sequence[str] = (),
) -> None:
    """Write the rows of these columns to standard output.

    `as_text` turns the values of a row into a line; on a terminal, a line of short titles comes
    first, if `header` gives any. JSON lacks infinity, so it gets null.
    """
    rows = zip(*columns.values(), strict=True)
    with standard_output() as output:
        if form == "csv":
            table = csv.writer(output, lineterminator="\n")
            table.writerow(columns)
            table.writerows(rows)
        elif form == "jsonl":
            for row in rows:
                values = map(_json_value, row)
                output.write(as_json(dict(zip(columns, values, strict=True))) + "\n")
        else:
            if header and output.isatty():
                output.write("\t".join(header) + "\n")
            output.writelines(as_text(*row) + "\n" for row in rows)


def as_json(value: object, indent: int | None = None) -> str:
    """Return a value as JSON, characters of any script as they are."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def _json_value(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value
