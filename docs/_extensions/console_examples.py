"""Runs the ``console`` blocks of a Markdown page: a shell session, from top to bottom.

What stands below a line ``$ command``, up to the next one, is compared with what the command writes
to standard output and standard error; numbers of seconds may differ. When results change on
purpose, ``python docs/_extensions/console_examples.py docs/command-line.md`` writes what is written
now into the page.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
_SECONDS = re.compile(r"[\d.]+(?= seconds)")
_MARK = "---- the next command ----\n"


@dataclass(frozen=True)
class Example:
    """A command of a page, its output as shown with the place in the text, and as it is."""

    command: str
    start: int
    end: int
    shown: str
    written: str

    @property
    def is_right(self) -> bool:
        """Whether the page shows what happens, but for the time it takes."""
        return _SECONDS.sub("", self.shown) == _SECONDS.sub("", self.written)


def run_page(text: str, folder: Path) -> list[Example]:
    """Run the commands of a page in a folder."""
    found = [
        (match, block.start(1))
        for block in _BLOCK.finditer(text)
        for match in _COMMAND.finditer(block[1])
    ]
    script = f'dinorc() {{ "{sys.executable}" -m dinorc "$@"; }}\n' + "".join(
        f"{match[1]}\ncode=$?; printf '%s' '{_MARK}'; (exit $code)\n" for match, _ in found
    )
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return [
        Example(match[1], offset + match.start(2), offset + match.end(2), match[2], written)
        for (match, offset), written in zip(found, done.stdout.split(_MARK)[:-1], strict=True)
    ]


def main() -> None:
    """Write what is written now into the pages named on the command line."""
    for path in map(Path, sys.argv[1:]):
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            examples = run_page(text, Path(folder))
        wrong = [example for example in examples if not example.is_right]
        for example in reversed(wrong):
            text = text[: example.start] + example.written + text[example.end :]
        path.write_text(text, encoding="utf-8")
        print(f"{path}: {len(wrong)} of {len(examples)} results changed")


if __name__ == "__main__":
    main()
