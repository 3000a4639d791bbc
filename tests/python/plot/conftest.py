"""Pictures are tested where there is matplotlib, as an installation without it is complete, too."""

import importlib.util

collect_ignore_glob = [] if importlib.util.find_spec("matplotlib") else ["test_*.py"]
