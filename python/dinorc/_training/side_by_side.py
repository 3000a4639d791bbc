"""Trains several networks at a time, each on threads of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from dinorc._training.run import TrainingRun

_GLANCE = 0.1  # seconds between two looks at how far the runs are


def train_side_by_side(runs: Sequence[TrainingRun], n_jobs: int, show: Callable[[], None]) -> None:
    """Train all to their ends, calling `show` every now and then.

    As many as there are threads at a time: a network on one thread takes less than half as long as
    two that share two threads, since nobody waits for anybody. No bit depends on it. Ctrl-C raises
    KeyboardInterrupt once all runs are at the end of a whole step.
    """
    for first in range(0, len(runs), n_jobs):
        together = runs[first : first + n_jobs]
        if len(together) > 1:
            _train_together(together, n_jobs // len(together), show)
            continue
        while together[0].advance(n_jobs):
            show()


def _train_together(runs: Sequence[TrainingRun], n_jobs: int, show: Callable[[], None]) -> None:
    """Train each on a Python thread. Ctrl-C comes to the main thread, which tells the others."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def train(run: TrainingRun) -> None:
        try:
            while not stop.is_set() and run.advance(n_jobs):
                pass
        except BaseException as error:  # for the thread that asked for the training
            failures.append(error)
            stop.set()

    threads = [threading.Thread(target=train, args=(run,), daemon=True) for run in runs]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_GLANCE)
                show()
    finally:
        stop.set()
        for thread in threads:
            _join(thread)
    if failures:
        raise failures[0]


def _join(thread: threading.Thread) -> None:
    """Wait for a thread that is about to end, whatever is pressed meanwhile."""
    while thread.is_alive():
        try:
            thread.join()
        except KeyboardInterrupt:
            continue
