"""Standard output and standard error: always UTF-8, and quiet when the reader has gone."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Iterator
from typing import TextIO

from dinorc._command_line.exit_codes import CommandError


class ReaderGoneError(Exception):
    """Whoever read standard output has closed it; there is nobody left to tell."""


def use_utf_8() -> None:
    """Make standard output the same bytes everywhere, whatever the locale and the system."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")


def tell(message: str) -> None:
    """Write a line to standard error, if there is one."""
    if sys.stderr is not None:  # print would go to standard output
        with contextlib.suppress(OSError):
            print(message, file=sys.stderr, flush=True)


@contextlib.contextmanager
def standard_output() -> Iterator[TextIO]:
    """Give standard output to write to; what goes wrong with it ends the command in order."""
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
    """Write the library's warnings to standard error, a line each."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        yield
    for warning in caught:
        tell(f"dinorc: {warning.message}")


def flush_output() -> None:
    """Write out what is still held back."""
    if sys.stdout is not None:
        with standard_output():
            pass


def _discard_output() -> None:
    """Send the rest to nowhere: Python would fail once more when it flushes at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
