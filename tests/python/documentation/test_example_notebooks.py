"""The notebooks in ``examples/`` run from a clean start, and are stored with what they show."""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))

sys.path.insert(0, str(ROOT / "docs" / "_extensions"))
import example_notebooks  # noqa: E402


def test_there_is_one_for_the_course_and_one_for_the_library() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["char_rnn", "dinosaurus_island"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_stored_in_one_way(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    content = json.loads(text)
    assert text == example_notebooks.stored_text(content)
    nbformat.validate(content)
    assert [cell["id"] for cell in content["cells"]] == [
        f"cell-{number:02}" for number in range(1, len(content["cells"]) + 1)
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_shows_what_is_stored(path: Path) -> None:
    stored = json.loads(path.read_text(encoding="utf-8"))
    fresh = example_notebooks.run(path)
    for old, new in zip(stored["cells"], fresh["cells"], strict=True):
        shown, printed = map(example_notebooks.comparable_outputs, (old, new))
        assert shown == printed, old["id"]
        assert old.get("execution_count") == new.get("execution_count"), old["id"]
        if "dinorc.plot." in "".join(old["source"]):
            assert any("image/png" in output.get("data", {}) for output in old["outputs"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_pictures_are_pictures(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    pictures = [
        each["data"]["image/png"] for each in outputs if "image/png" in each.get("data", {})
    ]
    assert len(pictures) > 2
    for picture in pictures:
        assert base64.b64decode("".join(picture)).startswith(b"\x89PNG")


# ---- the tool itself ----------------------------------------------------------------------------


def notebook_of(tmp_path: Path, *cells: str) -> Path:
    """Write a notebook of these cells of code."""
    path = tmp_path / "small.ipynb"
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in cells]
    nbformat.write(notebook, path)
    return path


def test_other_pictures_are_no_difference_but_other_texts_are(tmp_path: Path) -> None:
    def outputs(text: str, picture: str) -> list[Any]:
        data = {"image/png": picture, "text/plain": text}
        cell = {"outputs": [{"output_type": "display_data", "data": data, "metadata": {}}]}
        return example_notebooks.comparable_outputs(cell)

    assert outputs("a", "one") == outputs("a", "two")
    assert outputs("a", "one") != outputs("b", "one")


def test_what_is_on_standard_error_is_not_stored(tmp_path: Path) -> None:
    path = notebook_of(tmp_path, "import sys; print('bar', file=sys.stderr); print('seen')")
    (cell,) = example_notebooks.run(path)["cells"]
    assert [output["text"] for output in cell["outputs"]] == [["seen\n"]]


def test_text_that_comes_in_parts_is_stored_as_one(tmp_path: Path) -> None:
    parts = "import sys, time\nfor part in 'one\\ntw', 'o\\n':\n    print(part, end='', flush=True)"
    path = notebook_of(tmp_path, parts + "\n    time.sleep(0.5)")
    (cell,) = example_notebooks.run(path)["cells"]
    assert [output["text"] for output in cell["outputs"]] == [["one\n", "two\n"]]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("import warnings; warnings.warn('old', FutureWarning)", "small.ipynb warns"),
        ("open('left.txt', 'w').close()", r"leaves files behind: \['left.txt'\]"),
    ],
)
def test_warnings_and_files_left_behind_are_refused(
    tmp_path: Path, source: str, message: str
) -> None:
    with pytest.raises(RuntimeError, match=message):
        example_notebooks.run(notebook_of(tmp_path, source))
