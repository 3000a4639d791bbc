"""The progress bar of a training run, on standard error."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any


class ProgressBar:
    """Shows epoch, training and validation loss, names per second and the time left, or nothing.

    `verbose` is True, False, or "auto": on a terminal and in Jupyter only.
    """

    def __init__(self, verbose: bool | str, epochs: int, names: int, names_seen: int) -> None:
        """Begin at `names_seen` of `epochs` times `names`."""
        self._bar: Any = None
        self._epochs = epochs
        self._validation_loss: float | None = None
        if verbose == "auto":  # show it if someone is likely to look at standard error
            verbose = in_jupyter() or (sys.stderr is not None and sys.stderr.isatty())
        if verbose:
            self._bar = _kind_of_bar()(
                total=epochs * names, initial=names_seen, unit=" names", unit_scale=True
            )

    def show(self, epoch: int, names_seen: int, training_loss: float) -> None:
        """Move to `names_seen`, in the epoch with this number."""
        if self._bar is None:
            return
        losses = {"training": f"{training_loss:.4f}"}
        if self._validation_loss is not None:
            losses["validation"] = f"{self._validation_loss:.4f}"
        self._bar.set_description(f"epoch {epoch}/{self._epochs}", refresh=False)
        self._bar.set_postfix(losses, refresh=False)
        self._bar.update(names_seen - self._bar.n)

    def validated(self, loss: float | None) -> None:
        """Take the validation loss to show from now on."""
        self._validation_loss = loss

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
