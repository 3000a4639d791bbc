"""``dinorc demo``: trains the course notebook's model and prints what it invents."""

from __future__ import annotations

import argparse
import time

from dinorc import datasets
from dinorc._command_line.arguments import (
    Commands,
    Option,
    add_encoding,
    add_names_to_learn,
    add_options,
    integer,
)
from dinorc._command_line.input import read_names
from dinorc._command_line.output import standard_output
from dinorc.notebook import model

_OPTIONS = {
    "iterations": Option(integer(1), "N", "training steps, one name each"),
    "hidden_size": Option(integer(1), "N", "hidden units of the network"),
    "names": Option(integer(0), "N", "names to print each time"),
}
_DEFAULTS = {"iterations": 35000, "hidden_size": 50, "names": 7}


def add_to(commands: Commands) -> None:
    """Add the command's parser."""
    parser = commands.add_parser(
        "demo",
        help="train the course notebook's model and print the names it invents",
        description="Trains the course notebook's model on the bundled dinosaurs, or on the names "
        "of a file, and prints invented names every 2,000 iterations, as the notebook does.",
        epilog="examples:\n  dinorc demo\n  dinorc demo --iterations 10000 pokemon.txt\n"
        "  sort -u names.txt | dinorc demo -",
    )
    add_names_to_learn(parser, "FILE")
    add_options(parser, _OPTIONS, _DEFAULTS)
    add_encoding(parser)
    parser.set_defaults(run=_run, **_DEFAULTS)


def _run(options: argparse.Namespace) -> None:
    names = datasets.load("dinos")
    if options.file is not None:
        read = read_names(options.file, options)
        names = [name for line in read.lines if (name := line.lower().strip())]
    characters = sorted({"\n"}.union(*names))
    start = time.perf_counter()
    with standard_output():
        model(
            names,
            dict(enumerate(characters)),
            {character: ix for ix, character in enumerate(characters)},
            num_iterations=options.iterations,
            n_a=options.hidden_size,
            dino_names=options.names,
            vocab_size=len(characters),
        )
        seconds = time.perf_counter() - start
        print(
            f"{options.iterations:,} iterations in {seconds:.2f} seconds, "
            f"{seconds / options.iterations * 1e6:.1f} microseconds an iteration"
        )
