"""Trains the members of an ensemble and finds their weights, however it ends."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from dinorc import _core
from dinorc._build_info import build_info
from dinorc._estimators.learning import divergence, outcome, so_far
from dinorc._estimators.ngram_learning import learn_ngrams
from dinorc._predictor import Predictor
from dinorc._storage.learned_model import LearnedModel
from dinorc._storage.trained_ensemble import Fitting, TrainedEnsemble
from dinorc._training.checkpoints import Checkpoints
from dinorc._training.data import TrainingData, folds, label_counts, whole
from dinorc._training.ensemble_settings import EnsembleSettings, normalised
from dinorc._training.examples import Examples, character_scores
from dinorc._training.glimpses import Glimpses
from dinorc._training.new_network import new_network, predictor_of
from dinorc._training.ngram_settings import NGramSettings
from dinorc._training.progress import ProgressBar
from dinorc._training.run import Checkpoint, TrainingRun
from dinorc._training.settings import LARGEST_SEED, Settings, worker_count
from dinorc._training.side_by_side import train_side_by_side
from dinorc._training.starting_weights import StartingWeights
from dinorc._validation import Array
from dinorc.errors import TrainingDivergedError


@dataclass(frozen=True)
class Member:
    """A member to be: what it is to learn by, and what it has learned before."""

    settings: Settings | NGramSettings
    seed: int
    kept: bool = False  # it came trained, and stays as it is
    learned: LearnedModel | None = None
    checkpoint: Checkpoint | None = None  # to go on from
    start: StartingWeights | None = None  # None: random ones


def seed_of_member(seed: int, place: int) -> int:
    """Return the seed of the member at this place."""
    return (seed + place) % (LARGEST_SEED + 1)


class _Members:
    """The members, learning the same names: n-grams at once, networks in runs."""

    def __init__(self, members: Sequence[Member], data: TrainingData, anew: bool = False) -> None:
        self.learned: dict[int, LearnedModel] = {}
        self.runs: dict[int, TrainingRun] = {}
        for i, member in enumerate(members):
            if member.learned is not None and (member.kept or not anew):
                self.learned[i] = member.learned
            elif isinstance(member.settings, NGramSettings):
                self.learned[i] = learn_ngrams(data, member.settings, member.seed)
            else:
                network = new_network(member.settings, data.vocabulary, len(data.labels))
                checkpoint = None if anew else member.checkpoint
                self.runs[i] = TrainingRun(
                    network, data, member.settings, member.seed, checkpoint, member.start
                )

    def scores(self, examples: Examples, n_jobs: int) -> Array:
        """Return what each makes of each character: [members][characters], in nats."""
        predictors: list[Callable[[int | None], Predictor]] = [
            self.learned[i].labelled_predictor
            if i in self.learned
            else partial(predictor_of, self.runs[i].network)
            for i in range(len(self.learned) + len(self.runs))
        ]
        return character_scores(predictors, examples, n_jobs)


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
        self.data = data
        self._settings = settings
        self._fitting = fitting
        self._seed = seed
        self._names_text = "\n".join(data.names).encode()  # the same bytes for all
        self._threads = worker_count(settings.n_jobs)
        self._main = _Members(members, data)
        self._groups = _alike(members)
        self._folds: list[tuple[_Members, Examples]] = []
        if settings.weights == "auto" and data.validation is None and len(self._groups) > 1:
            firsts = [members[group[0]] for group in self._groups]
            for fold in folds(data, fitting.folds, seed):
                assert fold.validation is not None
                learning = _Members(firsts, replace(fold, validation=None), anew=True)
                self._folds.append((learning, fold.validation.drawn_by_weight()))
        # In the end an n-gram learns the names held out, too: it takes a moment.
        self._of_all_names: dict[int, LearnedModel] = {}
        if data.validation_is_part:
            all_names = whole(data)
            for i, member in enumerate(members):
                if isinstance(member.settings, NGramSettings) and not member.kept:
                    counted = learn_ngrams(all_names, member.settings, member.seed)
                    self._of_all_names[i] = counted

    def learn(self, checkpoints: Checkpoints | None = None) -> TrainedEnsemble:
        """Train; TrainingDivergedError if a number was not finite, whichever member's it is."""
        try:
            self._train(checkpoints)
            models = self._outcomes(interrupted=False)
            weights, loss = self._first_weights(), None
            if self._settings.weights == "auto":
                weights, loss = self._fitted_weights()
            return self._trained(models, weights, loss, interrupted=False)
        except KeyboardInterrupt:  # even after the last step, what was learned must not be lost
            models = self._outcomes(interrupted=True)
            return self._trained(models, self._first_weights(), None, interrupted=True)

    def _trained(
        self,
        models: tuple[LearnedModel, ...],
        weights: Array,
        loss: float | None,
        interrupted: bool,
    ) -> TrainedEnsemble:
        return TrainedEnsemble.of(
            models,
            weights,
            vocabulary=self.data.vocabulary,
            labels=self.data.labels,
            label_counts=label_counts(self.data),
            settings=self._settings,
            fitting=self._fitting,
            seed=self._seed,
            float_contract_version=build_info()["float_contract_version"],
            names_text=self._names_text,
            names_report=self.data.report,
            names_hash=self.data.names_hash,
            held_out_loss=loss,
            interrupted=interrupted,
        )

    def _train(self, checkpoints: Checkpoints | None) -> None:
        every = [self._main, *(members for members, _ in self._folds)]
        runs = [run for members in every for run in members.runs.values()]
        progress = ProgressBar(
            self._settings.verbose,
            sum(run.names_in_all for run in runs),
            sum(run.names_seen for run in runs),
        )
        what = f"{len(self._members)} members"
        glimpses = [Glimpses(run) for run in runs[:1]]  # of the first network, if there is one

        def show() -> None:
            progress.show(what, sum(run.names_seen for run in runs), {})
            for each in glimpses:
                each.show(progress)

        with closing(progress):
            train_side_by_side(
                runs,
                self._threads,
                show,
                lambda: checkpoints is not None and checkpoints.is_due,
                lambda: checkpoints.save(self._so_far()) if checkpoints is not None else None,
            )

    def _outcomes(self, interrupted: bool) -> tuple[LearnedModel, ...]:
        """Return what each member has learned."""
        for members in (self._main, *(members for members, _ in self._folds)):
            for i, run in members.runs.items():
                if not run.is_finite:
                    raise TrainingDivergedError(
                        f"members[{i}]: {divergence(run)}; the ensemble is as before", epoch=0
                    )
                if members is not self._main:
                    run.install_best_weights(finite=True)
        networks = {}
        for i, run in self._main.runs.items():
            is_halfway = interrupted and not run.is_complete
            trained, _ = outcome(run, self._members[i].seed, is_halfway)
            # An ensemble goes on as a whole or not at all.
            networks[i] = trained if is_halfway else replace(trained, checkpoint=None)
        return self._with_names(networks)

    def _so_far(self) -> TrainedEnsemble | None:
        """Return a copy of what has been learned; None if a number is not finite."""
        networks = {}
        for i, run in self._main.runs.items():
            trained = so_far(run, self._members[i].seed)
            if trained is None:
                return None
            if run.is_complete:
                trained = replace(trained, interrupted=False, checkpoint=None)
            networks[i] = trained
        models = self._with_names(networks)
        return self._trained(models, self._first_weights(), None, interrupted=True)

    def _with_names(self, networks: Mapping[int, LearnedModel]) -> tuple[LearnedModel, ...]:
        """Return all members, with one text of names for those trained here."""
        learned = {**self._main.learned, **self._of_all_names, **networks}
        return tuple(
            learned[i] if member.kept else replace(learned[i], names_text=self._names_text)
            for i, member in enumerate(self._members)
        )

    def _first_weights(self) -> Array:
        """Return the weights before anything is known; a network without an epoch has none."""
        given = self._settings.weights
        prior = self._fitting.prior if isinstance(given, str) else given
        idle = {i for i, run in self._main.runs.items() if not run.record.results}
        active = [0.0 if i in idle else weight for i, weight in enumerate(prior)]
        return normalised(active if any(active) else prior)

    def _fitted_weights(self) -> tuple[Array, float | None]:
        """Return the weights by held-out names, and the loss on these; None: there are none."""
        first = self._first_weights()
        judges, groups = self._folds, self._groups
        if self.data.validation is not None:
            judges = [(self._main, self.data.validation.drawn_by_weight())]
            groups = [[i] for i in range(len(first))]
        if not judges:
            return first, None
        scores = [members.scores(names, self._threads) for members, names in judges]
        shares = np.array([math.fsum(first[group]) for group in groups])
        fitted, loss = _core.mixture_weights(
            np.concatenate(scores, axis=1), shares, self._fitting.prior_characters
        )
        weights = first.copy()
        for group, share, weight in zip(groups, shares, fitted, strict=True):
            weights[group] *= weight / share if share > 0 else 0.0
        return weights, loss


def _alike(members: Sequence[Member]) -> list[list[int]]:
    """Return the places of the members, those together that differ in seeds and bases alone.

    In cross-fitting one of these stands for all, which takes a fraction of the time.
    """
    groups: dict[object, list[int]] = {}
    for i, member in enumerate(members):
        shared = {"random_state": None, "base": None}
        alike = i if member.kept else repr(vars(member.settings) | shared)
        groups.setdefault(alike, []).append(i)
    return list(groups.values())
