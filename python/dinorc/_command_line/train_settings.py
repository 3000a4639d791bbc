"""The options of ``dinorc train`` that set CharRNN's settings, in one table."""

from __future__ import annotations

import argparse

from dinorc import CharRNN
from dinorc._command_line.arguments import Option, add_options, setting
from dinorc._training.settings import CELLS, OPTIMIZERS, SCHEDULES

# All but `verbose`, which is --quiet, and `unknown`, which is for scoring.
SETTINGS = {
    "cell": Option(str, "CELL", f"{', '.join(CELLS)}; rnn is the course notebook's"),
    "hidden_size": Option(int, "N", "hidden units, 1 to 4096"),
    "embedding_size": Option(
        int,
        "N",
        "numbers that represent a character at the input; none: each has its own input weights",
    ),
    "dropout": Option(
        float, "PART", "of the hidden outputs left out at each step, from 0 to below 1"
    ),
    "optimizer": Option(str, "NAME", " or ".join(OPTIMIZERS)),
    "learning_rate": Option(float, "X", "the largest step of the schedule"),
    "schedule": Option(str, "NAME", " or ".join(SCHEDULES)),
    "weight_decay": Option(
        float, "X", "part of the weights, times the learning rate, lost each step"
    ),
    "batch_size": Option(int, "N", "names per step; auto: 8 for fewer than 500 names, else 32"),
    "max_epochs": Option(int, "N", "how many times to go through the names"),
    "validation_fraction": Option(
        float,
        "PART",
        "of the distinct names held out to choose the best epoch; 0: learn all, keep the last",
    ),
    "patience": Option(int, "N", "stop after N epochs without a better validation loss"),
    "clip_value": Option(float, "X", "largest magnitude of each gradient"),
    "clip_norm": Option(float, "X", "largest norm of all gradients together"),
    "dtype": Option(str, "NAME", "float32 or float64"),
    "base": Option(
        str, "MODEL", "what to start from: latin, english, or a model file; none: random weights"
    ),
    "n_jobs": Option(int, "N", "threads, which change no result; none: all processors", "--jobs"),
    "random_state": Option(
        int, "N", "of everything random, 0 to 2**64 - 1; none: a new one each time", "--seed"
    ),
}


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for each; options that are not given leave no value."""
    group = parser.add_argument_group("settings, as of dinorc.CharRNN")
    options = {
        name: each._replace(type=setting(name, each.type)) for name, each in SETTINGS.items()
    }
    add_options(group, options, CharRNN().get_params())
