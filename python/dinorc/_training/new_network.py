"""A network as settings describe it."""

from __future__ import annotations

from dinorc import _core
from dinorc._names.vocabulary import Vocabulary
from dinorc._training.settings import Settings


def new_network(settings: Settings, vocabulary: Vocabulary) -> _core.CharacterNetwork:
    """Return a network with these settings, all its parameters zero."""
    return _core.CharacterNetwork(
        settings.cell,
        settings.dtype,
        len(vocabulary),
        settings.hidden_size,
        settings.embedding_size or 0,
    )
