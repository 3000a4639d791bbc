"""Whether Python runs in Jupyter."""

from __future__ import annotations

import sys


def in_jupyter() -> bool:
    """Tell whether a Jupyter kernel runs this code; Colab's shell is a subclass of Jupyter's."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    kinds = type(get_ipython()).__mro__
    return any(kind.__name__ == "ZMQInteractiveShell" for kind in kinds)
