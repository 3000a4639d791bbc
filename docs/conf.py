"""How Sphinx builds these pages: ``pip install '.[docs]' && sphinx-build -W docs build/docs``.

Nothing is fetched, neither when they are built nor when they are read.
"""

from __future__ import annotations

import sys
from pathlib import Path

import dinorc

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

project = "dinorc"
author = "the authors of dinorc"
release = version = dinorc.__version__

extensions = [
    "example_notebooks",
    "mathml",
    "myst_parser",
    "pictures",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
myst_update_mathjax = False
html_math_renderer = "mathml"

autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the docstrings say more
autosummary_generate = False
default_role = "py:obj"  # names in single backquotes, as the docstrings write them
napoleon_google_docstring = False
napoleon_use_rtype = False
add_module_names = False
toc_object_entries_show_parents = "hide"

copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True
copybutton_remove_prompts = True
copybutton_selector = "div:not(.highlight-text) > div.highlight > pre"  # not what is printed

html_theme = "furo"
html_title = f"dinorc {version}"
html_static_path = ["_static"]
html_css_files = ["dinorc.css"]
html_show_copyright = False
html_show_sourcelink = False
pygments_style = "friendly"
pygments_dark_style = "monokai"
