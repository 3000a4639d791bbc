"""A Sphinx directive that draws a picture by the Python code in it, when the pages are built."""

from __future__ import annotations

import os
import tempfile
from contextlib import chdir
from pathlib import Path

from docutils import nodes
from page_examples import run_page
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Picture(SphinxDirective):
    """Shows the code in it and the picture of the Axes that its last line gives.

    The argument is the caption. The code goes on where the Python blocks above it have ended.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the code and the picture."""
        caption = self.arguments[0]
        path = self._draw()
        # Sphinx takes images by their place relative to the pages.
        image = nodes.image(uri=os.path.relpath(path, self.env.srcdir), alt=caption)
        code = "\n".join(self.content)
        return [
            nodes.literal_block(code, code, language="python"),
            nodes.figure("", image, nodes.caption("", caption)),
        ]

    def _draw(self) -> Path:
        """Write this picture to a file; with the first of a page, all its examples are run."""
        page = Path(self.env.doc2path(self.env.docname))
        if "pictures" not in self.env.temp_data:
            with tempfile.TemporaryDirectory() as folder, chdir(folder):
                figures = run_page(page.read_text(encoding="utf-8"), os.fspath(page)).figures
            self.env.temp_data["pictures"] = list(enumerate(figures, start=1))
        number, figure = self.env.temp_data["pictures"].pop(0)
        path = Path(self.env.doctreedir, "pictures", f"{page.stem}-{number}.png")
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=144, bbox_inches="tight")
        return path


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive with Sphinx."""
    app.add_directive("picture", Picture)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
