"""Files that earlier versions of dinorc have written still give the same models."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dinorc
from dinorc import ModelFileError
from helpers import refused
from model_files import Header, edited, edited_facts, loading, split
from stored_models import what_it_gives

FOLDERS = sorted(Path(__file__).parent.glob("format_*"))
TABLES = {folder: json.loads((folder / "table.json").read_text()) for folder in FOLDERS}
for each in [gives for table in TABLES.values() for gives in table.values()]:
    each["params"] |= {"base": None, "strip": True, "case": "keep"}  # settings that came later
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


@pytest.mark.parametrize(("path", "gives"), FILES)
def test_saved_anew_it_gives_the_same(tmp_path: Path, path: Path, gives: dict[str, Any]) -> None:
    dinorc.load(path).save(tmp_path / "anew")
    assert what_it_gives(dinorc.load(tmp_path / "anew")) == gives
    metadata = split((tmp_path / "anew").read_bytes())[0]["__metadata__"]
    assert metadata["format_version"] == "3"


STORED = Path(__file__).parent / "format_1" / "gru_float32_resumable.safetensors"


def _also(**keys: str) -> Callable[[Header], None]:
    return lambda header: header["__metadata__"].update(keys)


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (_also(kind="char_rnn"), "header is not the one"),
        (_also(format_version="2"), "kind"),
        (_also(format_version="2", kind="char_rnn"), "vocabulary"),
        (_also(format_version="01"), "header is not the one"),
        (_also(more=""), "header is not the one"),
    ],
)
def test_an_edited_header_of_format_1_is_refused(
    tmp_path: Path, edit: Callable[[Header], None], says: str
) -> None:
    with refused(ModelFileError, "is damaged: ", says):
        loading(tmp_path / "rnn", edited(STORED.read_bytes(), edit))


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"vocabulary": "\nba"}, "vocabulary"),
        ({"vocabulary": None}, ""),
        ({"kind": "char_rnn"}, "header is not the one"),
        ({"seed": -1}, "seed"),
    ],
)
def test_edited_facts_of_format_1_are_refused(
    tmp_path: Path, facts: dict[str, Any], says: str
) -> None:
    made = edited_facts(STORED.read_bytes(), lambda before: before.update(facts))
    with refused(ModelFileError, "is damaged: ", says):
        loading(tmp_path / "rnn", made)


def test_header_of_format_1_unedited_is_the_same_file() -> None:
    assert edited(STORED.read_bytes(), lambda header: None) == STORED.read_bytes()
