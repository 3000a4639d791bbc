"""What CharRNN has after training: network, vocabulary, record; as plain state and as one hash."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dinorc import _core
from dinorc._names.spelling import Spelling
from dinorc._names.vocabulary import Vocabulary
from dinorc._predictor import Predictor
from dinorc._storage.learned_model import LearnedModel, common_fields, labels_of
from dinorc._storage.model_state import (
    checkpoint_from_state,
    checkpoint_state,
    history_from_state,
    history_state,
    require_numbers,
    require_type,
)
from dinorc._training.new_network import new_network, predictor_of
from dinorc._training.run import Checkpoint, EpochResult
from dinorc._training.settings import ADDED_LATER, Settings, stored
from dinorc._validation import Array, require_integer

HASH_DIGITS = 64  # of the hash of a list of names; a validation list's hash follows it


@dataclass(frozen=True, kw_only=True)
class TrainedNetwork(LearnedModel):
    """Everything that training, or another source of weights, has given."""

    predictor: _core.CharacterNetwork
    settings: Settings  # of the training run, whatever set_params has changed since
    names_hash: str = ""  # of the lists, which have to be given to `resume` again
    results: tuple[EpochResult, ...] = ()
    best_epoch: int = 0
    interrupted: bool = False
    checkpoint: Checkpoint | None = None  # None: training can't be resumed

    def _labelled(self, label: int) -> Predictor:
        return predictor_of(self.predictor, label)

    def hidden_states(self, prefix: Array, label: str | None) -> Array:
        """Return the hidden output after 0, 1, ... characters of a name with this label."""
        predictor: Any = self.predictor if label is None else self.predictor_of(label)
        states: Array = predictor.hidden_states(prefix)
        return states

    @property
    def spelling(self) -> Spelling:
        """As the names were learned."""
        return self.settings.spelling

    @property
    def parameters(self) -> dict[str, Array]:
        """The parameters by name: views into the network, without a copy."""
        return self.predictor.parameters

    @property
    def shaping_settings(self) -> dict[str, Any]:
        """The settings that the parameters depend on, apart from the seed.

        For weights that were not trained here, only the settings of the network are known.
        """
        is_of_training = self.names_report is not None
        return self.settings.shaping() if is_of_training else self.settings.architecture()

    def require_resumable(self, settings: Settings, float_contract_version: int) -> Checkpoint:
        """Return the checkpoint, if training can go on from it with these settings."""
        if self.checkpoint is None:
            raise ValueError(
                "there is no training run to go on with; expected one that was interrupted, or a "
                "complete one with schedule='constant' and now a larger max_epochs"
            )
        self.require_float_contract(float_contract_version)
        now, then = settings.shaping(), self.settings.shaping()
        if self.settings.schedule == "constant":
            # Only with this schedule do an epoch's steps not depend on how many will follow.
            epochs, done = now.pop("max_epochs"), len(self.results)
            then.pop("max_epochs")
            if epochs < done or (epochs == done and not self.interrupted):
                raise ValueError(
                    f"max_epochs is {epochs}, and {done} are done; expected a larger one to go on"
                )
        for name in now | then:
            usual = ADDED_LATER.get(name)
            value, before = now.get(name, usual), then.get(name, usual)
            if value != before:
                raise ValueError(
                    f"{name} is {value!r}, and was {before!r} in fit; expected the same"
                )
        return self.checkpoint

    def fingerprint(self) -> str:
        """Return the SHA-256 of the parameters, the vocabulary and the settings behind them."""
        return self._hash(self.shaping_settings, [self.predictor.flat])

    def state(self) -> dict[str, Any]:
        """Return the model as arrays and as facts that JSON can hold."""
        state = self._common_state()
        state["arrays"] |= {
            "parameters": self.predictor.flat,
            "history": history_state(self.results),
        }
        state["facts"] |= {
            "settings": stored(self.settings),
            "names_hash": self.names_hash,
            "best_epoch": self.best_epoch,
            "interrupted": self.interrupted,
            "checkpoint": None,
        }
        if self.checkpoint is not None:
            more_arrays, state["facts"]["checkpoint"] = checkpoint_state(self.checkpoint)
            state["arrays"] |= more_arrays
        return state

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> TrainedNetwork:
        """Return the model that `state` describes, with copies of its arrays; or STATE_ERRORS."""
        arrays: Mapping[str, Array] = state["arrays"]
        facts: Mapping[str, Any] = state["facts"]
        settings = Settings.checked(facts["settings"])
        vocabulary, labels = Vocabulary(facts["vocabulary"]), len(labels_of(facts))
        size = sum(
            math.prod(shape) for shape in parameter_shapes(settings, vocabulary, labels).values()
        )
        # Checked before a network is made, as its memory depends on what the settings claim.
        parameters = require_numbers("parameters", arrays["parameters"], settings.dtype, size)
        network = new_network(settings, vocabulary, labels)
        network.flat[:] = parameters
        fields = common_fields(arrays, facts, vocabulary)
        results = history_from_state(arrays["history"])
        best_epoch = require_integer(
            "best_epoch", facts["best_epoch"], min(1, len(results)), len(results)
        )
        names_hash = require_type("names_hash", facts["names_hash"], str)
        # If not, further epochs would lack the validation loss that those before have, or add one.
        is_validated = settings.validation_fraction > 0 or len(names_hash) > HASH_DIGITS
        if results and is_validated != (results[0].validation_loss is not None):
            raise ValueError("history and settings differ in whether there are validation losses")
        return cls(
            **fields,
            predictor=network,
            settings=settings,
            names_hash=names_hash,
            results=results,
            best_epoch=best_epoch,
            interrupted=require_type("interrupted", facts["interrupted"], bool),
            checkpoint=checkpoint_from_state(
                arrays,
                facts["checkpoint"],
                results,
                best_epoch,
                network.flat,
                is_averaged=settings.schedule == "averaged",
            ),
        )


def parameter_shapes(
    settings: Settings, vocabulary: Vocabulary, label_count: int
) -> dict[str, tuple[int, ...]]:
    """Return the network's parameter shapes in the order of its buffer, without making it."""
    # The smallest network with this cell has one column or row for each of the cell's blocks.
    smallest = _core.CharacterNetwork(settings.cell, settings.dtype, 2, 1, 0).parameters
    units, characters = settings.hidden_size, len(vocabulary)
    symbols = characters + label_count
    shapes: dict[str, tuple[int, ...]] = {}
    if settings.embedding_size is not None:
        shapes["embedding"] = (symbols, settings.embedding_size)
    inputs = settings.embedding_size or symbols
    return shapes | {
        "input_weights": (inputs, smallest["input_weights"].shape[1] * units),
        "recurrent_weights": (smallest["recurrent_weights"].shape[0] * units, units),
        "output_weights": (characters, units),
        "bias": (len(smallest["bias"]) * units,),
        "output_bias": (characters,),
    }
