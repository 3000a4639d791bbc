"""``dinorc --print-completion``: lets shells complete commands, options, choices and files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from dinorc._command_line.output import CommandError, standard_output

SHELLS = ("bash", "zsh", "fish")
_FILES = ("FIGURE", "FILE", "MODEL", "NAMES")  # metavars of what is a file


class PrintCompletion(argparse.Action):
    """Writes a script for a shell, made by shtab from the options there are, and ends."""

    def __call__(self, parser: argparse.ArgumentParser, _: Any, shell: Any, *__: Any) -> None:
        """Write the script."""
        try:
            import shtab
        except ModuleNotFoundError:
            raise CommandError(
                "scripts for shells are written by shtab, which is not installed; "
                "pip install shtab brings it"
            ) from None
        for action in _actions(parser):
            if action.metavar in _FILES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]
        script = shtab.complete(parser, shell)
        with standard_output() as output:
            output.write(script.rstrip("\n") + "\n")
        parser.exit()


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Return the options and arguments of a parser and of its commands."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
