"""The notebooks of ``examples/``: run, stored with what they show, and pages of the site.

``python docs/_extensions/example_notebooks.py examples/*.ipynb`` runs them and stores the outputs,
so that they can be read where they lie. Texts are the same on every machine; pictures are drawn by
whatever Matplotlib is there.

As a Sphinx extension it turns a page that has nothing but this block into the notebook, with its
outputs as they are stored::

    ```{notebook} ../examples/char_rnn.ipynb
    ```
"""

from __future__ import annotations

import base64
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

_PAGE = re.compile(r"\s*```\{notebook\} (\S+)\n```\s*")

Cell = dict[str, Any]


# ---- running and storing ------------------------------------------------------------------------


def run(path: Path) -> dict[str, Any]:
    """Return the notebook as it is after a run from a clean start, in an empty folder."""
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    metadata = dict(notebook.metadata)
    with tempfile.TemporaryDirectory() as folder:
        client = nbclient.NotebookClient(
            notebook, timeout=300, resources={"metadata": {"path": folder}}
        )
        client.execute()  # raises what a cell raises
        if left := [file.name for file in Path(folder).iterdir()]:
            raise RuntimeError(f"{path.name} leaves files behind: {left}")
    notebook.metadata = nbformat.from_dict(metadata)
    content: dict[str, Any] = json.loads(nbformat.writes(notebook))
    for cell in content["cells"]:
        cell["metadata"] = {}
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr" and "Warning" in "".join(output["text"]):
                raise RuntimeError(f"{path.name} warns: {''.join(output['text'])}")
        if "outputs" in cell:
            cell["outputs"] = _as_shown(cell["outputs"])
    return content


def _as_shown(outputs: list[Any]) -> list[Any]:
    """Leave out standard error, and put together what was printed at once.

    The kernel sends long texts in parts, as it has time.
    """
    shown: list[Any] = []
    for output in outputs:
        if output.get("name") == "stderr":
            continue
        if shown and output["output_type"] == shown[-1]["output_type"] == "stream":
            text = "".join(shown[-1]["text"] + output["text"])
            shown[-1]["text"] = text.splitlines(keepends=True)
        else:
            shown.append(output)
    return shown


def stored_text(content: dict[str, Any]) -> str:
    """Return the text of a notebook's file."""
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


_WIDGET = "application/vnd.jupyter.widget-view+json"


def comparable_outputs(cell: Cell) -> list[Any]:
    """Return a cell's outputs without the bytes of pictures, which vary with Matplotlib.

    Progress bars, too, are left out: with ipywidgets installed, they are widgets.
    """
    outputs = []
    for output in cell.get("outputs", []):
        if _WIDGET in output.get("data", {}):
            continue
        data = {
            kind: content if kind.startswith("text/") else "a picture"
            for kind, content in output.get("data", {}).items()
        }
        outputs.append({**output, "data": data})
    return outputs


# ---- pages --------------------------------------------------------------------------------------


def page_of(content: dict[str, Any], pictures: Path, link: str) -> str:
    """Return a notebook as a page of Markdown; its pictures are written to a folder.

    `link` is the path from the page to that folder.
    """
    return "\n\n".join(part for cell in content["cells"] for part in _parts(cell, pictures, link))


def _parts(cell: Cell, pictures: Path, link: str) -> Iterator[str]:
    source = "".join(cell["source"])
    if cell["cell_type"] != "code":
        yield source
        return
    yield f"```python\n{source}\n```"
    for number, output in enumerate(cell["outputs"]):
        data = output.get("data", {})
        if "image/png" in data:
            name = f"{cell['id']}-{number}.png"
            pictures.mkdir(parents=True, exist_ok=True)
            (pictures / name).write_bytes(base64.b64decode("".join(data["image/png"])))
            yield f"![What the code above draws.]({link}/{name})"
        elif "text/html" in data:
            yield f"```{{raw}} html\n{''.join(data['text/html'])}\n```"
        else:
            text = "".join(data.get("text/plain", output.get("text", ""))).rstrip("\n")
            yield f"```text\n{text}\n```"


def _replace_page(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the notebook in the place of a page that has nothing but its name."""
    match = _PAGE.fullmatch(source[0])
    if match is None:
        return
    path = (Path(app.srcdir, docname).parent / match[1]).resolve()
    app.env.note_dependency(os.fspath(path), docname=docname)
    pictures = Path(app.doctreedir, "notebooks", path.stem)
    # Sphinx takes images by their place relative to the page.
    link = os.path.relpath(pictures, Path(app.srcdir, docname).parent).replace(os.sep, "/")
    source[0] = page_of(json.loads(path.read_text(encoding="utf-8")), pictures, link)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", _replace_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def main() -> None:
    """Run the notebooks named on the command line and store what they show."""
    for path in map(Path, sys.argv[1:]):
        path.write_text(stored_text(run(path)), encoding="utf-8")
        print(f"{path}: {path.stat().st_size / 1e3:.0f} KB")


if __name__ == "__main__":
    main()
