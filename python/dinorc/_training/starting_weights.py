"""The weights of another model to start training from, whatever characters each of both has."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from dinorc import _core
from dinorc._names.vocabulary import Vocabulary
from dinorc._validation import Array


@dataclass(frozen=True)
class StartingWeights:
    """A network to start from, the base, its characters and its labels."""

    network: _core.CharacterNetwork
    vocabulary: Vocabulary
    labels: tuple[str, ...] = ()

    def write_to(
        self, network: _core.CharacterNetwork, vocabulary: Vocabulary, labels: tuple[str, ...] = ()
    ) -> None:
        """Overwrite the initial parameters of a network with the same cell and sizes.

        A character that the base lacks starts as its relative does: the same letter in the other
        case or without its accent. Where there is none, either, its weights stay as they were
        drawn, and its output bias is the mean of all. A label that the base lacks starts near
        the beginning of its names, or near its first label.
        """
        ids = _ids_to_start_from(vocabulary, self.vocabulary)
        known = ids >= 0
        base, parameters = self.network.parameters, network.parameters
        inputs = "embedding" if "embedding" in parameters else "input_weights"
        for name, array in parameters.items():
            if name in (inputs, "output_weights", "output_bias"):
                array[: len(vocabulary)][known] = base[name][ids[known]]
            else:
                array[:] = base[name]
        starts = base[inputs][len(self.vocabulary) :] if self.labels else base[inputs][:1]
        if inputs == "input_weights" and not self.labels:
            starts = np.zeros_like(starts)  # names begin with the zero vector
        if self.labels and not labels:
            parameters[inputs][0] = starts[0]
        for place, label in enumerate(labels, start=len(vocabulary)):
            if label in self.labels:
                parameters[inputs][place] = starts[self.labels.index(label)]
            else:
                parameters[inputs][place] += starts[0]  # with what was drawn, labels begin apart
        biases = base["output_bias"].tolist()
        parameters["output_bias"][~known] = math.fsum(biases) / len(biases)


def _ids_to_start_from(characters: Vocabulary, base: Vocabulary) -> Array:
    """Return the id that each character, or else its relative, has in the base; -1: neither is."""
    ids = {character: index for index, character in enumerate(base.characters)}
    return np.array(
        [
            next((ids[one] for one in (each, *_relatives(each)) if one in ids), -1)
            for each in characters.characters
        ]
    )


def _relatives(character: str) -> Iterator[str]:
    """Yield the letter in the other case, then without an accent: "É": "é", "E", "e"."""
    yield from (character.lower(), character.upper())
    # Names are fixed for good, and tell "ø" and "ł", too, which have no decomposition.
    plain = unicodedata.name(character, "").split(" WITH ")[0]
    try:
        letter = unicodedata.lookup(plain)
    except KeyError:
        return
    yield from (letter, letter.lower(), letter.upper())
