"""The kinds of model that an ensemble can have as members; a file can hold them alone, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dinorc._names.vocabulary import Vocabulary
from dinorc._storage.learned_model import LearnedModel, labels_of
from dinorc._storage.learned_ngrams import LearnedNGrams
from dinorc._storage.learned_ngrams import parameter_shapes as ngram_shapes
from dinorc._storage.trained_network import TrainedNetwork, parameter_shapes
from dinorc._training.ngram_settings import NGramSettings
from dinorc._training.settings import NetworkSettings, Settings

Shapes = dict[str, tuple[int, ...]]


class Kind(NamedTuple):
    """What it takes to write one kind of model to a file and to read it again."""

    model: type[LearnedModel]  # gives a state and is made from one
    settings: Callable[[Mapping[str, Any]], Any]  # checks the estimator's settings
    # The parameters, by the array of the state that holds them one after the other.
    shapes: Callable[[Mapping[str, Any]], Mapping[str, Shapes]]


def _network_shapes(facts: Mapping[str, Any]) -> dict[str, Shapes]:
    settings, vocabulary = Settings.checked(facts["settings"]), Vocabulary(facts["vocabulary"])
    return {"parameters": parameter_shapes(settings, vocabulary, len(labels_of(facts)))}


def _ngram_shapes(facts: Mapping[str, Any]) -> dict[str, Shapes]:
    return {"parameters": ngram_shapes(facts["order"])}


# By the name in the file; the estimator of each kind is in `_estimators/loading.py`.
MEMBER_KINDS: dict[str, Kind] = {
    "char_rnn": Kind(TrainedNetwork, NetworkSettings.checked, _network_shapes),
    "ngram": Kind(LearnedNGrams, NGramSettings.checked, _ngram_shapes),
}


def kind_of(learned: LearnedModel, kinds: Mapping[str, Kind] = MEMBER_KINDS) -> str:
    """Return the name of the kind that this is."""
    return next(name for name, kind in kinds.items() if kind.model is type(learned))
