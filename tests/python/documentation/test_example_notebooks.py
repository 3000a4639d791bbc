"""The notebooks in ``examples/`` run from a clean start, and are kept without outputs."""

from __future__ import annotations

import json
from pathlib import Path

import nbclient
import nbformat
import pytest

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))


def test_there_is_one_for_the_course_and_one_for_the_library() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["char_rnn", "dinosaurus_island"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_clean(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    content = json.loads(text)
    assert text == json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    nbformat.validate(content)
    assert [cell["id"] for cell in content["cells"]] == [
        f"cell-{number:02}" for number in range(1, len(content["cells"]) + 1)
    ]
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()  # raises what a cell raises
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            # A progress bar may be on standard error.
            assert output.get("name") != "stderr" or "Warning" not in output.text
        if "dinorc.plot." in cell.source:
            assert any("image/png" in output.get("data", {}) for output in cell.outputs)
    assert list(tmp_path.iterdir()) == []
