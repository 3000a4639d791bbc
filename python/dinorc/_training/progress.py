"""The progress bar of a training run, on standard error."""

from __future__ import annotations

import importlib.util
import sys
from types import TracebackType
from typing import Any

from dinorc._training.jupyter import in_jupyter


class ProgressBar:
    """Shows epoch, training and validation loss, names a second and the time left, or nothing.

    `verbose` is True, False, or "auto": on a terminal and in Jupyter only.
    """

    def __init__(self, verbose: bool | str, epochs: int, names: int, names_seen: int) -> None:
        """Begin at `names_seen` of `epochs` times `names`."""
        self._bar: Any = None
        self._epochs = epochs
        self._validation_loss: float | None = None
        if _is_watched() if verbose == "auto" else verbose:
            self._bar = _kind_of_bar()(
                total=epochs * names, initial=names_seen, unit=" names", unit_scale=True
            )

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def show(self, epoch: int, names_seen: int, training_loss: float) -> None:
        """Move to `names_seen`, in the epoch of that number."""
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


def _kind_of_bar() -> Any:
    """Return Jupyter's bar where it can be shown; ``tqdm.auto`` would warn where it can't."""
    if in_jupyter() and importlib.util.find_spec("ipywidgets") is not None:
        from tqdm.notebook import tqdm
    else:
        from tqdm import tqdm
    return tqdm


def _is_watched() -> bool:
    """Tell whether someone is likely to look at standard error now."""
    return in_jupyter() or (sys.stderr is not None and sys.stderr.isatty())
