"""``dinorc info``: what a model file holds."""

from __future__ import annotations

import argparse
import textwrap
import unicodedata
from typing import Any

from dinorc._command_line.arguments import NO_BREAK, WIDTH, Commands, add_model
from dinorc._command_line.input import load_model
from dinorc._command_line.models import KINDS, Kind, word_of
from dinorc._command_line.output import as_json, standard_output
from dinorc._estimators.name_model import NameModel
from dinorc._names.listed_names import first_ones
from dinorc._names.vocabulary import shown_characters

_INDENT = 16  # of what there is to say of a topic


def add_to(commands: Commands) -> None:
    """Add the command's parser."""
    parser = commands.add_parser(
        "info",
        help="tell what a model file holds",
        description="Tells what a model file holds: the model, what it has learned from, how "
        "that went, and the fingerprint by which two people can compare their models. "
        "Losses are in nats a character.",
        epilog="examples:\n  dinorc info dinos.safetensors\n"
        "  dinorc info --format json dinos.safetensors",
    )
    add_model(parser)
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="text for reading, or one JSON object (default: %(default)s)",
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    model = load_model(options.model)
    kind = KINDS[word_of(model)]
    facts = _facts(model, kind)
    text = as_json(facts, indent=2) if options.format == "json" else _as_text(facts, kind)
    with standard_output() as output:
        output.write(text + "\n")


def _facts(model: NameModel, kind: Kind) -> dict[str, Any]:
    """Return what there is to know, under the names that the library uses, too."""
    report = model.names_report_
    return {
        "fingerprint": model.fingerprint(),
        "float_contract_version": model.float_contract_version_,
        "model": word_of(model),
        "characters": model.vocabulary_[1:],
        "n_names": None if report is None else report.names,
        "n_distinct_names": None if report is None else report.distinct,
        "has_training_names": bool(model.training_names_),
        "labels": list(model.labels_),
        "label_counts": model.label_counts_,
        "seed": model.seed_,
        **kind.facts(model),
        "threshold": getattr(model, "threshold_", None),
        "false_alarm_rate": getattr(model, "false_alarm_rate_", None),
        "label_thresholds": model.label_thresholds_,
    }


def _calibration_text(facts: dict[str, Any]) -> str:
    parts = []
    if facts["threshold"] is not None:
        rate = facts["false_alarm_rate"]
        parts.append(f"threshold {facts['threshold']:.4f}, false-alarm rate {rate:g}")
    parts += [f"of {each!r} {number:.4f}" for each, number in facts["label_thresholds"].items()]
    return "; ".join(parts) or "none"


def _labels_text(counts: dict[str, float]) -> str:
    """Return how many labels there are, and each with the number of its names."""
    numbers = {each: f"{n:,.0f}" if n.is_integer() else f"{n:,.1f}" for each, n in counts.items()}
    return f"{len(counts):,}: {first_ones(f'{each!r} {n}' for each, n in numbers.items())}"


def _as_text(facts: dict[str, Any], kind: Kind) -> str:
    """Return one line per topic, or several if it is too long for one."""
    characters = facts["characters"]
    what_it_is, learning = kind.topics(facts)
    topics = {
        **what_it_is,
        "characters": f"{len(characters):,} and the end of a name: {shown_characters(characters)}",
        "names": "unknown: the weights come from elsewhere"
        if facts["n_names"] is None
        else f"{facts['n_names']:,}, {facts['n_distinct_names']:,} distinct"
        + ("" if facts["has_training_names"] else ", not in the file"),
        **({"labels": _labels_text(of_labels)} if (of_labels := facts["label_counts"]) else {}),
        **learning,
        "calibration": _calibration_text(facts),
        "fingerprint": facts["fingerprint"],
        "float contract": f"version {facts['float_contract_version']}",
    }
    return "\n".join(_folded(topic, text) for topic, text in topics.items())


def _folded(topic: str, text: str) -> str:
    line, indent = f"{topic:<{_INDENT}}{text}", " " * _INDENT
    is_short = sum(map(_columns, line)) <= WIDTH
    if topic == "characters":  # which may be white space: all are kept
        first, _, characters = line.partition(": ")
        parts = _in_lines(characters, WIDTH - _INDENT)
        return line if is_short else f"\n{indent}".join([f"{first}:", *parts])
    if not is_short:
        line = textwrap.fill(
            line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
    return line.replace(NO_BREAK, " ")


def _in_lines(characters: str, width: int) -> list[str]:
    """Return characters in lines of so many columns at most."""
    lines, columns = [""], 0
    for character in characters:
        columns += _columns(character)
        if columns > width:
            lines.append("")
            columns = _columns(character)
        lines[-1] += character
    return lines


def _columns(character: str) -> int:
    """Return how many columns of a terminal a character takes."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
