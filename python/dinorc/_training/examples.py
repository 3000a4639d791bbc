"""Names to learn or to judge a model by, with their labels and weights, encoded."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from dinorc._judging.calibration import exact_sum
from dinorc._names.vocabulary import EncodedNames, Vocabulary
from dinorc._predictor import Predictor
from dinorc._validation import Array


class Examples(NamedTuple):
    """Names, by their characters and then by their labels, each as often as it is in the list."""

    names: EncodedNames
    labels: Array | None = None  # [names], int32: the number of each one's label
    weights: Array | None = None  # [names], float64, above 0: how much each counts; None: 1

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.names.ends)

    def with_labels(self, vocabulary: Vocabulary) -> EncodedNames:
        """Return the names as a network reads them: each with its label ahead, if it has one.

        The id of a label is its number added to the size of the vocabulary.
        """
        if self.labels is None:
            return self.names
        begins = self.names.ends - np.diff(self.names.ends, prepend=0)
        symbols = np.insert(self.names.characters, begins, self.labels + np.int32(len(vocabulary)))
        return EncodedNames(symbols, self.names.ends + np.arange(1, self.size + 1))

    def part(self, places: Array) -> Examples:
        """Return those in these places, in this order."""
        lengths = np.diff(self.names.ends, prepend=0)
        begins, chosen = self.names.ends - lengths, lengths[places]
        ends = np.cumsum(chosen)
        inside = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - chosen, chosen)
        return Examples(
            EncodedNames(self.names.characters[np.repeat(begins[places], chosen) + inside], ends),
            None if self.labels is None else self.labels[places],
            None if self.weights is None else self.weights[places],
        )

    def and_these(self, others: Examples) -> Examples:
        """Return these and others, which are known in the same ways."""
        return Examples(
            EncodedNames(
                np.concatenate([self.names.characters, others.names.characters]),
                np.concatenate([self.names.ends, self.names.ends[-1] + others.names.ends]),
            ),
            _both(self.labels, others.labels),
            _both(self.weights, others.weights),
        )

    def drawn_by_weight(self) -> Examples:
        """Return as many, without weights, each as often as its weight demands."""
        if self.weights is None:
            return self
        sums = np.cumsum(self.weights)
        places = (np.arange(self.size) + 0.5) * (sums[-1] / self.size)
        drawn = self.part(np.searchsorted(sums, places, side="right").clip(max=self.size - 1))
        return drawn._replace(weights=None)

    def by_label(self) -> list[tuple[int | None, Array]]:
        """Return each label that there is, and the places of the names that have it."""
        if self.labels is None:
            return [(None, np.arange(self.size))]
        labels = np.unique(self.labels).tolist()
        return [(label, np.flatnonzero(self.labels == label)) for label in labels]


def is_other_than_before(names: list[str]) -> Array:
    """Tell of each of sorted names whether it is no copy of the one before."""
    is_new = np.ones(len(names), bool)
    is_new[1:] = np.fromiter(map(operator.ne, names, names[1:]), bool, len(names) - 1)
    return is_new


def sums_of_copies(weights: Array, is_new: Array) -> Array:
    """Return the weights of sorted names, each with those of its copies, which follow it."""
    sums: Array = np.bincount(np.cumsum(is_new) - 1, weights)  # one by one
    return sums


def _both(one: Array | None, other: Array | None) -> Array | None:
    return None if one is None or other is None else np.concatenate([one, other])


def mean_loss(
    predictor_of: Callable[[int | None], Predictor], examples: Examples, n_jobs: int
) -> float:
    """Return nats per character, ends of names included, each name under its own label."""
    if examples.labels is None and examples.weights is None:
        return predictor_of(None).mean_loss(*examples.names, n_jobs)
    scores = np.empty(examples.size)
    for label, places in examples.by_label():
        names = examples.part(places).names
        scores[places] = predictor_of(label).score(*names, -math.inf, n_jobs)
    lengths = np.diff(examples.names.ends, prepend=0).astype(np.float64)
    weights = np.ones(examples.size) if examples.weights is None else examples.weights
    return -exact_sum(scores * weights) / exact_sum(lengths * weights)


def character_scores(
    predictors: Sequence[Callable[[int | None], Predictor]], examples: Examples, n_jobs: int
) -> Array:
    """Return what each model makes of each character, [models][characters], in nats.

    The names are ordered by label; weights have no effect.
    """
    groups = [(label, examples.part(places).names) for label, places in examples.by_label()]
    return np.array(
        [
            np.concatenate(
                [of(label).score_each_character(*names, n_jobs) for label, names in groups]
            )
            for of in predictors
        ]
    )
