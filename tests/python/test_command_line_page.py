"""The page about the command line shows what happens."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
sys.path.insert(0, str(DOCS / "_extensions"))
import console_examples  # noqa: E402

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")

PAGE = """\
```console
$ x=4; echo one; echo two >&2
one
two
$ echo in 0.$x seconds
in 9.9 seconds
$ true
$ (exit 3)
three
$ echo $?
```
"""


def test_every_command_of_the_page_writes_what_is_shown(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    text = (DOCS / "command-line.md").read_text(encoding="utf-8")
    examples = console_examples.run_page(text, tmp_path)
    assert len(examples) > 15
    for example in examples:
        assert example.is_right, f"$ {example.command}\n{example.written}"


def test_what_is_not_as_shown_is_found_and_put_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = console_examples.run_page(PAGE, tmp_path)
    assert [(e.command, e.written) for e in examples if not e.is_right] == [
        ("(exit 3)", ""),
        ("echo $?", "3\n"),
    ]
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    monkeypatch.setattr(sys, "argv", ["", str(page)])
    console_examples.main()
    assert page.read_text() == PAGE.replace("three\n", "").replace("$?\n", "$?\n3\n")
