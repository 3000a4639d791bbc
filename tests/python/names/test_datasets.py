"""The lists of names that come with the package."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dinorc import datasets
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


def test_each_call_returns_a_list_of_its_own() -> None:
    names = datasets.load("dinos")
    names.clear()
    assert datasets.load("dinos")


@pytest.mark.parametrize("function", [datasets.load, datasets.path])
@pytest.mark.parametrize("name", ["dragons", "", "../dinos", "dinos.txt", "DINOS"])
def test_an_unknown_name_is_refused_with_the_known_ones(function: object, name: str) -> None:
    with refused(ValueError, re.escape(repr(name)), "dinos"):
        function(name)  # type: ignore[operator]
