"""Models that are saved while their training goes on, and whether one has learned anything new."""

from __future__ import annotations

from collections.abc import Callable

from dinorc._estimators.estimator import Estimator
from dinorc._storage.learned_model import LearnedModel
from dinorc._training.checkpoints import Checkpoints


def save_during_training(
    model: Estimator, seconds: float, save: Callable[[Estimator], None]
) -> None:
    """Have `save` called with a model of what has been learned, every so many seconds of `fit`.

    Its training can be resumed, to the bits of one that was not stopped.
    """
    settings = model._settings(verbose="auto")
    model._checkpoints = Checkpoints(
        seconds, lambda trained: save(type(model)._of_learned(settings, trained))
    )


def what_is_learned(model: Estimator) -> LearnedModel | None:
    """Return what a model has learned, another object after each `fit` and `resume`."""
    return model._trained
