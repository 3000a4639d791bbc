"""A few names that a network invents while it learns, for whoever watches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dinorc._names.vocabulary import EncodedNames
from dinorc._training.new_network import new_network, predictor_of
from dinorc._training.progress import ProgressBar

if TYPE_CHECKING:
    from dinorc._training.run import TrainingRun

_NAMES = 5  # in a line
_LINES = 10  # in a whole training of many epochs
_LONGEST = 40  # characters; the first epochs make endless names


class Glimpses:
    """Names of a network in training, after the first epoch and about ten times in all.

    They are drawn by a copy of the weights that would be kept by now, and from a random stream of
    their own, so that the training goes on as if nobody had looked.
    """

    def __init__(self, run: TrainingRun) -> None:
        """Look at this run, from the epoch on that it has come to."""
        self._run = run
        self._every = max(1, run.settings.max_epochs // _LINES)
        self._next = len(run.record.results) + 1

    def show(self, progress: ProgressBar) -> None:
        """Show names if it is time and there is a place for them."""
        record = self._run.record  # another thread may replace it
        epoch = len(record.results)
        if epoch < self._next or record.kept is None or not progress.shows_names:
            return
        self._next = epoch + self._every
        data, settings = self._run.data, self._run.settings
        network = new_network(settings, data.vocabulary, len(data.labels))
        network.flat[:] = record.kept.parameters
        names = []
        for place in range(_NAMES):
            # Of each label in turn; the stream begins with the place, too.
            label = place % len(data.labels) if data.labels else None
            seed = epoch * _NAMES + place
            drawn = predictor_of(network, label).sample(1, seed, _LONGEST, 1)
            names += data.vocabulary.decode(EncodedNames(*drawn))
        progress.show_names(f"epoch {epoch}", [name for name in names if name.strip()])
