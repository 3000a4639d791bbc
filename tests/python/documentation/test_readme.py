"""The README and the pages beside it say what is so; test_docs.py runs the README's examples."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dinorc import Ensemble, datasets

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")

sys.path.insert(0, str(ROOT / "benchmarks"))
import tables  # noqa: E402


def text_blocks(page: str) -> list[str]:
    """Return the blocks of plain text of a page of the documentation."""
    content = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return re.findall(r"^```text\n(.*?)^```", content, re.MULTILINE | re.DOTALL)


def test_the_demo_ends_as_shown() -> None:
    shown = text_blocks("start.md")[0]
    output = subprocess.run(
        [sys.executable, "-m", "dinorc", "demo"], capture_output=True, text=True, check=True
    ).stdout
    figures = r"35,000 iterations in [\d.]+ seconds, [\d.]+ microseconds an iteration\n"
    names = re.sub(figures, "", shown)
    assert re.sub(figures, "", output).endswith(names)
    assert re.search(figures, shown)
    assert re.search(figures, output)


def test_every_folder_of_the_map_exists() -> None:
    folders = re.findall(r"^(\S+)/ {2,}", text_blocks("design.md")[0], re.MULTILINE)
    assert len(folders) >= 9
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []


def test_it_is_short() -> None:
    assert len(README.split()) < 700


def test_the_picture_shows_what_the_default_model_invents() -> None:
    names = datasets.load("dinos")
    invented = list(Ensemble(verbose=False).fit(names).generate(8))
    assert f'the first eight that the model invents: {", ".join(invented)}."' in README
    pictures = re.findall(r'"(docs/_static/\S+\.svg)"', README)
    assert len(pictures) == 2
    for picture in pictures:
        assert ", ".join(invented) in (ROOT / picture).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_link_leads_to_a_file(page: str) -> None:
    path = ROOT / page
    links = re.findall(r"\]\(([^)#:]+)(?:#[\w-]*)?\)", path.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_it_is_cited_by_its_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {project['version']}\n" in citation


# ---- figures ------------------------------------------------------------------------------------


PAGES_WITH_TABLES = ["README.md", "docs/benchmarks.md", "docs/labels.md"]


@pytest.mark.parametrize("page", PAGES_WITH_TABLES)
def test_the_tables_are_those_of_the_stored_outputs(page: str) -> None:
    content = (ROOT / page).read_text(encoding="utf-8")
    assert "<!-- table: " in content
    assert tables.with_tables(content) == content


def test_a_changed_figure_is_found() -> None:
    content = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    changed = re.sub(r"\d\.\d{3}(?=\s±)", "9.999", content, count=1)
    assert changed != content
    assert tables.with_tables(changed) == content


def test_every_table_and_every_output_is_used() -> None:
    pages = "".join((ROOT / page).read_text(encoding="utf-8") for page in PAGES_WITH_TABLES)
    assert set(re.findall(r"<!-- table: (\w+) -->", pages)) == set(tables.TABLES)
    source = Path(tables.__file__).read_text(encoding="utf-8")
    for output in tables.RESULTS.glob("*.txt"):
        assert f'"{output.stem}"' in source
