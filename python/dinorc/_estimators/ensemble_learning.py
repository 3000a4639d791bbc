"""Trains the members of an ensemble and finds their weights, however it ends."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dinorc import _core
from dinorc._build_info import build_info
from dinorc._estimators.learning import divergence, outcome
from dinorc._predictor import Predictor
from dinorc._storage.learned_model import LearnedModel
from dinorc._storage.trained_ensemble import Fitting, TrainedEnsemble
from dinorc._storage.trained_network import new_network
from dinorc._training.data import TrainingData, folds
from dinorc._training.ensemble_settings import EnsembleSettings, normalised
from dinorc._training.progress import ProgressBar
from dinorc._training.run import Checkpoint, TrainingRun
from dinorc._training.settings import LARGEST_SEED, worker_count
from dinorc._training.side_by_side import train_side_by_side
from dinorc._validation import Array
from dinorc.errors import TrainingDivergedError


@dataclass(frozen=True)
class Member:
    """A member to be: what it is to learn by, or what it has learned."""

    settings: Any
    seed: int
    kept: bool = False  # it came trained, and stays as it is
    learned: LearnedModel | None = None
    checkpoint: Checkpoint | None = None  # to go on from

    def run(self, data: TrainingData, checkpoint: Checkpoint | None = None) -> TrainingRun:
        """Return its training on these names, from its beginning or from a checkpoint."""
        network = new_network(self.settings, data.vocabulary)
        return TrainingRun(network, data, self.settings, self.seed, checkpoint)


def seed_of_member(seed: int, place: int) -> int:
    """Return the seed of the member at this place."""
    return (seed + place) % (LARGEST_SEED + 1)


class EnsembleTraining:
    """One training of all members; Ctrl-C may end it at any point."""

    def __init__(
        self,
        members: Sequence[Member],
        data: TrainingData,
        settings: EnsembleSettings,
        fitting: Fitting,
        seed: int,
    ) -> None:
        self._members = members
        self._data = data
        self._settings = settings
        self._fitting = fitting
        self._seed = seed
        self._threads = worker_count(settings.n_jobs)
        self._names_text = "\n".join(data.names).encode()
        self._runs = {
            i: member.run(data, member.checkpoint)
            for i, member in enumerate(members)
            if member.learned is None
        }
        self._fold_runs: list[dict[int, TrainingRun]] = []
        self._folds: list[TrainingData] = []
        if settings.weights == "auto" and data.validation is None and len(members) > 1:
            self._folds = folds(data, fitting.folds, seed)
            self._fold_runs = [
                {
                    i: member.run(replace(fold, validation=None))
                    for i, member in enumerate(members)
                    if not member.kept
                }
                for fold in self._folds
            ]

    def learn(self) -> TrainedEnsemble:
        """Train; TrainingDivergedError if a number was not finite, whichever member's it is."""
        interrupted = False
        try:
            self._train()
        except KeyboardInterrupt:
            interrupted = True
        models = self._outcomes(interrupted)
        weights, loss = self._first_weights(), None
        if not interrupted and self._settings.weights == "auto":
            try:
                weights, loss = self._fitted_weights(models)
            except KeyboardInterrupt:
                interrupted = True
        return TrainedEnsemble.of(
            models,
            weights,
            vocabulary=self._data.vocabulary,
            settings=self._settings,
            fitting=self._fitting,
            seed=self._seed,
            float_contract_version=build_info()["float_contract_version"],
            names_text=self._names_text,
            names_report=self._data.report,
            names_hash=self._data.names_hash,
            held_out_loss=loss,
            interrupted=interrupted,
        )

    def _train(self) -> None:
        runs = [*self._runs.values(), *(r for runs in self._fold_runs for r in runs.values())]
        progress = ProgressBar(
            self._settings.verbose,
            sum(run.names_in_all for run in runs),
            sum(run.names_seen for run in runs),
        )
        with closing(progress):
            train_side_by_side(
                runs,
                self._threads,
                lambda: progress.show(
                    f"{len(self._members)} members", sum(run.names_seen for run in runs), {}
                ),
            )

    def _outcomes(self, interrupted: bool) -> tuple[LearnedModel, ...]:
        for runs in (self._runs, *self._fold_runs):
            for i, run in runs.items():
                if not run.is_finite:
                    raise TrainingDivergedError(
                        f"members[{i}]: {divergence(run)}; the ensemble is as before", epoch=0
                    )
        models = []
        for i, member in enumerate(self._members):
            model = member.learned
            if model is None:
                is_halfway = interrupted and not self._runs[i].is_complete
                trained, _ = outcome(self._runs[i], member.seed, is_halfway)
                checkpoint = trained.checkpoint if is_halfway else None  # an ensemble ends as one
                model = replace(trained, checkpoint=checkpoint, names_text=self._names_text)
            models.append(model)
        return tuple(models)

    # ---- weights --------------------------------------------------------------------------------

    def _first_weights(self) -> Array:
        """Return the weights before anything is known; a network without an epoch has none."""
        given = self._settings.weights
        prior = self._fitting.prior if isinstance(given, str) else given
        begun = [
            i not in self._runs or bool(self._runs[i].record.results) for i in range(len(prior))
        ]
        active = [
            weight if is_begun else 0.0 for weight, is_begun in zip(prior, begun, strict=True)
        ]
        return normalised(active if any(active) else prior)

    def _fitted_weights(self, models: Sequence[LearnedModel]) -> tuple[Array, float | None]:
        """Return the weights by held-out names, and the loss on these; None: there are none."""
        weights = self._first_weights()
        if self._data.validation is not None:
            scores = [self._scores(self._data, [model.predictor for model in models])]
        else:
            scores = []
            for fold, runs in zip(self._folds, self._fold_runs, strict=True):
                predictors = [
                    runs[i].network if i in runs else model.predictor
                    for i, model in enumerate(models)
                ]
                scores.append(self._scores(fold, predictors))
        if not scores:
            return weights, None
        return _core.mixture_weights(
            np.concatenate(scores, axis=1), weights, self._fitting.prior_characters
        )

    def _scores(self, data: TrainingData, predictors: Sequence[Predictor]) -> Array:
        """Return what each makes of the names held out: [members][characters]."""
        assert data.validation is not None
        return np.array(
            [each.score_each_character(*data.validation, self._threads) for each in predictors]
        )
