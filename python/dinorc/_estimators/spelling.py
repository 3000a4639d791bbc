"""How models read names, for those who read lists on their behalf."""

from __future__ import annotations

from dinorc._estimators.estimator import Estimator
from dinorc._names.spelling import Spelling


def spelling_to_learn(model: Estimator) -> Spelling:
    """Return how `fit` will read names."""
    spelling: Spelling = model._settings().spelling
    return spelling


def spelling_learned(model: Estimator) -> Spelling:
    """Return how a trained model reads names."""
    return model._require_trained().spelling
