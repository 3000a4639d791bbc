"""How Sphinx builds these pages: ``pip install '.[docs]' && sphinx-build -W docs build/docs``."""

from __future__ import annotations

import sys
from pathlib import Path

import dinorc

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "dinorc"
author = "the authors of dinorc"
release = version = dinorc.__version__

extensions = [
    "myst_parser",
    "pictures",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say more
default_role = "py:obj"  # names in single backquotes, as the docstrings write them
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "alabaster"
html_theme_options = {
    "description": "Learns a list of names and invents new ones",
    "page_width": "1080px",
}
html_show_copyright = False
