"""Equations as MathML, which browsers set themselves: no network, no JavaScript, no LaTeX.

Docutils, on which Sphinx is built, turns the TeX into MathML.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError


def mathml(node: nodes.Element, as_block: bool) -> str:
    """Return the equation of a node; what Docutils does not know is an error that names it."""
    tex = node.astext().replace(r"\mathrel{+}=", r"\;\text{+=}\;")  # Docutils has no \mathrel
    try:
        return tex2mathml(tex, as_block=as_block)
    except MathError as error:
        raise ExtensionError(f"{node.source}: {error} in {tex!r}") from error


def visit_inline(translator: Any, node: nodes.math) -> None:
    """Write an equation within a line."""
    translator.body.append(mathml(node, as_block=False))
    raise nodes.SkipNode


def visit_block(translator: Any, node: nodes.math_block) -> None:
    """Write an equation on lines of its own, which scrolls where it is too wide."""
    translator.body.append(f'<div class="equation">{mathml(node, as_block=True)}</div>\n')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the renderer with Sphinx; `html_math_renderer` chooses it."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
