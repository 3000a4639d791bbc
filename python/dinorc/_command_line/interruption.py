"""Ctrl-C that ends the work at the first time, and never hurts its saving."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def only_the_first_counts() -> Iterator[Callable[[], None]]:
    """Let the first Ctrl-C inside raise KeyboardInterrupt, and ignore all that follow.

    Gives a function from whose call on the first is ignored, too.
    """
    is_usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not is_usual or threading.current_thread() is not threading.main_thread():
        yield lambda: None  # someone else's to handle
        return
    signal.signal(signal.SIGINT, _raise_once)
    try:
        yield _ignore
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _ignore() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _raise_once(number: int, frame: FrameType | None) -> None:
    _ignore()
    raise KeyboardInterrupt
