"""The progress bar of training, on standard error."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from typing import Any


class ProgressBar:
    """Shows what is being done, losses, names per second and the time left, or nothing.

    `verbose` is True, False, or "auto": on a terminal and in Jupyter only.
    """

    def __init__(self, verbose: bool | str, names_in_all: int, names_seen: int) -> None:
        """Begin at `names_seen` of the names; one counts again in each epoch."""
        self._bar: Any = None
        if verbose == "auto":  # show it if someone is likely to look at standard error
            verbose = in_jupyter() or (sys.stderr is not None and sys.stderr.isatty())
        if verbose:
            self._bar = _kind_of_bar()(
                total=names_in_all, initial=names_seen, unit=" names", unit_scale=True
            )

    def show(self, what: str, names_seen: int, losses: Mapping[str, float | None]) -> None:
        """Move to `names_seen`, and show those losses that are known."""
        if self._bar is None:
            return
        known = {name: f"{loss:.4f}" for name, loss in losses.items() if loss is not None}
        self._bar.set_description(what, refresh=False)
        self._bar.set_postfix(known, refresh=False)
        self._bar.update(names_seen - self._bar.n)

    def close(self) -> None:
        """Stop, and leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()


def _kind_of_bar() -> Any:
    """Return Jupyter's bar if it can be shown; ``tqdm.auto`` would warn if it can't."""
    if in_jupyter() and importlib.util.find_spec("ipywidgets") is not None:
        from tqdm.notebook import tqdm
    else:
        from tqdm import tqdm
    return tqdm


def in_jupyter() -> bool:
    """Tell whether a Jupyter kernel runs this code; Colab's shell is a subclass of Jupyter's."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    kinds = type(get_ipython()).__mro__
    return any(kind.__name__ == "ZMQInteractiveShell" for kind in kinds)
