"""``dinorc score``: how likely names are to a model, and whether they are like its list."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from typing import Any

from dinorc._command_line.arguments import (
    Commands,
    Once,
    add_encoding,
    add_model,
    add_quiet,
    value,
)
from dinorc._command_line.columns import add_column
from dinorc._command_line.input import (
    STANDARD_INPUT,
    load_model,
    read_names,
    tell_of_column,
    tell_of_labels,
)
from dinorc._command_line.output import CommandError, add_format, tell, warnings_told, write_rows
from dinorc._estimators.name_model import NameModel
from dinorc._estimators.spelling import spelling_learned
from dinorc._names.cleaning import names_to_score
from dinorc._names.tables import Choice
from dinorc._training.settings import UNKNOWN_POLICIES

# Of the columns on a terminal.
_SHORT_TITLES = {
    "log_probability": "nats",
    "log_probability_per_character": "a character",
    "decision_function": "above threshold",
    "prediction": "judgement",
}


def add_to(commands: Commands) -> None:
    """Add the command's parser."""
    parser = commands.add_parser(
        "score",
        help="tell how likely names are, and judge them",
        description="Prints each name with its natural log-probability in nats, its end included, "
        "and the same per character (the end counts as one). Each line gives a row: a blank line "
        "is the name without characters (with --column, each row that has a name). With "
        "--threshold or --calibrate also prints how far each name is above the threshold, and the "
        "judgement: +1 for a name like the learned list, -1 for any other.",
        epilog="examples:\n"
        "  dinorc score names.safetensors candidates.txt\n"
        "  echo tricosaurus | dinorc score names.safetensors\n"
        "  dinorc score names.safetensors --format csv candidates.txt > scores.csv\n"
        "  dinorc score names.safetensors --column name candidates.csv\n"
        "  dinorc score names.safetensors --calibrate held-out.txt candidates.txt",
    )
    add_model(parser)
    parser.add_argument(
        "names",
        nargs="?",
        default=STANDARD_INPUT,
        metavar="NAMES",
        help="names to score, one per line, or a table with --column (default: -, standard input)",
    )
    parser.add_argument(
        "--label",
        action=Once,
        metavar="LABEL",
        help="for a model trained with --label-column: score and judge as names of this kind "
        "(default: of any kind)",
    )
    parser.add_argument(
        "--labels",
        action="store_true",
        help="for such a model: also print how probable each label is, given the name",
    )
    parser.add_argument(
        "--threshold",
        action="store_true",
        help="judge by the threshold that calibrate, in Python, has set in MODEL",
    )
    parser.add_argument(
        "--calibrate",
        metavar="FILE",
        help="judge by a threshold found from the names of FILE, which should be like the learned "
        "names but not among them; MODEL stays as it is",
    )
    parser.add_argument(
        "--false-alarm-rate",
        type=value(float, lambda rate: 0 < rate < 1, "a number above 0 and below 1"),
        metavar="RATE",
        help="with --calibrate: the share of such names to be judged -1 (default: 0.01)",
    )
    parser.add_argument(
        "--unknown",
        choices=UNKNOWN_POLICIES,
        help="a character that the model has not seen: smoothed: has a probability that follows "
        "from the length of the model's list; rare: one in a million; impossible: zero; error: "
        "stop there (default: as MODEL was saved, normally smoothed)",
    )
    add_format(
        parser,
        "name, nats, nats per character, with tabs between",
        "name, log_probability, log_probability_per_character and, if names are judged, "
        "decision_function, prediction, and with --labels p(LABEL) for each",
    )
    add_column(parser)
    add_encoding(parser)
    add_quiet(parser)
    parser.set_defaults(run=_run, refuse=parser.error)


def _run(options: argparse.Namespace) -> None:
    _check(options)
    model = load_model(options.model, labels=options.labels)
    tell_of_labels(model, options.label)
    judges = options.threshold or options.calibrate is not None
    if options.unknown is not None:
        model.set_params(unknown=options.unknown)
    elif judges and model.unknown == "error":
        model.set_params(unknown="smoothed")  # as judging itself does
    if options.calibrate is not None:
        _calibrate(model, options)
    elif judges and not _has_threshold(model, options.label):
        raise CommandError(
            f"{options.model} has no threshold to judge by; expected --calibrate FILE, or a model "
            "that was saved after calibrate"
        )
    read = read_names(options.names, options, may_be_none=True, choice=Choice(options.column))
    tell_of_column(read)
    with read.in_errors():
        spelling = spelling_learned(model)
        names = names_to_score(read.lines, spelling)
        scores = model.score_samples(names, label=options.label).tolist()
        per_character = [score / (len(name) + 1) for name, score in zip(names, scores, strict=True)]
        columns: dict[str, Sequence[Any]] = {
            "name": names_to_score(read.lines, spelling._replace(folds=False)),
            "log_probability": scores,
            "log_probability_per_character": per_character,
        }
        if judges:
            columns["decision_function"] = model.decision_function(
                names, label=options.label
            ).tolist()
            columns["prediction"] = model.predict(names, label=options.label).tolist()
        if options.labels:
            probabilities = model.label_probabilities(names)
            titles = [f"p({label})" for label in model.labels_]
            columns |= dict(zip(titles, probabilities.T.tolist(), strict=True))
    header = [_SHORT_TITLES.get(title, title) for title in columns]
    write_rows(options.format, columns, _as_text, header)
    if not options.quiet and names:
        tell(_summary(columns))


def _has_threshold(model: NameModel, label: str | None) -> bool:
    if label is None:
        return hasattr(model, "threshold_")
    return label in model.label_thresholds_ or label not in model.labels_  # which is told later


def _check(options: argparse.Namespace) -> None:
    """Refuse options that contradict each other."""
    if options.false_alarm_rate is not None and options.calibrate is None:
        options.refuse("argument --false-alarm-rate: only with --calibrate FILE")
    if options.calibrate == STANDARD_INPUT == options.names:
        options.refuse("argument --calibrate: '-' is NAMES already; expected a file")


def _calibrate(model: NameModel, options: argparse.Namespace) -> None:
    read = read_names(options.calibrate, options, choice=Choice(options.column))
    tell_of_column(read)
    rate = options.false_alarm_rate
    given = {} if rate is None else {"false_alarm_rate": rate}
    with warnings_told(), read.in_errors():
        model.calibrate(read.lines, **given, label=options.label)


def _as_text(name: str, *numbers: float) -> str:
    """Return one line; the only integer in it is the prediction, 1 or -1."""
    cells = [f"{n:+d}" if isinstance(n, int) else f"{n:.4f}" for n in numbers]
    return "\t".join([name, *cells])


def _summary(columns: dict[str, Sequence[Any]]) -> str:
    """Return the means over all names, for which blank lines, which are no names, do not count."""
    places = [place for place, name in enumerate(columns["name"]) if name]
    blank = len(columns["name"]) - len(places)
    parts = []
    if places:
        characters = sum(len(columns["name"][place]) + 1 for place in places)
        total = math.fsum(columns["log_probability"][place] for place in places)
        parts.append(
            f"{len(places):,} name{'s' * (len(places) != 1)}: {total / len(places):.4f} nats a "
            f"name, {total / characters:.4f} a character"
        )
    if "prediction" in columns:
        unlike = sum(columns["prediction"][place] == -1 for place in places)
        parts.append(f"{unlike:,} judged not like the list")
    if blank:
        parts.append(f"{blank:,} blank line{'s' * (blank != 1)}, as the name without characters")
    return "; ".join(parts)
