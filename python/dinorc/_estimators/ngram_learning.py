"""Counts the n-grams of a list: of all its names, and of those with each label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from dinorc import _core
from dinorc._build_info import build_info
from dinorc._names.vocabulary import Vocabulary
from dinorc._predictor import Predictor
from dinorc._storage.learned_ngrams import LabelledNGrams, LearnedNGrams, NGrams
from dinorc._training.data import TrainingData, folds, label_counts
from dinorc._training.examples import Examples, character_scores
from dinorc._training.ngram_settings import NGramSettings
from dinorc._validation import Array

_FOLDS = 3  # by which the weight of a label's own n-grams is found,
_ALL_FOLDS = 3_000  # all of them for up to so many names; else one is enough
_PRIOR_CHARACTERS = 30.0  # that this weight is a half counts as so many characters
_LARGEST_COUNT = 2**32 - 1  # of all names together, as the core counts


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
        labelled=_labelled(data, settings, seed) if data.labels else None,
    )


def _count(
    examples: Examples, vocabulary: Vocabulary, settings: NGramSettings, seed: int
) -> tuple[NGrams, Array]:
    """Return the n-grams of some names, and the losses of the orders."""
    names = vocabulary.decode(examples.names)
    copies: dict[str, float]
    if examples.weights is None:
        copies = dict(Counter(sorted(names)))
    else:
        copies = dict.fromkeys(sorted(names), 0.0)
        for name, weight in zip(names, examples.weights.tolist(), strict=True):
            copies[name] += weight
    counts = np.maximum(np.rint(np.array(list(copies.values()), np.float64)), 1).astype(np.int64)
    if counts.sum() > _LARGEST_COUNT:
        raise ValueError(f"counts sum up to {counts.sum():,}; expected {_LARGEST_COUNT:,} or less")
    learned = _core.learn_ngrams(
        len(vocabulary),
        *vocabulary.encode(copies),
        counts.astype(np.uint32),
        *settings.orders(),
        seed,
    )
    order_losses = learned.pop("losses")
    return NGrams(**learned), order_losses


def _labelled(data: TrainingData, settings: NGramSettings, seed: int) -> LabelledNGrams:
    """Return the n-grams of each label, and how much they count beside those of all names.

    The weight is the one under which names are likeliest that neither has learned.
    """
    scores = []
    parts = folds(data, _FOLDS, seed)
    for fold in parts if data.training.size <= _ALL_FOLDS else parts[:1]:
        assert fold.validation is not None
        shared, _ = _count(fold.training, data.vocabulary, settings, seed)
        of_all = shared.model(data.vocabulary)
        own = {
            label: _count(fold.training.part(places), data.vocabulary, settings, seed)[0]
            for label, places in fold.training.by_label()
        }
        models = {label: ngrams.model(data.vocabulary) for label, ngrams in own.items()}
        both: Sequence[Callable[[int | None], Predictor]] = [
            lambda label, of_all=of_all: of_all,  # type: ignore[misc]
            lambda label, of_all=of_all, models=models: models.get(label, of_all),  # type: ignore[misc]
        ]
        scores.append(character_scores(both, fold.validation.drawn_by_weight(), 1))
    prior = np.array([0.5, 0.5])
    weights = prior
    if scores:
        weights, _ = _core.mixture_weights(np.concatenate(scores, axis=1), prior, _PRIOR_CHARACTERS)
    ngrams = [
        _count(data.training.part(places), data.vocabulary, settings, seed)[0]
        for _, places in data.training.by_label()
    ]
    return LabelledNGrams(tuple(ngrams), weights)
