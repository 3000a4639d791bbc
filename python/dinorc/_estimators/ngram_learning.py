"""Counts the n-grams of a list: of all its names, and of those with each label."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np

from dinorc import _core
from dinorc._build_info import build_info
from dinorc._names.vocabulary import EncodedNames, Vocabulary
from dinorc._predictor import Predictor
from dinorc._storage.learned_ngrams import LabelledNGrams, LearnedNGrams, NGrams
from dinorc._training.data import TrainingData, folds, label_counts
from dinorc._training.examples import (
    Examples,
    character_scores,
    is_other_than_before,
    sums_of_copies,
)
from dinorc._training.ngram_settings import NGramSettings
from dinorc._validation import Array

_FOLDS = 3  # by which the weight of a label's own n-grams is found,
_ALL_FOLDS = 3_000  # all of them for up to so many names; else one is enough
_PRIOR_CHARACTERS = 30.0  # that this weight is a half counts as so many characters
_LARGEST_SUM = 2.0**31  # of the counts of all names; the core holds twice as much


def learn_ngrams(data: TrainingData, settings: NGramSettings, seed: int) -> LearnedNGrams:
    """Return what there is to learn from the training names, which may lack some characters."""
    ngrams, order_losses = _count(data.training, data.vocabulary, settings, seed)
    return LearnedNGrams(
        predictor=ngrams.model(data.vocabulary),
        vocabulary=data.vocabulary,
        labels=data.labels,
        label_counts=label_counts(data),
        settings=settings,
        seed=seed,
        float_contract_version=build_info()["float_contract_version"],
        names_text="\n".join(data.names).encode(),
        names_report=data.report,
        ngrams=ngrams,
        order_losses=order_losses,
        labelled=_labelled(data, settings, seed, ngrams) if data.labels else None,
    )


def _count(
    examples: Examples, vocabulary: Vocabulary, settings: NGramSettings, seed: int
) -> tuple[NGrams, Array]:
    """Return the n-grams of some names, and the losses of the orders."""
    names, weights = _distinct(examples, vocabulary)
    learned = _core.learn_ngrams(
        len(vocabulary),
        *names,
        _whole_numbers(weights).astype(np.uint32),
        *settings.orders(),
        seed,
    )
    order_losses = learned.pop("losses")
    return NGrams(**learned), order_losses


def _distinct(examples: Examples, vocabulary: Vocabulary) -> tuple[EncodedNames, Array]:
    """Return the names in ascending order, each once, and the weight of each in all."""
    names = vocabulary.decode(examples.names)
    weights = np.ones(len(names)) if examples.weights is None else examples.weights
    if all(map(operator.lt, names, names[1:])):
        return examples.names, weights
    order = sorted(range(len(names)), key=names.__getitem__)
    is_new = is_other_than_before([names[at] for at in order])
    places = np.array(order)[is_new]
    return examples.part(places).names, sums_of_copies(weights[order], is_new)


def _whole_numbers(weights: Array) -> Array:
    """Return weights as counts of 1 or more, whose sum the core can hold.

    Where one is below 1, such as a share, the least becomes 1; the others in proportion.
    """
    weights = weights / min(1.0, float(weights.min()))
    weights = weights * min(1.0, _LARGEST_SUM / math.fsum(weights.tolist()))
    return np.maximum(np.rint(weights), 1).astype(np.int64)


def _labelled(
    data: TrainingData, settings: NGramSettings, seed: int, of_all: NGrams
) -> LabelledNGrams:
    """Return the n-grams of each label, and how much they count beside those of all names.

    The weight is the one under which names are likeliest that neither has learned.
    """
    scores = []
    used = _FOLDS if data.training.size <= _ALL_FOLDS else 1
    for fold in islice(folds(data, _FOLDS, seed), used):
        assert fold.validation is not None
        shared = _count(fold.training, data.vocabulary, settings, seed)[0].model(data.vocabulary)
        own = {
            label: _count(fold.training.part(places), data.vocabulary, settings, seed)[0]
            for label, places in fold.training.by_label()
        }
        models = {label: ngrams.model(data.vocabulary) for label, ngrams in own.items()}
        both: Sequence[Callable[[int | None], Predictor]] = [
            lambda label, shared=shared: shared,  # type: ignore[misc]
            lambda label, shared=shared, models=models: models.get(label, shared),  # type: ignore[misc]
        ]
        scores.append(character_scores(both, fold.validation.drawn_by_weight(), 1))
    prior = np.array([0.5, 0.5])
    weights = prior
    if scores:
        weights, _ = _core.mixture_weights(np.concatenate(scores, axis=1), prior, _PRIOR_CHARACTERS)
    own = {
        label: _count(data.training.part(places), data.vocabulary, settings, seed)[0]
        for label, places in data.training.by_label()
    }
    # A label all of whose names are held out has those of all names.
    ngrams = tuple(own.get(label, of_all) for label in range(len(data.labels)))
    return LabelledNGrams(ngrams, weights)
