"""The README shows what really happens; test_docs.py runs its Python examples."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).resolve().parents[3] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_demo_ends_as_shown() -> None:
    shown = blocks("text")[0]
    output = subprocess.run(
        [sys.executable, "-m", "dinorc", "demo"], capture_output=True, text=True, check=True
    ).stdout
    figures = r"35,000 iterations in [\d.]+ seconds, [\d.]+ microseconds an iteration\n"
    names = re.sub(figures, "", shown)
    assert re.sub(figures, "", output).endswith(names)
    assert re.search(figures, shown)
    assert re.search(figures, output)


def test_every_folder_of_the_map_exists() -> None:
    root = Path(__file__).resolve().parents[3]
    folders = re.findall(r"^(\S+)/ {2,}", blocks("text")[1], re.MULTILINE)
    assert len(folders) >= 9
    assert [folder for folder in folders if not (root / folder).is_dir()] == []
