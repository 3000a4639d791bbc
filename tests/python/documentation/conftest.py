"""Pages are tested where there is Sphinx, with what else makes them."""

import importlib.util

_PAGES = ["test_docs.py", "test_example_notebooks.py", "test_readme.py"]
_NEEDED = ("matplotlib", "sphinx")
collect_ignore = [] if all(map(importlib.util.find_spec, _NEEDED)) else _PAGES
