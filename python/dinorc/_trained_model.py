"""What CharRNN has after training: network, vocabulary, record; as plain state and as one hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dinorc import _core
from dinorc._names import NamesReport
from dinorc._settings import LARGEST_SEED, Settings
from dinorc._training_run import Checkpoint, EpochResult, KeptWeights, Record
from dinorc._validation import Array, require_integer
from dinorc._vocabulary import Vocabulary

_FINGERPRINT_FORMAT = "dinorc fingerprint 1"


@dataclass(frozen=True)
class TrainedModel:
    """Everything that training, or another source of weights, has come to."""

    network: _core.CharacterNetwork
    vocabulary: Vocabulary
    settings: Settings  # those of the training run, whatever set_params has changed since
    seed: int
    float_contract_version: int
    names: tuple[str, ...] = ()  # the distinct ones that fit was given, by code point
    names_report: NamesReport | None = None  # None: the weights are not of a training run here
    names_hash: str = ""  # of the lists that a resumed run has to be given again
    results: tuple[EpochResult, ...] = ()
    best_epoch: int = 0
    interrupted: bool = False
    checkpoint: Checkpoint | None = None  # None: there is nothing to go on with

    @property
    def is_of_training(self) -> bool:
        """Whether the weights are of a training run here."""
        return self.names_report is not None

    def require_resumable(self, settings: Settings) -> Checkpoint:
        """Return where training goes on, if it can under these settings."""
        if self.checkpoint is None:
            raise ValueError(
                "there is no training run to go on with; expected one that was interrupted, or a "
                "complete one with schedule='constant' and now a larger max_epochs"
            )
        now, then = settings.shaping(), self.settings.shaping()
        if self.settings.schedule == "constant":
            # Only there the steps of an epoch do not depend on how many will follow.
            epochs, done = now.pop("max_epochs"), len(self.results)
            then.pop("max_epochs")
            if epochs < done or (epochs == done and not self.interrupted):
                raise ValueError(
                    f"max_epochs is {epochs}, and {done} are done; expected more to go on"
                )
        for name, value in now.items():
            if value != then[name]:
                raise ValueError(
                    f"{name} is {value!r}, and was {then[name]!r} in fit; expected the same"
                )
        return self.checkpoint

    def fingerprint(self) -> str:
        """Return SHA-256 of the parameters, the vocabulary and what shaped them."""
        settings = self.settings
        facts = {
            "format": _FINGERPRINT_FORMAT,
            "float_contract_version": self.float_contract_version,
            "vocabulary": self.vocabulary.characters,
            # Of weights that were not trained here, the rest of the settings says nothing.
            "settings": settings.shaping() if self.is_of_training else settings.architecture(),
            "seed": self.seed,
        }
        # JSON writes a float as the shortest text that reads back as the same float.
        digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode("ascii"))
        flat = self.network.flat
        digest.update(flat.astype(flat.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()

    def state(self) -> dict[str, Any]:
        """Return the model as arrays and as facts that JSON can hold."""
        arrays: dict[str, Array] = {
            "parameters": self.network.flat,
            "names": np.frombuffer("\n".join(self.names).encode(), np.uint8),
        }
        facts: dict[str, Any] = {
            "settings": asdict(self.settings),
            "vocabulary": self.vocabulary.characters,
            "seed": self.seed,
            "float_contract_version": self.float_contract_version,
            "names_report": None if self.names_report is None else asdict(self.names_report),
            "names_hash": self.names_hash,
            "results": [list(result) for result in self.results],
            "best_epoch": self.best_epoch,
            "interrupted": self.interrupted,
            "checkpoint": None,
        }
        checkpoint = self.checkpoint
        if checkpoint is not None:
            arrays["checkpoint.parameters"] = checkpoint.parameters
            kept = checkpoint.record.kept
            if kept is not None:
                arrays["checkpoint.kept"] = kept.parameters
            trainer = {}
            for name, value in checkpoint.trainer.items():
                if isinstance(value, np.ndarray):
                    arrays[f"checkpoint.trainer.{name}"] = value
                else:
                    trainer[name] = value
            facts["checkpoint"] = {"seconds": checkpoint.seconds, "trainer": trainer}
        return {"arrays": arrays, "facts": facts}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> TrainedModel:
        """Return the model that `state` described; any error in it is a ValueError."""
        try:
            return cls._from_state(state["arrays"], state["facts"])
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"the state of the CharRNN is damaged ({type(error).__name__}: {error}); expected "
                "what a CharRNN of this version was pickled as"
            ) from error

    @classmethod
    def _from_state(cls, arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> TrainedModel:
        settings = Settings.checked(facts["settings"])
        vocabulary = Vocabulary(facts["vocabulary"])
        network = new_network(settings, vocabulary)
        network.flat[:] = _like(network.flat, arrays["parameters"])
        report = facts["names_report"]
        results = tuple(EpochResult(*result) for result in facts["results"])
        best_epoch = require_integer("best_epoch", facts["best_epoch"], 0, len(results))
        checkpoint = None
        if facts["checkpoint"] is not None:
            prefix = "checkpoint.trainer."
            trainer = {
                name.removeprefix(prefix): _native(array)
                for name, array in arrays.items()
                if name.startswith(prefix)
            }
            kept = None
            if "checkpoint.kept" in arrays:
                kept = KeptWeights(best_epoch, _like(network.flat, arrays["checkpoint.kept"]))
            checkpoint = Checkpoint(
                _like(network.flat, arrays["checkpoint.parameters"]),
                {**trainer, **facts["checkpoint"]["trainer"]},
                facts["checkpoint"]["seconds"],
                Record(results, kept),
            )
        return cls(
            network,
            vocabulary,
            settings,
            require_integer("seed", facts["seed"], 0, LARGEST_SEED),
            facts["float_contract_version"],
            _names(arrays["names"]),
            None if report is None else NamesReport(**report),
            facts["names_hash"],
            results,
            best_epoch,
            facts["interrupted"],
            checkpoint,
        )


def new_network(settings: Settings, vocabulary: Vocabulary) -> _core.CharacterNetwork:
    """Return a network of these settings, all parameters zero."""
    return _core.CharacterNetwork(
        settings.cell,
        settings.dtype,
        len(vocabulary),
        settings.hidden_size,
        settings.embedding_size or 0,
    )


def _names(text: Array) -> tuple[str, ...]:
    """Return the names of the UTF-8 bytes that `TrainedModel.state` made of them."""
    names = tuple(text.tobytes().decode().split("\n")) if text.size else ()
    if "" in names or list(names) != sorted(set(names)):
        raise ValueError("the names are not distinct and by code point")
    return names


def _like(flat: Array, array: Array) -> Array:
    """Return a copy of the array, if it is like `flat` but for its byte order."""
    array = _native(array)
    if array.dtype != flat.dtype or array.shape != flat.shape:
        raise ValueError(
            f"parameters are {array.dtype}{list(array.shape)}; expected "
            f"{flat.dtype}{list(flat.shape)}"
        )
    if not np.isfinite(array).all():
        raise ValueError("a parameter is not finite")
    return array


def _native(array: Array) -> Array:
    return np.array(array, dtype=array.dtype.newbyteorder("="))
