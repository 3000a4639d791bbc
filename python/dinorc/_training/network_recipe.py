"""What "auto" stands for among the settings of a network: by the list, and what it starts from."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, NamedTuple

from dinorc._training.settings import NetworkSettings, Settings


class NetworkRecipe(NamedTuple):
    """What suits lists of up to this many distinct names, all of which are learned.

    Other lists as long have told how many epochs are right. Names held out from a short one would
    say little, and be missed.
    """

    most_names: float
    max_epochs: int
    learning_rate: float
    dropout: float
    batch_size: int
    weight_decay: float = 0.03
    schedule: str = "averaged"
    epochs_more_with_labels: int = 0  # each label has only a part of the names to learn it by


FROM_A_BASE = (
    NetworkRecipe(100, 10, 2e-3, 0.6, 8),
    NetworkRecipe(500, 7, 4e-3, 0.5, 8),
    NetworkRecipe(2_000, 14, 8e-3, 0.6, 8),
    NetworkRecipe(10_000, 8, 6e-3, 0.3, 16),
    NetworkRecipe(float("inf"), 12, 4e-3, 0.2, 32, epochs_more_with_labels=4),
)
FROM_RANDOM_WEIGHTS = (
    NetworkRecipe(500, 10, 8e-3, 0.5, 8),
    NetworkRecipe(2_000, 14, 8e-3, 0.5, 8),
    NetworkRecipe(10_000, 10, 8e-3, 0.4, 16),
    NetworkRecipe(float("inf"), 16, 4e-3, 0.2, 32, epochs_more_with_labels=4),
)
# Where the number of epochs is given, the best of them is found by names held out.
_FOR_GIVEN_EPOCHS: dict[str, Any] = {
    "learning_rate": 4e-3,
    "dropout": 0.4,
    "weight_decay": 0.01,
    "schedule": "one-cycle",
}
_HELD_OUT = 0.1


def share_to_hold_out(asked: NetworkSettings) -> float:
    """Return the share of the names that is held out if there is no validation list."""
    if not isinstance(asked.validation_fraction, str):
        return asked.validation_fraction
    return 0.0 if asked.max_epochs == "auto" and asked.patience is None else _HELD_OUT


def settled(
    asked: NetworkSettings, names: int, from_a_base: bool, with_labels: bool = False
) -> Settings:
    """Return the settings for a list of so many distinct names, none of them "auto" any more.

    Only `batch_size` still is where the number of epochs is given.
    """
    usual = _FOR_GIVEN_EPOCHS
    if asked.max_epochs == "auto":
        recipes = FROM_A_BASE if from_a_base else FROM_RANDOM_WEIGHTS
        recipe = next(recipe for recipe in recipes if names <= recipe.most_names)
        usual = recipe._asdict()
        usual["max_epochs"] += recipe.epochs_more_with_labels if with_labels else 0
    values = asdict(asked) | {"validation_fraction": share_to_hold_out(asked)}
    unsaid = {name: usual[name] for name in values if values[name] == "auto" and name in usual}
    return Settings(**values | unsaid)


def as_before(asked: NetworkSettings, before: Settings) -> Settings:
    """Return the settings to go on with, of which those that are "auto" are as they were."""
    values = asdict(asked)
    return Settings(**{n: getattr(before, n) if v == "auto" else v for n, v in values.items()})
