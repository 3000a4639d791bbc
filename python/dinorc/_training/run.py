"""The training loop of CharRNN: epochs, validation, the best weights, early stopping."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from dinorc import _core
from dinorc._training.data import TrainingData
from dinorc._training.examples import mean_loss
from dinorc._training.glimpses import Glimpses
from dinorc._training.memory import require_memory
from dinorc._training.new_network import new_network, predictor_of
from dinorc._training.progress import ProgressBar
from dinorc._training.settings import Settings, resolve_batch_size, worker_count
from dinorc._training.starting_weights import StartingWeights
from dinorc._validation import Array, require_integer

SLICE = 0.5  # seconds at a time in the core, for the progress bar; Ctrl-C ends one at once


class EpochResult(NamedTuple):
    """What is known after an epoch: a row of `CharRNN.history_`."""

    epoch: int
    training_loss: float
    validation_loss: float | None
    learning_rate: float
    seconds: float


@dataclass(frozen=True)
class KeptWeights:
    """The weights of the epoch with the least validation loss; without validation, of the last."""

    epoch: int
    parameters: Array  # [all parameters]


@dataclass(frozen=True)
class Record:
    """The results of whole epochs. Never changed, only replaced, so that Ctrl-C can't halve it."""

    results: tuple[EpochResult, ...] = ()
    kept: KeptWeights | None = None
    mean: Array | None = None  # [all parameters], over epochs, where these are averaged

    def with_epoch(self, result: EpochResult, weights: Array, is_mean: bool) -> Record:
        """Return the record with one more epoch, after which the model has these weights."""
        kept, loss = self.kept, result.validation_loss
        least = math.inf if kept is None else self.results[kept.epoch - 1].validation_loss
        if loss is None or least is None or loss < least:
            kept = KeptWeights(result.epoch, weights)
        return Record((*self.results, result), kept, weights if is_mean else None)

    @property
    def best_epoch(self) -> int:
        """The epoch of the kept weights; 0: none yet."""
        return 0 if self.kept is None else self.kept.epoch


@dataclass(frozen=True)
class Checkpoint:
    """All that a run needs to go on, apart from settings and names."""

    parameters: Array  # [all parameters], as of the last whole batch
    trainer: dict[str, Any]  # the state of the core's trainer
    seconds: float
    record: Record


class TrainingRun:
    """One run of training, from its beginning or from a checkpoint.

    Ctrl-C may interrupt `run` at any point. The last batch and the record are then whole, and
    going on from there, by `run` or from a checkpoint, gives the bits of an uninterrupted run.
    """

    def __init__(
        self,
        network: _core.CharacterNetwork,
        data: TrainingData,
        settings: Settings,
        seed: int,
        checkpoint: Checkpoint | None = None,
        start: StartingWeights | None = None,
    ) -> None:
        self.network = network
        self.data = data
        self.settings = settings
        self.record = Record()
        self.is_finite = True
        self._n_jobs = worker_count(settings.n_jobs)
        self._seconds_before = 0.0
        self._is_averaged = settings.schedule == "averaged"
        self._name_count = data.training.size
        names = data.training.with_labels(data.vocabulary)
        self._batch_size = resolve_batch_size(settings.batch_size, self._name_count)
        require_memory(network, names, self._batch_size)
        if checkpoint is None:
            network.initialize(seed)
            if start is not None:
                start.write_to(network, data.vocabulary, data.labels)
        else:
            network.flat[:] = checkpoint.parameters
            self.record = checkpoint.record
            self._seconds_before = checkpoint.seconds
        self.trainer = _core.BatchTrainer(
            network,
            *names,
            seed=seed,
            batch_size=self._batch_size,
            epochs=settings.max_epochs,
            optimizer=settings.optimizer,
            learning_rate=settings.learning_rate,
            schedule="constant" if self._is_averaged else settings.schedule,
            weight_decay=settings.weight_decay,
            dropout=settings.dropout,
            clip_value=math.inf if settings.clip_value is None else settings.clip_value,
            clip_norm=math.inf if settings.clip_norm is None else settings.clip_norm,
            weights=data.training.weights,
        )
        if checkpoint is not None:
            # With weights, an epoch may have the longest name again and again.
            longest = int(np.diff(names.ends, prepend=0).max())
            most = names.ends[-1] if data.training.weights is None else longest * self._name_count
            require_integer("characters", checkpoint.trainer["characters"], 0, int(most))
            self.trainer.restore(**checkpoint.trainer)
        self._last_batch: Array | None = None  # its parameters, once others are installed
        self._start = time.perf_counter()
        self.names_seen = self._names_seen()

    def run(self, between: Callable[[], None] = lambda: None) -> None:
        """Train to the end, or until a number is not finite; see `is_finite`.

        `between` is called now and then, after whole batches.
        """
        epochs = self.settings.max_epochs
        progress = ProgressBar(self.settings.verbose, self.names_in_all, self.names_seen)
        glimpses = Glimpses(self)
        with closing(progress):
            while self.advance(self._n_jobs):
                between()
                losses: dict[str, float | None] = {}
                if self.record.results:
                    losses["validation"] = self.record.results[-1].validation_loss
                losses["training"] = self.trainer.epoch_loss
                epoch = self.trainer.epoch + (self.trainer.batch > 0)
                progress.show(f"epoch {epoch}/{epochs}", self.names_seen, losses)
                glimpses.show(progress)

    def advance(self, n_jobs: int) -> bool:
        """Train for a moment; return whether there is more to do."""
        # An epoch without a result has just ended, or its validation was interrupted.
        if self.trainer.epoch > len(self.record.results) and not self._finish_epoch(n_jobs):
            self.is_finite = False
        if not self.is_finite or self.is_complete:
            return False
        self.is_finite = self.trainer.run(SLICE, n_jobs)
        self.names_seen = self._names_seen()
        return self.is_finite

    @property
    def names_in_all(self) -> int:
        """How many names there are to see, each once an epoch."""
        return self.settings.max_epochs * self._name_count

    @property
    def is_complete(self) -> bool:
        """Whether all epochs are done, or as many as validation wants."""
        return len(self.record.results) >= self.settings.max_epochs or self.stopped_early

    @property
    def stopped_early(self) -> bool:
        """Whether the validation loss has not fallen for `patience` epochs."""
        patience = self.settings.patience
        return (
            self.data.validation is not None
            and patience is not None
            and len(self.record.results) - self.record.best_epoch >= patience
        )

    @property
    def seconds(self) -> float:
        """The time spent training so far, without the pauses between runs."""
        return self._seconds_before + time.perf_counter() - self._start

    @property
    def can_take_more(self) -> bool:
        """Whether a complete run could go on with a larger `max_epochs`."""
        return self.settings.schedule == "constant" and not self.stopped_early

    def best_weights(self, finite: bool = True) -> Array:
        """Return the kept weights; if there was no choice, those of the last batch.

        After a number that was not finite, those of the last batch can't be trusted.
        """
        chosen = self._chosen_weights(finite)
        return self._weights_of_last_batch() if chosen is None else chosen

    def install_best_weights(self, finite: bool) -> None:
        """Give the network its best weights. A checkpoint can still be made, but no further step.

        It can be done again, as Ctrl-C may come in the middle.
        """
        chosen = self._chosen_weights(finite)
        if chosen is None:
            return
        if self._last_batch is None:
            self._last_batch = self.network.flat.copy()
        self.network.flat[:] = chosen

    def checkpoint(self) -> Checkpoint | None:
        """Return what a later run can go on from; None if it has a number that is not finite."""
        state, parameters = self.trainer.state(), self._weights_of_last_batch()
        if not all(np.isfinite(array).all() for array in (parameters, state["moments"])):
            return None
        return Checkpoint(parameters.copy(), state, self.seconds, self.record)

    def _chosen_weights(self, finite: bool) -> Array | None:
        kept, is_chosen = self.record.kept, self.data.validation is not None or self._is_averaged
        return kept.parameters if kept is not None and (is_chosen or not finite) else None

    def _weights_of_last_batch(self) -> Array:
        return self.network.flat if self._last_batch is None else self._last_batch

    def _names_seen(self) -> int:
        in_this_epoch = min(self.trainer.batch * self._batch_size, self._name_count)
        return self.trainer.epoch * self._name_count + in_this_epoch

    def _finish_epoch(self, n_jobs: int) -> bool:
        """Validate and record the epoch; False instead if the loss or a parameter is not finite."""
        is_validated = self.data.validation is not None
        judges = self.data.validation or self.data.probe
        judged, weights = self.network, self._weights_after_epoch()
        if self._is_averaged and is_validated:
            judged = new_network(self.settings, self.data.vocabulary, len(self.data.labels))
            judged.flat[:] = weights
        loss = mean_loss(partial(predictor_of, judged), judges, n_jobs)
        if not (math.isfinite(loss) and np.isfinite(weights).all()):
            return False
        validation_loss = loss if is_validated else None
        result = EpochResult(
            self.trainer.epoch,
            self.trainer.epoch_loss,
            validation_loss,
            self.trainer.learning_rate,
            self.seconds,
        )
        self.record = self.record.with_epoch(result, weights, self._is_averaged)
        return True

    def _weights_after_epoch(self) -> Array:
        """Return the weights to judge and perhaps to keep: those of now, or the mean over epochs.

        The first quarter of the epochs is left out of the mean.
        """
        now, before = self.network.flat, self.record.mean
        epochs = self.trainer.epoch - self.settings.max_epochs // 4
        if before is None or epochs <= 1:
            return now.copy()
        mean: Array = before + (now - before) / epochs
        return mean
