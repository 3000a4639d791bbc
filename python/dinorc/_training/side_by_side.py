"""Trains several networks at a time, each on threads of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from dinorc._training.run import TrainingRun

_GLANCE = 0.1  # seconds between two looks at how far the runs are


def train_side_by_side(
    runs: Sequence[TrainingRun],
    n_jobs: int,
    show: Callable[[], None],
    is_due: Callable[[], bool] = lambda: False,
    at_rest: Callable[[], None] = lambda: None,
) -> None:
    """Train all to their ends, calling `show` every now and then, and once some have learned all.

    Where `is_due` says so, all come to rest at the end of a whole step, and `at_rest` is called.

    As many as there are threads at a time: a network on one thread takes less than half as long as
    two that share two threads, since nobody waits for anybody. No bit depends on it. Ctrl-C raises
    KeyboardInterrupt once all runs are at the end of a whole step.
    """
    for first in range(0, len(runs), n_jobs):
        together = runs[first : first + n_jobs]
        if len(together) > 1:
            while not _train_together(together, n_jobs // len(together), show, is_due):
                at_rest()
            show()  # for the first time, if they took no longer than a glance
            continue
        while together[0].advance(n_jobs):
            show()
            if is_due():
                at_rest()


def _train_together(
    runs: Sequence[TrainingRun],
    n_jobs: int,
    show: Callable[[], None],
    is_due: Callable[[], bool],
) -> bool:
    """Train each on a Python thread, to the end or until it is due; return whether to the end.

    Ctrl-C comes to the main thread, which tells the others.
    """
    stop = threading.Event()
    workers = [_Worker(run, n_jobs, stop) for run in runs]
    try:
        for worker in workers:
            worker.start()
        for worker in workers:
            while not worker.done.wait(_GLANCE):
                show()
                if is_due():
                    stop.set()
    finally:
        stop.set()
        for worker in workers:
            worker.wait()
    for worker in workers:
        if worker.error is not None:
            raise worker.error
    return all(worker.has_learned for worker in workers)


class _Worker(threading.Thread):
    """Trains a network until it has learned, or until `stop` is set."""

    def __init__(self, run: TrainingRun, n_jobs: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.error: BaseException | None = None
        self.has_learned = False  # all that there was to learn
        # An interrupted `join` takes the thread for dead (CPython 3.11): it says when it is.
        self.done = threading.Event()
        self._training, self._n_jobs, self._stop_all = run, n_jobs, stop

    def run(self) -> None:
        """Do the work of the thread."""
        try:
            while not self._stop_all.is_set() and not self.has_learned:
                self.has_learned = not self._training.advance(self._n_jobs)
        except BaseException as error:  # for the thread that asked for the training
            self.error = error
            self._stop_all.set()
        self.done.set()

    def wait(self) -> None:
        """Wait for the end, which is near, whatever is pressed meanwhile."""
        while self.ident is not None and not self.done.is_set():  # None: it was never started
            try:
                self.done.wait()
            except KeyboardInterrupt:
                continue
