"""A network as settings describe it, and what it makes of names with one label."""

from __future__ import annotations

from dinorc import _core
from dinorc._names.vocabulary import Vocabulary
from dinorc._predictor import Predictor
from dinorc._training.settings import Settings


def new_network(
    settings: Settings, vocabulary: Vocabulary, label_count: int = 0
) -> _core.CharacterNetwork:
    """Return a network with these settings, all its parameters zero."""
    return _core.CharacterNetwork(
        settings.cell,
        settings.dtype,
        len(vocabulary),
        settings.hidden_size,
        settings.embedding_size or 0,
        label_count,
    )


def predictor_of(network: _core.CharacterNetwork, label: int | None) -> Predictor:
    """Return what predicts the names with this label; None: where names have none."""
    return network if label is None else _core.LabelledNetwork(network, label)
