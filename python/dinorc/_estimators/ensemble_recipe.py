"""What `Ensemble` is by default: its members, and how their weights are found, by the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from dinorc._estimators.char_rnn import CharRNN
from dinorc._estimators.name_model import NameModel
from dinorc._estimators.ngram import NGram


class Recipe(NamedTuple):
    """What suits lists of up to this many distinct names."""

    most_names: float
    networks: int  # how many networks, each from a seed of its own
    network: dict[str, Any]  # their settings, where they are not those of CharRNN
    network_weight: float  # of all networks together, where nothing better is known
    validation_fraction: float  # of the names, by which epochs and weights are chosen; 0: none
    folds: int  # where no names are held out: the parts for cross-fitting; 0: the weights stay
    prior_characters: float  # how many held-out characters it takes to doubt the weights above


# Five of which, one of them in cross-fitting, are learned in the time of two of CharRNN's.
_FASTER = {
    "max_epochs": 8,
    "learning_rate": 10e-3,
    "dropout": 0.4,
    "batch_size": 16,
    "weight_decay": 0.03,
    "schedule": "averaged",
}
RECIPES = (
    Recipe(100, 3, {}, 0.8, 0.0, 2, 300.0),
    Recipe(500, 3, {}, 0.75, 0.0, 2, 300.0),
    Recipe(2_000, 4, _FASTER, 0.65, 0.0, 2, 300.0),
    Recipe(10_000, 4, {}, 0.65, 0.05, 0, 300.0),
    Recipe(float("inf"), 2, {}, 0.6, 0.02, 0, 300.0),
)


def recipe_for(names: int) -> Recipe:
    """Return the recipe for a list of so many distinct names."""
    return next(recipe for recipe in RECIPES if names <= recipe.most_names)


def default_members(recipe: Recipe, bases: Sequence[Any] = ()) -> list[NameModel]:
    """Return the models to train, the networks from one of the bases each, if there are any."""
    starts = [bases[i % len(bases)] if bases else None for i in range(recipe.networks)]
    return [*(CharRNN(**recipe.network, base=base) for base in starts), NGram()]


def prior_weights(recipe: Recipe, members: Sequence[object]) -> list[float]:
    """Return a weight for each member: networks share theirs, and so do all others."""
    are_networks = [isinstance(member, CharRNN) for member in members]
    networks, others = sum(are_networks), len(members) - sum(are_networks)
    if not networks or not others:
        return [1 / len(members)] * len(members)
    share, rest = recipe.network_weight / networks, (1 - recipe.network_weight) / others
    return [share if is_network else rest for is_network in are_networks]
