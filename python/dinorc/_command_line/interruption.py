"""Signals that ask a command to end: the first interrupts the work, and what is done is saved."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

# Ctrl-C; the request of a system that shuts down, of a container or of a batch queue; a terminal
# that was closed. Not every system has all of them.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class InterruptedBySignal(KeyboardInterrupt):
    """A KeyboardInterrupt that knows which signal it comes from."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class FirstSignal:
    """A handler of signals: the first raises InterruptedBySignal, and all others are ignored."""

    def __init__(self) -> None:
        self.is_deaf = False
        self.raised = KeyboardInterrupt()  # as if by code that has a handler of its own

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal."""
        # To be ignored by this function, and not by the system: a second signal may have come
        # while the first is handled, and Python complains of one that has lost its handler.
        if not self.is_deaf:
            self.is_deaf = True
            self.raised = InterruptedBySignal(number)
            raise self.raised

    def ignore_all(self) -> None:
        """Ignore the first signal, too, if it has not come yet."""
        self.is_deaf = True


@contextmanager
def first_signal_raises() -> Iterator[FirstSignal]:
    """Let the first signal inside raise InterruptedBySignal, and ignore all that follow.

    Signals that other code handles or that are ignored, as SIGHUP is under nohup, stay as they are;
    so do all outside the main thread, which alone may handle them.
    """
    handler = FirstSignal()
    is_main = threading.current_thread() is threading.main_thread()
    before = _usual_handlers() if is_main else {}
    try:
        for number in before:
            signal.signal(number, handler)
        yield handler
    finally:
        handler.ignore_all()
        for number, usual in before.items():
            signal.signal(number, usual)


def exit_code(stop: KeyboardInterrupt) -> int:
    """Return the exit code of a command that was interrupted, as shells report it."""
    return 128 + (stop.number if isinstance(stop, InterruptedBySignal) else signal.SIGINT)


def in_words(stop: KeyboardInterrupt) -> str:
    """Say what has happened."""
    if isinstance(stop, InterruptedBySignal) and stop.number != signal.SIGINT:
        return f"interrupted by {signal.Signals(stop.number).name}"
    return "interrupted"


def _usual_handlers() -> dict[signal.Signals, Any]:
    """Return the handlers of those signals that nobody handles and that would end the program."""
    known = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    handlers = {number: signal.getsignal(number) for number in known}
    usual = (signal.default_int_handler, signal.SIG_DFL)
    return {number: handler for number, handler in handlers.items() if handler in usual}
