"""``dinorc demo``: trains the course notebook's model and prints what it invents."""

from __future__ import annotations

import argparse
import time

from dinorc import datasets
from dinorc._command_line.arguments import Commands, add_encoding, integer
from dinorc._command_line.input import read_names
from dinorc._command_line.output import standard_output
from dinorc.notebook import model


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
    parser.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="names to learn, one a line; - is standard input (default: bundled dinosaurs)",
    )
    parser.add_argument(
        "--iterations",
        type=integer(1),
        default=35000,
        metavar="N",
        help="training steps, one name each (default: %(default)s)",
    )
    parser.add_argument(
        "--hidden-size",
        type=integer(1),
        default=50,
        metavar="N",
        help="hidden units of the network (default: %(default)s)",
    )
    parser.add_argument(
        "--names",
        type=integer(0),
        default=7,
        metavar="N",
        help="names to print each time (default: %(default)s)",
    )
    add_encoding(parser)
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> None:
    names = datasets.load("dinos")
    if options.file is not None:
        read = read_names(options.file, options.encoding)
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
