"""``dinorc classify``: of which kind each name is, by a model that was trained with labels."""

from __future__ import annotations

import argparse
from collections import Counter

from dinorc._command_line.arguments import Commands, add_encoding, add_model, add_quiet
from dinorc._command_line.columns import add_column
from dinorc._command_line.input import (
    STANDARD_INPUT,
    load_model,
    read_names,
    tell_of_column,
)
from dinorc._command_line.output import add_format, tell, write_rows
from dinorc._estimators.spelling import spelling_learned
from dinorc._names.cleaning import names_to_score
from dinorc._names.tables import Choice

_SHOWN = 6  # labels in the summary


def add_to(commands: Commands) -> None:
    """Add the command's parser."""
    parser = commands.add_parser(
        "classify",
        help="tell of which kind each name is, by a model trained with labels",
        description="Prints each name with its most probable label, and how probable that is given "
        "the name, for a model trained with --label-column. Each line gives a row; with "
        "--column, each row that has a name.",
        epilog="examples:\n"
        "  dinorc train --label-column country cities.csv -o cities.safetensors\n"
        "  dinorc classify cities.safetensors unknown.txt\n"
        "  echo Altenburg | dinorc classify cities.safetensors --format jsonl",
    )
    add_model(parser)
    parser.add_argument(
        "names",
        nargs="?",
        default=STANDARD_INPUT,
        metavar="NAMES",
        help="names, one per line, or a table with --column (default: -, standard input)",
    )
    add_format(parser, "name, label, probability, with tabs between", "name, label, probability")
    add_column(parser)
    add_encoding(parser)
    add_quiet(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    model = load_model(options.model, labels=True)
    read = read_names(options.names, options, may_be_none=True, choice=Choice(options.column))
    tell_of_column(read)
    with read.in_errors():
        spelling = spelling_learned(model)
        probabilities = model.label_probabilities(names_to_score(read.lines, spelling))
        shown = names_to_score(read.lines, spelling._replace(folds=False))
    labels = [model.labels_[place] for place in probabilities.argmax(axis=1).tolist()]
    columns = {
        "name": shown,
        "label": labels,
        "probability": probabilities.max(axis=1, initial=0.0).tolist(),
    }
    write_rows(
        options.format,
        columns,
        lambda name, label, probability: f"{name}\t{label}\t{probability:.4f}",
        tuple(columns),
    )
    if not options.quiet and labels:
        tell(_summary([label for name, label in zip(shown, labels, strict=True) if name]))


def _summary(labels: list[str]) -> str:
    counts = Counter(labels).most_common()
    parts = [f"{count:,} {label}" for label, count in counts[:_SHOWN]]
    if len(counts) > _SHOWN:
        parts.append(f"{sum(count for _, count in counts[_SHOWN:]):,} others")
    return f"{len(labels):,} name{'s' * (len(labels) != 1)}: {', '.join(parts)}"
