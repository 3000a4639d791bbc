"""The progress bar of training, on standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

# What matters most comes first: a narrow terminal cuts off the end of the line. With the speed, 80
# columns would leave no room for the bar itself.
_LINE = "{desc} {percentage:.0f}%|{bar}| {remaining} left{postfix}"
_SPEED = ", {rate_fmt}"
_LEAST_WITH_SPEED = 96  # columns


class ProgressBar:
    """Shows what is being done, losses, the time left and perhaps the speed, or nothing.

    `verbose` is True, False, or "auto": on a terminal and in Jupyter only.
    """

    def __init__(self, verbose: bool | str, names_in_all: int, names_seen: int) -> None:
        """Begin at `names_seen` of the names; one counts again in each epoch."""
        self._bar: Any = None
        if verbose == "auto":  # show it if someone is likely to look at standard error
            verbose = in_jupyter() or (sys.stderr is not None and sys.stderr.isatty())
        if verbose:
            self._bar = _kind_of_bar()(
                total=names_in_all,
                initial=names_seen,
                unit=" names",
                unit_scale=True,
                bar_format=_LINE + (_SPEED if _columns() >= _LEAST_WITH_SPEED else ""),
                dynamic_ncols=True,
            )

    def show(self, what: str, names_seen: int, losses: Mapping[str, float | None]) -> None:
        """Move to `names_seen`, and show those losses that are known, the first one first."""
        if self._bar is None:
            return
        known = [f"{name} {loss:.4f}" for name, loss in losses.items() if loss is not None]
        self._bar.set_description_str(", ".join([what, *known[:1]]), refresh=False)
        self._bar.set_postfix_str(", ".join(known[1:]), refresh=False)
        self._bar.update(names_seen - self._bar.n)

    @property
    def shows_names(self) -> bool:
        """Whether names may be shown above the bar: on a terminal, where somebody reads along."""
        return self._bar is not None and sys.stderr.isatty() and not in_jupyter()

    def show_names(self, what: str, names: Sequence[str]) -> None:
        """Write names on a line of their own, above the bar and no wider than the terminal."""
        width = _columns()
        line = f"{what}: {', '.join(names)}"
        if len(line) >= width:
            line = line[: max(width - 2, 0)] + "…"
        # As the bar does, write what the encoding of standard error lacks as question marks.
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        line = line.encode(encoding, "replace").decode(encoding)
        self._bar.write(line, file=sys.stderr)

    def close(self) -> None:
        """Stop, and leave the bar as it stands."""
        if self._bar is not None:
            self._bar.close()


def _columns() -> int:
    """Return the width of the terminal at standard error; without one, enough for everything."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or _LEAST_WITH_SPEED
    except (AttributeError, OSError, ValueError):  # None, no terminal, no file
        return _LEAST_WITH_SPEED


def _kind_of_bar() -> Any:
    """Return Jupyter's bar if it can be shown; ``tqdm.auto`` would warn if it can't."""
    import tqdm

    if in_jupyter():
        from tqdm import notebook

        if notebook.IProgress is not None:  # ipywidgets is there, and of a version that suits
            return notebook.tqdm
    return tqdm.tqdm


def in_jupyter() -> bool:
    """Tell whether a Jupyter kernel runs this code; Colab's shell is a subclass of Jupyter's."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    kinds = type(get_ipython()).__mro__
    return any(kind.__name__ == "ZMQInteractiveShell" for kind in kinds)
