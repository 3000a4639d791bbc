"""The kinds of model that a file can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dinorc._names.vocabulary import Vocabulary
from dinorc._storage.learned_model import LearnedModel
from dinorc._storage.learned_ngrams import LearnedNGrams
from dinorc._storage.learned_ngrams import parameter_shapes as ngram_shapes
from dinorc._storage.trained_network import TrainedNetwork, parameter_shapes
from dinorc._training.ngram_settings import NGramSettings
from dinorc._training.settings import Settings


class Kind(NamedTuple):
    """What it takes to write one kind of model to a file and to read it again."""

    model: type[LearnedModel]  # gives a state and is made from one
    settings: Callable[[Mapping[str, Any]], Any]  # checks the estimator's settings
    shapes: Callable[[Mapping[str, Any]], Mapping[str, tuple[int, ...]]]  # of the parameters


def _network_shapes(facts: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    return parameter_shapes(Settings.checked(facts["settings"]), Vocabulary(facts["vocabulary"]))


def _ngram_shapes(facts: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    return ngram_shapes(facts["order"])


# By the name in the file; the estimator of each kind is in `_estimators/loading.py`.
KINDS: dict[str, Kind] = {
    "char_rnn": Kind(TrainedNetwork, Settings.checked, _network_shapes),
    "ngram": Kind(LearnedNGrams, NGramSettings.checked, _ngram_shapes),
}
