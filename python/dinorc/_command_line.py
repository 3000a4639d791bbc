"""The command line: ``dinorc demo`` trains the notebook's model and prints what it invents."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from dinorc import datasets
from dinorc._build_info import build_info
from dinorc.errors import TrainingDivergedError
from dinorc.notebook import model

DONE = 0
FAILED = 1
WRONG_USAGE = 2  # argparse's own
INTERRUPTED = 130  # 128 + SIGINT, as shells report it


class CommandError(Exception):
    """Something the user can mend: its text goes to standard error, without a traceback."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], None] = options.run
        run(options)
        sys.stdout.flush()
    except (CommandError, TrainingDivergedError) as error:
        print(f"dinorc: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("dinorc: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output has gone. Python would fail once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return DONE


def _parser() -> argparse.ArgumentParser:
    info = build_info()
    parser = argparse.ArgumentParser(
        prog="dinorc", description="Learns a list of names and invents new ones."
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"dinorc {info['version']} ({info['compiler']}, {info['instruction_set']})",
        help="print version, compiler and instruction set, and exit",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    demo = commands.add_parser(
        "demo",
        help="train the course notebook's model and print the names it invents",
        description="Trains the course notebook's model on the bundled dinosaurs, or on the names "
        "of a file, and prints invented names every 2,000 iterations, as the notebook does.",
        epilog="examples:\n  dinorc demo\n  dinorc demo --iterations 10000 pokemon.txt\n"
        "  sort -u names.txt | dinorc demo -",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    demo.add_argument(
        "file",
        nargs="?",
        metavar="FILE",
        help="names to learn, UTF-8, one a line; - is standard input (default: bundled dinosaurs)",
    )
    demo.add_argument(
        "--iterations",
        type=_integer_from(1),
        default=35000,
        metavar="N",
        help="training steps, one name each (default: %(default)s)",
    )
    demo.add_argument(
        "--hidden-size",
        type=_integer_from(1),
        default=50,
        metavar="N",
        help="hidden units of the network (default: %(default)s)",
    )
    demo.add_argument(
        "--names",
        type=_integer_from(0),
        default=7,
        metavar="N",
        help="names to print each time (default: %(default)s)",
    )
    demo.set_defaults(run=_demo)
    return parser


def _integer_from(minimum: int) -> Callable[[str], int]:
    def integer(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = minimum - 1
        if value < minimum:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not right; expected an integer of {minimum} or more"
            )
        return value

    return integer


def _demo(options: argparse.Namespace) -> None:
    names = datasets.load("dinos") if options.file is None else _read_names(options.file)
    characters = sorted({"\n"}.union(*names))
    start = time.perf_counter()
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


def _read_names(file: str) -> list[str]:
    """Return the file's names in lower case, without blank lines."""
    source = "standard input" if file == "-" else file
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"cannot read {source}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CommandError(
            f"{source} is not UTF-8: byte 0x{content[error.start]:02x} in line {line}"
        ) from None
    names = [name for line in text.split("\n") if (name := line.lower().strip())]
    if not names:
        raise CommandError(f"{source} has no names; expected one a line")
    return names
