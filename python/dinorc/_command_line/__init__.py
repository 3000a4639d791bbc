"""The command line: ``dinorc demo``, ``train``, ``generate``, ``score`` and others."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from dinorc._build_info import build_info
from dinorc._command_line import classify, demo, generate, info, plot, score, train
from dinorc._command_line.arguments import Parser, PrintVersion
from dinorc._command_line.completion import SHELLS, PrintCompletion
from dinorc._command_line.in_options import in_options
from dinorc._command_line.interruption import exit_code, in_words
from dinorc._command_line.output import (
    DONE,
    FAILED,
    CommandError,
    ReaderGoneError,
    flush_output,
    tell,
    use_utf_8,
)
from dinorc.errors import SearchLimitError, TrainingDivergedError

# What the user can mend. A TypeError, say, is a bug in dinorc and shows its traceback.
_MENDABLE = (
    CommandError,
    ImportError,
    OSError,
    SearchLimitError,
    TrainingDivergedError,
    ValueError,
)

# Each adds its parser to the main one.
COMMANDS = (demo, train, generate, score, classify, info, plot)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; wrong usage raises SystemExit(2)."""
    use_utf_8()
    try:
        options = _parse(arguments)
        code: int | None = options.run(options)
        flush_output()
    except KeyboardInterrupt as stop:
        tell(f"dinorc: {in_words(stop)}")
        return exit_code(stop)
    except ReaderGoneError:
        return FAILED
    except MemoryError:
        tell("dinorc: there is not enough memory for this")
        return FAILED
    except _MENDABLE as error:
        tell(f"dinorc: {error if isinstance(error, CommandError) else in_options(str(error))}")
        return FAILED
    return DONE if code is None else code


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    try:
        return _parser().parse_args(arguments)
    except SystemExit:
        flush_output()  # --version is output too
        raise


def _parser() -> Parser:
    build = build_info()
    parser = Parser(
        prog="dinorc",
        description="Learns a list of names and invents new ones.",
        epilog="Names go to standard output, in UTF-8, everything else to standard error.\n\n"
        "exit codes: 0 done, 1 failed, 2 wrong usage, 3 fewer names than asked for,\n"
        "130 interrupted (by Ctrl-C; 129 by SIGHUP, 143 by SIGTERM)\n\n"
        "example:\n"
        "  dinorc train names.txt -o names.safetensors\n"
        "  dinorc generate names.safetensors -n 20 > new.txt",
    )
    parser.add_argument(
        "--version",
        action=PrintVersion,
        nargs=0,
        const=f"dinorc {build['version']} ({build['compiler']}, {build['instruction_set']})",
        help="print version, compiler and instruction set, and exit",
    )
    parser.add_argument(
        "--print-completion",
        action=PrintCompletion,
        choices=SHELLS,
        metavar="SHELL",
        help="print a script that lets bash, zsh or fish complete commands, options and files, and "
        "exit; it needs shtab: pip install shtab",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return parser
