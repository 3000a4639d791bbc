"""What `Ensemble` is by default: its members, and how their weights are found, by the list."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import Any, NamedTuple

from dinorc._estimators.char_rnn import CharRNN
from dinorc._estimators.name_model import NameModel
from dinorc._estimators.ngram import NGram


class Recipe(NamedTuple):
    """What suits lists of up to this many distinct names."""

    most_names: float
    networks: tuple[dict[str, Any], ...]  # from a base: settings of each that are not CharRNN's
    network_weight: float  # of all networks together, where nothing better is known
    validation_fraction: float  # of the names, by which epochs and weights are chosen; 0: none
    folds: int  # where no names are held out: the parts for cross-fitting; 0: the weights stay
    prior_characters: float  # how many held-out characters it takes to doubt the weights above


_Kind = tuple[int, float, float, int]  # max_epochs, learning_rate, dropout, batch_size


def _near_and_far(near: _Kind, far: _Kind) -> tuple[dict[str, Any], ...]:
    """Return two networks that stay near their bases, and two that go far from them.

    Which know a list better depends on how much it is like what the bases have read: the weights of
    the members find out.
    """
    names = ("max_epochs", "learning_rate", "dropout", "batch_size")
    shared = {"weight_decay": 0.03, "schedule": "averaged"}
    return tuple(dict(zip(names, kind, strict=True)) | shared for kind in (near, near, far, far))


RECIPES = (
    Recipe(100, _near_and_far((5, 1e-3, 0.4, 8), (12, 5e-3, 0.6, 8)), 0.8, 0.0, 2, 300.0),
    Recipe(500, _near_and_far((5, 2e-3, 0.3, 8), (12, 8e-3, 0.6, 8)), 0.75, 0.0, 2, 300.0),
    Recipe(2_000, _near_and_far((5, 3e-3, 0.3, 16), (8, 12e-3, 0.4, 16)), 0.65, 0.0, 2, 300.0),
    Recipe(10_000, ({},) * 4, 0.65, 0.05, 0, 300.0),
    Recipe(float("inf"), ({},) * 2, 0.6, 0.02, 0, 300.0),
)


def recipe_for(names: int) -> Recipe:
    """Return the recipe for a list of so many distinct names."""
    return next(recipe for recipe in RECIPES if names <= recipe.most_names)


def default_members(recipe: Recipe, bases: Sequence[Any] = ()) -> list[NameModel]:
    """Return the models to train, the networks from the bases by turns, if there are any.

    From random weights, they learn as a CharRNN by itself does.
    """
    if not bases:
        return [*(CharRNN(base=None) for _ in recipe.networks), NGram()]
    starts = zip(recipe.networks, cycle(bases))
    return [*(CharRNN(**settings, base=base) for settings, base in starts), NGram()]


def prior_weights(recipe: Recipe, members: Sequence[object]) -> list[float]:
    """Return a weight for each member: networks share theirs, and so do all others."""
    are_networks = [isinstance(member, CharRNN) for member in members]
    networks, others = sum(are_networks), len(members) - sum(are_networks)
    if not networks or not others:
        return [1 / len(members)] * len(members)
    share, rest = recipe.network_weight / networks, (1 - recipe.network_weight) / others
    return [share if is_network else rest for is_network in are_networks]
