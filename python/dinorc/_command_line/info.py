"""``dinorc info``: what a model file holds."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

from dinorc import CharRNN
from dinorc._command_line.arguments import Commands, add_model, shown
from dinorc._command_line.input import load_model
from dinorc._command_line.output import as_json, standard_output
from dinorc._names.vocabulary import shown_characters
from dinorc._training.settings import ARCHITECTURE

_INDENT = 16
_WIDTH = 80  # at which long lines are broken


def add_to(commands: Commands) -> None:
    """Add the command's parser."""
    parser = commands.add_parser(
        "info",
        help="tell what a model file holds",
        description="Tells what a model file holds: the network, what it has learned from, how "
        "the training went, and the fingerprint by which two people can compare their models. "
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
    rnn = load_model(options.model)
    facts = _facts(rnn)
    text = as_json(facts, indent=2) if options.format == "json" else _as_text(facts)
    with standard_output() as output:
        output.write(text + "\n")


def _facts(rnn: CharRNN) -> dict[str, Any]:
    """Return what there is to know, under the names that the library uses, too."""
    report, settings, best = rnn.names_report_, rnn.settings_, best_epoch(rnn)
    seconds = rnn.history_["seconds"]
    return {
        "fingerprint": rnn.fingerprint(),
        "float_contract_version": rnn.float_contract_version_,
        **{name: settings[name] for name in ARCHITECTURE},
        "n_parameters": sum(array.size for array in rnn.parameters_.values()),
        "characters": rnn.vocabulary_[1:],
        "n_names": None if report is None else report.names,
        "n_distinct_names": None if report is None else report.distinct,
        "n_epochs": rnn.n_epochs_,
        "best_epoch": best.get("epoch"),
        "training_loss": best.get("training_loss"),
        "validation_loss": best.get("validation_loss"),
        "training_seconds": seconds[-1] if seconds else None,
        "seed": rnn.seed_,
        "settings": {} if report is None else settings,
        "interrupted": rnn.interrupted_,
        "resumable": rnn.resumable_,
        "threshold": getattr(rnn, "threshold_", None),
        "false_alarm_rate": getattr(rnn, "false_alarm_rate_", None),
    }


def _as_text(facts: dict[str, Any]) -> str:
    """Return one line per topic."""
    size = facts["embedding_size"]
    embedding = "no embedding" if size is None else f"embedding of {size:,}"
    characters = facts["characters"]
    topics = {
        "network": f"{facts['cell']} of {facts['hidden_size']:,} units, {embedding}, "
        f"{facts['dtype']}, {facts['n_parameters']:,} parameters",
        "characters": f"{len(characters):,} and the end of a name: {shown_characters(characters)}",
        "names": "unknown: the weights come from elsewhere"
        if facts["n_names"] is None
        else f"{facts['n_names']:,}, {facts['n_distinct_names']:,} distinct",
        "training": _training_text(facts),
        "best epoch": "none yet"
        if facts["best_epoch"] is None
        else f"{facts['best_epoch']:,}: {losses_text(facts)}",
        "settings": _settings_text(facts),
        "calibration": "none"
        if facts["threshold"] is None
        else f"threshold {facts['threshold']:.4f}, false-alarm rate {facts['false_alarm_rate']:g}",
        "fingerprint": facts["fingerprint"],
        "float contract": f"version {facts['float_contract_version']}",
    }
    return "\n".join(f"{topic:<{_INDENT}}{text}" for topic, text in topics.items())


def _settings_text(facts: dict[str, Any]) -> str:
    """Return those settings that are not among the facts of the network."""
    texts = [
        f"{name}={shown(value)}" for name, value in facts["settings"].items() if name not in facts
    ]
    return textwrap.fill(", ".join(texts), _WIDTH, subsequent_indent=" " * _INDENT) or "unknown"


def _training_text(facts: dict[str, Any]) -> str:
    if facts["n_names"] is None:
        return "elsewhere"
    epochs = facts["settings"]["max_epochs"]
    text = f"{facts['n_epochs']:,} of {epochs:,} epochs, seed {facts['seed']}"
    if facts["training_seconds"] is not None:
        text += f", {facts['training_seconds']:.1f} seconds"
    if facts["interrupted"]:
        text += ", interrupted"
    return text + (", can be resumed" if facts["resumable"] else "")


def best_epoch(rnn: CharRNN) -> dict[str, Any]:
    """Return the row of the history whose weights were kept, if there is one."""
    kept = rnn.best_epoch_ - 1
    return {name: column[kept] for name, column in rnn.history_.items()} if kept >= 0 else {}


def losses_text(losses: dict[str, Any]) -> str:
    """Return the losses of an epoch."""
    text = f"training {losses['training_loss']:.4f}"
    if losses["validation_loss"] is not None:
        text += f", validation {losses['validation_loss']:.4f}"
    return text + " nats a character"
