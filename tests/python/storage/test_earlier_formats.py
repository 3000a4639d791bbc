"""Files that earlier versions of dinorc have written give the models that they gave then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import dinorc
from stored_models import what_it_gives

FOLDERS = sorted(Path(__file__).parent.glob("format_*"))
TABLES = {folder: json.loads((folder / "table.json").read_text()) for folder in FOLDERS}
FILES = [
    pytest.param(folder / f"{name}.safetensors", gives, id=f"{folder.name}-{name}")
    for folder, table in TABLES.items()
    for name, gives in table.items()
]


def test_every_file_is_in_its_table() -> None:
    assert FOLDERS
    for folder, table in TABLES.items():
        assert {path.stem for path in folder.glob("*.safetensors")} == set(table)


@pytest.mark.parametrize(("path", "gives"), FILES)
def test_a_stored_file_gives_what_it_gave(path: Path, gives: dict[str, Any]) -> None:
    assert what_it_gives(dinorc.load(path)) == gives
