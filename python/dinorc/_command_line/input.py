"""What commands read: lists of names, from a file or standard input, and models."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dinorc
from dinorc._command_line.output import CommandError, failing_to, tell
from dinorc._estimators.name_model import NameModel
from dinorc._names.files import decoded_lines

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class NamesRead:
    """The lines of a list of names and, for messages, where they come from."""

    source: str
    lines: list[str]  # with their line ends
    numbers: Sequence[int]  # of the lines, from 1

    @contextmanager
    def in_errors(self, argument: str = "names") -> Iterator[None]:
        """Let errors speak of lines and options: "line 5 of names.txt" for "names[4]"."""
        try:
            yield
        except ValueError as error:
            message = re.sub(
                rf"^{argument}\[(\d+)\]",
                lambda found: f"line {self.numbers[int(found[1])]} of {self.source}",
                str(error),
            )
            raise CommandError(_in_options(message)) from None


def _in_options(message: str) -> str:
    """Let a message of the library speak of options: "--unknown rare" for "unknown='rare'"."""
    message = re.sub(
        r"(?:set_params\()?\b(unknown|validation_fraction|false_alarm_rate|schedule)='?"
        r"(\w+(?:[.-]\w+)*)'?\)?",
        lambda found: f"--{found[1].replace('_', '-')} {found[2]}",
        message,
    )
    return re.sub(r"\bmax_epochs\b", "--max-epochs", message)


def read_names(file: str, encoding: str, *, with_blank_lines: bool = True) -> NamesRead:
    """Return the lines of a file, or of standard input for "-"; without blank lines, maybe none."""
    is_input = file == STANDARD_INPUT
    source = "standard input" if is_input else file
    with failing_to(f"read {source}"):
        content = _standard_input() if is_input else Path(file).read_bytes()
    lines = decoded_lines(content, source, encoding, "--encoding {}")
    with_names = [number for number, line in enumerate(lines, start=1) if line.strip()]
    if not with_blank_lines:
        return NamesRead(source, [lines[number - 1] for number in with_names], with_names)
    if not with_names:
        raise CommandError(f"{source} has no names; expected one per line")
    return NamesRead(source, lines, range(1, len(lines) + 1))


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise CommandError("standard input is closed; expected names, one per line")
    if sys.stdin.isatty():
        tell("dinorc: reading names from the keyboard, one per line; Ctrl-D ends them")
    return sys.stdin.buffer.read()


def load_model(file: str) -> NameModel:
    """Return the model of a file."""
    with failing_to(f"read {file}"):
        return dinorc.load(file)
