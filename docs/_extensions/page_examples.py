"""Runs the examples of a Markdown page, from top to bottom in one namespace, as a reader would.

What a ``python`` block prints is compared with the ``text`` block right below it, if there is one,
and what a ``print(...)`` in it prints with the comment behind it, if there is one. A ``{picture}``
block is Python too, and its last line gives the Axes of a picture. In a ``console`` block the lines
that begin with a dollar sign are run by a shell, and the others are what they print; seconds may
vary.

Results of dinorc are the same bits everywhere, so that pages may show them. When they change on
purpose, ``python docs/_extensions/page_examples.py docs/*.md README.md`` writes what is printed now
into the pages.
"""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import chdir, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_FENCED_BLOCK = re.compile(r"^```(\S+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PRINTING_FUNCTIONS = ("print", "print_sample")
_COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
_SECONDS = re.compile(r"[\d.]+ seconds")
_END_OF_OUTPUT = "--- end of output ---\n"


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, and its content with its place in the text."""

    language: str
    content: str
    start: int
    end: int


@dataclass(frozen=True)
class Difference:
    """A result that a page shows, its place in the text, and what is printed in its stead."""

    start: int
    end: int
    shown: str
    printed: str


@dataclass
class PageRun:
    """What came of a page: the results that differ, and the figure of each picture."""

    differences: list[Difference] = field(default_factory=list)
    figures: list[Any] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    """Return the fenced blocks of a page, in order."""
    return [
        Block(match[1], match[2], match.start(2), match.end(2))
        for match in _FENCED_BLOCK.finditer(text)
    ]


def run_page(text: str, file_name: str) -> PageRun:
    """Run a page in the current folder; tracebacks name the line of the page."""
    run = PageRun()
    namespace: dict[str, Any] = {"__name__": "__main__"}
    of_page = blocks(text)
    for number, block in enumerate(of_page):
        if block.language == "console":
            run.differences += _run_commands(block)
        if block.language not in ("python", "{picture}"):
            continue
        first_line = text.count("\n", 0, block.start)
        tree = ast.increment_lineno(ast.parse(block.content, file_name), first_line)
        printed = ""
        value = None
        for statement in tree.body:
            output = io.StringIO()
            with redirect_stdout(output):
                value = _run_statement(statement, file_name, namespace)
            comment = _result_comment(statement, text)
            if comment:
                run.differences += _compare(text, *comment, output.getvalue().strip())
            printed += output.getvalue()
        if block.language == "{picture}":
            run.figures.append(_figure(value))
        below = of_page[number + 1 : number + 2]
        if below and below[0].language == "text" and _is_right_below(text, block, below[0]):
            run.differences += _compare(text, below[0].start, below[0].end, printed)
    return run


def _run_statement(statement: ast.stmt, file_name: str, namespace: dict[str, Any]) -> Any:
    """Run a statement and return its value if it is an expression."""
    if isinstance(statement, ast.Expr):
        return eval(compile(ast.Expression(statement.value), file_name, "eval"), namespace)
    exec(compile(ast.Module([statement], []), file_name, "exec"), namespace)
    return None


def _result_comment(statement: ast.stmt, text: str) -> tuple[int, int] | None:
    """Return where the text of the comment behind a call of print begins and ends."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return None
    if ast.unparse(statement.value.func).rpartition(".")[2] not in _PRINTING_FUNCTIONS:
        return None
    lines = text.split("\n")
    line = lines[statement.end_lineno - 1]
    behind = line.encode()[statement.end_col_offset :].decode()
    comment = re.fullmatch(r"\s*# (.*)", behind)
    if comment is None:
        return None
    end = len("\n".join(lines[: statement.end_lineno]))
    return end - len(comment[1]), end


def _run_commands(block: Block) -> Iterator[Difference]:
    """Run the commands of a block in one shell and compare what they print to either stream."""
    commands = list(_COMMAND.finditer(block.content))
    script = f'dinorc() {{ "{sys.executable}" -m dinorc "$@"; }}\n'
    for command in commands:
        # The next command may look at the exit code.
        script += f"{command[1]}\ncode=$?; printf '%s' '{_END_OF_OUTPUT}'; (exit $code)\n"
    output = subprocess.run(
        ["sh", "-c", script],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    ).stdout
    for command, printed in zip(commands, output.split(_END_OF_OUTPUT)[:-1], strict=True):
        if _SECONDS.sub("", command[2]) != _SECONDS.sub("", printed):
            start, end = (block.start + position for position in command.span(2))
            yield Difference(start, end, command[2], printed)


def _is_right_below(text: str, block: Block, below: Block) -> bool:
    return re.fullmatch(r"```\s*```text\n", text[block.end : below.start]) is not None


def _compare(text: str, start: int, end: int, printed: str) -> Iterator[Difference]:
    if text[start:end] != printed:
        yield Difference(start, end, text[start:end], printed)


def _figure(axes: Any) -> Any:
    """Return the figure of an Axes or of the first of an array of them."""
    return getattr(axes, "flat", [axes])[0].figure


def main() -> None:
    """Write what is printed now into the pages named on the command line."""
    for path in map(Path, sys.argv[1:]):
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder, chdir(folder):
            run = run_page(text, os.fspath(path))
        for difference in reversed(run.differences):
            text = text[: difference.start] + difference.printed + text[difference.end :]
        path.write_text(text, encoding="utf-8")
        print(f"{path}: {len(run.differences)} results changed")


if __name__ == "__main__":
    main()
