"""The lists of names that come with the package."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import dinorc
from dinorc import _core, datasets
from helpers import refused


def test_dinos_are_a_thousand_or_more_sorted_unique_lower_case_names() -> None:
    names = datasets.load("dinos")
    assert isinstance(names, list)
    assert len(names) >= 1000
    assert names == sorted(set(names))
    assert all(re.fullmatch("[a-z]+", name) for name in names)
    assert set("".join(names)) == set("abcdefghijklmnopqrstuvwxyz")


def test_every_dinosaur_fits_in_what_the_notebook_can_sample() -> None:
    assert max(map(len, datasets.load("dinos"))) <= 50


def test_the_path_is_that_of_the_text_file_that_is_loaded() -> None:
    path = datasets.path("dinos")
    assert isinstance(path, Path)
    assert path.is_file()
    assert path.read_text(encoding="utf-8").split() == datasets.load("dinos")


SPLIT_PACKAGE = """
import importlib.util, sys
folders = sys.argv[1:]
spec = importlib.util.spec_from_file_location(
    "dinorc", folders[0] + "/__init__.py", submodule_search_locations=folders
)
module = importlib.util.module_from_spec(spec)
sys.modules["dinorc"] = module
spec.loader.exec_module(module)
from dinorc import CharRNN, datasets
rnn = CharRNN(base="latin", max_epochs=1, validation_fraction=0).fit(["ab"])
print(len(datasets.load("dinos")), rnn.n_epochs_)
"""


def test_bundled_files_are_found_where_the_python_files_are_elsewhere(tmp_path: Path) -> None:
    # As in an editable installation: the core and the data are in a folder of their own.
    sources, built = tmp_path / "sources", tmp_path / "built"
    sources.mkdir()
    built.mkdir()
    for folder in dinorc.__path__:
        for path in Path(folder).iterdir():
            if path.name != "__pycache__":
                in_built = path.name in ("data", Path(_core.__file__).name)
                (built if in_built else sources).joinpath(path.name).symlink_to(path)
    command = [sys.executable, "-c", SPLIT_PACKAGE, str(sources), str(built)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.stdout, done.returncode) == ("1383 1\n", 0), done.stderr


def test_each_call_returns_a_list_of_its_own() -> None:
    names = datasets.load("dinos")
    names.clear()
    assert datasets.load("dinos")


@pytest.mark.parametrize("function", [datasets.load, datasets.path])
@pytest.mark.parametrize("name", ["dragons", "", "../dinos", "dinos.txt", "DINOS"])
def test_an_unknown_name_is_refused_with_the_known_ones(function: object, name: str) -> None:
    with refused(ValueError, re.escape(repr(name)), "dinos"):
        function(name)  # type: ignore[operator]
