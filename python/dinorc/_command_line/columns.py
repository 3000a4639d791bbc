"""The options that say which columns of a table are learned, and how."""

from __future__ import annotations

import argparse
import math

import numpy as np

from dinorc import _core
from dinorc._command_line.arguments import Once, value
from dinorc._command_line.output import CommandError
from dinorc._names.listed_names import MOST_COUNTED
from dinorc._names.tables import Choice, Column

# Births counted as they are make new names less likely, as a few names are most of them; with this
# power these are learned nearly as well as without counts, and frequent ones better.
COUNT_POWER = 0.25

_COLUMNS = {
    "column": "the column of CSV or TSV files that has the names: its title in the first line, or "
    "its number, from 1",
    "label_column": "the column with the kind of each name, a sex or a country, so that the "
    "model can generate names of a kind, and tell kinds apart",
    "count_column": "the column with how often each name came",
}


def add_column(parser: argparse.ArgumentParser, name: str = "column") -> None:
    """Add the option for one of the columns."""
    parser.add_argument(
        _flag(name), action=Once, type=_column, metavar="COLUMN", help=_COLUMNS[name]
    )


def add_columns(parser: argparse.ArgumentParser) -> None:
    """Add the options for all of them."""
    for name in _COLUMNS:
        add_column(parser, name)
    parser.add_argument(
        "--count-power",
        type=value(float, lambda power: 0 <= power < math.inf, "a number of 0 or more"),
        metavar="POWER",
        help="with --count-column: a name counts as often as its count to this power; 0: once, "
        f"1: as it is (default: {COUNT_POWER})",
    )
    parser.add_argument(
        "--skip-incomplete",
        action="store_true",
        help="leave out rows that have a name, but no label or no count",
    )


def check_columns(options: argparse.Namespace) -> None:
    """Refuse options that need another one."""
    for name in _COLUMNS:
        if getattr(options, name) is not None and not options.names:
            options.refuse(f"argument {_flag(name)}: only with NAMES")
    if options.count_power is not None and options.count_column is None:
        options.refuse("argument --count-power: only with --count-column")
    if options.skip_incomplete and options.label_column is None and options.count_column is None:
        options.refuse("argument --skip-incomplete: only with --label-column or --count-column")


def counts_of(options: argparse.Namespace, counts: list[float]) -> list[float]:
    """Return how much each name counts, by how often it came."""
    power = COUNT_POWER if options.count_power is None else options.count_power
    weights = np.array(counts, np.float64)
    if power != 1:
        # By functions that give the same bits on every machine, unlike the C library's.
        weights = _core.exp(power * _core.log(weights))
    result: list[float] = weights.tolist()
    if min(result) == 0 or max(result) > MOST_COUNTED or math.fsum(result) > MOST_COUNTED:
        raise CommandError(
            f"--count-power {power:g} makes counts of {min(counts):g} to {max(counts):g} too small "
            "or too large; expected a smaller power"
        )
    return result


def choice_of(options: argparse.Namespace) -> Choice:
    """Return the columns to read."""
    return Choice(options.column, options.count_column, options.label_column)


def columns_as_typed(options: argparse.Namespace) -> list[str]:
    """Return the options as they were given."""
    words = []
    for name in _COLUMNS:
        column = getattr(options, name)
        if column is not None:
            words += [_flag(name), column if isinstance(column, str) else str(column + 1)]
    if options.count_power is not None:
        words += ["--count-power", f"{options.count_power!r}"]
    if options.skip_incomplete:
        words.append("--skip-incomplete")
    return words


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _column(text: str) -> Column:
    if not text.isdecimal():
        return text
    if int(text) == 0:
        raise argparse.ArgumentTypeError("'0' is not right; expected 1 for the first column")
    return int(text) - 1
