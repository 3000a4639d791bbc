"""The options of ``dinorc train`` that are settings of CharRNN: one table."""

from __future__ import annotations

import argparse
from typing import NamedTuple

from dinorc import CharRNN
from dinorc._command_line.arguments import setting, shown
from dinorc._training.settings import CELLS, OPTIMIZERS, SCHEDULES


class Option(NamedTuple):
    """An option for an argument of CharRNN's constructor."""

    flag: str
    kind: type
    metavar: str
    help: str


# All but `verbose`, which is --quiet, and `unknown`, which is for scoring.
SETTINGS = {
    "cell": Option("--cell", str, "CELL", f"{', '.join(CELLS)}; rnn is the course notebook's"),
    "hidden_size": Option("--hidden-size", int, "N", "hidden units, 1 to 4096"),
    "embedding_size": Option(
        "--embedding-size",
        int,
        "N",
        "numbers that stand for a character at the input, or none for input weights of its own",
    ),
    "dropout": Option(
        "--dropout", float, "PART", "of the hidden outputs left out at each step, from 0 to below 1"
    ),
    "optimizer": Option("--optimizer", str, "NAME", " or ".join(OPTIMIZERS)),
    "learning_rate": Option("--learning-rate", float, "X", "the largest step of the schedule"),
    "schedule": Option("--schedule", str, "NAME", " or ".join(SCHEDULES)),
    "weight_decay": Option(
        "--weight-decay", float, "X", "part of the weights, times the learning rate, lost each step"
    ),
    "batch_size": Option(
        "--batch-size", int, "N", "names a step; auto: 8 of fewer than 500 names, else 32"
    ),
    "max_epochs": Option("--max-epochs", int, "N", "how often to go through the names"),
    "validation_fraction": Option(
        "--validation-fraction",
        float,
        "PART",
        "of the distinct names held out to choose the best epoch; 0: learn all, keep the last",
    ),
    "patience": Option(
        "--patience", int, "N", "stop after so many epochs without a better validation loss"
    ),
    "clip_value": Option("--clip-value", float, "X", "largest magnitude of each gradient"),
    "clip_norm": Option("--clip-norm", float, "X", "largest norm of all gradients together"),
    "dtype": Option("--dtype", str, "NAME", "float32 or float64"),
    "n_jobs": Option(
        "--jobs", int, "N", "threads, of which no result depends; none: all processors"
    ),
    "random_state": Option(
        "--seed", int, "N", "of all that is random, 0 to 2**64 - 1; none: another each time"
    ),
}


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for each; those not given leave no value behind."""
    group = parser.add_argument_group("settings, as of dinorc.CharRNN")
    defaults = CharRNN().get_params()
    for name, option in SETTINGS.items():
        group.add_argument(
            option.flag,
            dest=name,
            type=setting(name, option.kind),
            default=argparse.SUPPRESS,
            metavar=option.metavar,
            help=f"{option.help} (default: {shown(defaults[name])})",
        )
