"""Rows of names and numbers as text, CSV or lines of JSON."""

from __future__ import annotations

import argparse
import csv
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dinorc._command_line.output import standard_output

FORMATS = ("text", "csv", "jsonl")


def add_format(parser: argparse.ArgumentParser, text: str, columns: str) -> None:
    """Add --format; `text` and `columns` say what the rows are."""
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help=f"text: {text}; csv, with a header, and jsonl, an object a line: {columns}, "
        "every digit of the numbers (default: %(default)s)",
    )


def write_rows(
    form: str, columns: Mapping[str, Sequence[Any]], as_text: Callable[..., str]
) -> None:
    """Write the rows of these columns to standard output.

    `as_text` makes a line of the values of a row. Infinity, which JSON lacks, is null there.
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
            output.writelines(as_text(*row) + "\n" for row in rows)


def as_json(value: object, indent: int | None = None) -> str:
    """Return a value as JSON, characters of any script as they are."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)


def _json_value(value: object) -> object:
    return None if isinstance(value, float) and not math.isfinite(value) else value
