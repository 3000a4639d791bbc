"""What every model of names has once it has learned, however it learns."""

from __future__ import annotations

import hashlib
import json
import math
from abc import ABCMeta, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from dinorc import _core
from dinorc._core import KnownNames
from dinorc._judging.calibration import Calibration, calibration_from_state, calibration_state
from dinorc._names.cleaning import NamesReport
from dinorc._names.listed_names import MOST_LABELS, clean_label, shown_labels
from dinorc._names.spelling import AS_IT_IS, Spelling
from dinorc._names.vocabulary import Vocabulary
from dinorc._predictor import Predictor
from dinorc._storage.model_state import names_text_from_state, report_from_state
from dinorc._training.settings import LARGEST_SEED
from dinorc._validation import Array, require_finite_real, require_integer

RARE = -13.815510557964274  # log(1e-6), of a character that is one in a million

_FINGERPRINT_FORMAT = "dinorc fingerprint 1"
_MOST_LEFT_OUT = 2**53  # so many characters are exact as a float

# What `from_state` may raise for a state that is damaged or made up.
STATE_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, kw_only=True)
class LearnedModel(metaclass=ABCMeta):
    """What scoring, drawing, judging and saving use; replaced as a whole or not at all."""

    predictor: Predictor
    vocabulary: Vocabulary
    seed: int
    float_contract_version: int
    names_text: bytes = b""  # `names` as UTF-8, separated by line ends
    # How many characters the names had that `save` has left out, ends included; 0: none were.
    names_left_out: int = 0
    names_report: NamesReport | None = None  # None: it was not trained on a list here
    calibration: Calibration | None = None  # None: there is no threshold to judge names by
    labels: tuple[str, ...] = ()  # by code point; empty: names have none
    label_counts: tuple[float, ...] = ()  # how many names have each, in copies or counts
    label_calibrations: Mapping[str, Calibration] = field(default_factory=dict)  # of some labels

    @property
    def spelling(self) -> Spelling:
        """Which differences of spelling count."""
        return AS_IT_IS

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The distinct names that fit was given, by code point.

        As a text they take a tenth of the memory, and most models are never asked for them.
        """
        return tuple(self.names_text.decode().split("\n")) if self.names_text else ()

    @cached_property
    def known_names(self) -> KnownNames | None:
        """The names, for the core to look them up; None if there are none."""
        return self.vocabulary.known_names(self.names)

    @cached_property
    def characters_read(self) -> int:
        """How many characters the distinct names have, ends included; 0: it is not known."""
        return self._characters_of_names()

    @cached_property
    def unseen_log_probability(self) -> float:
        """The log-probability to expect of a character that the vocabulary lacks.

        As if one of the characters read had been new, and any of as many as are known.
        """
        read = self.characters_read
        return (
            -float(_core.log(np.array([float(read * len(self.vocabulary))]))[0]) if read else RARE
        )

    # ---- labels ---------------------------------------------------------------------------------

    def predictor_of(self, label: str | None = None) -> Predictor:
        """Return what predicts the names with this label; None: with any, or where there is none.

        Raises ValueError if there is no such label.
        """
        if label is None:
            return self._mixture if self.labels else self.predictor
        return self.labelled_predictor(self.labels.index(self.known_label(label)))

    def known_label(self, label: object) -> str:
        """Return a label as the model has it; or raise ValueError."""
        clean = clean_label(label, "label")
        if clean not in self.labels:
            raise ValueError(
                f"label is {clean!r}; expected one of {shown_labels(self.labels)}"
                if self.labels
                else f"label is {clean!r}, and the model knows none; expected none, or a model "
                "that was fitted with labels"
            )
        return clean

    def labelled_predictor(self, label: int | None) -> Predictor:
        """Return what predicts the names with the label of this number; None: there are none."""
        if label is None:
            return self.predictor
        return self._labelled_predictors[label]

    @cached_property
    def _labelled_predictors(self) -> list[Predictor]:
        return [self._labelled(label) for label in range(len(self.labels))]

    @cached_property
    def _mixture(self) -> Predictor:
        labels = [self.labelled_predictor(label) for label in range(len(self.labels))]
        return _core.LabelMixture(labels, self.log_label_shares)

    @cached_property
    def log_label_shares(self) -> Array:
        """The logarithm of the share of names with each label, float64."""
        whole = math.fsum(self.label_counts)
        return _core.log(np.array([count / whole for count in self.label_counts]))

    def _labelled(self, label: int) -> Predictor:
        """Return what predicts the names with the label of this number; for models with labels."""
        raise NotImplementedError

    def without_names(self) -> Self:
        """Return the same model without the names."""
        return replace(self, names_text=b"", names_left_out=self._characters_of_names())

    def _characters_of_names(self) -> int:
        return len(self.names_text.decode()) + 1 if self.names_text else self.names_left_out

    def require_float_contract(self, version: int) -> None:
        """Raise unless the model was trained under this version of the float contract."""
        if version != self.float_contract_version:
            raise ValueError(
                f"the model was trained under version {self.float_contract_version} of the float "
                f"contract, and this dinorc keeps version {version}; expected the same, as the "
                "resulting bits would be those of neither"
            )

    @property
    @abstractmethod
    def parameters(self) -> Mapping[str, Array]:
        """Views, by name, of the numbers that the state has as its `parameter_arrays`."""

    @property
    def parameter_arrays(self) -> tuple[str, ...]:
        """The names of the state's arrays that are made up of the parameters, one after another."""
        return ("parameters",)

    @abstractmethod
    def fingerprint(self) -> str:
        """Return the SHA-256 of what was learned, the vocabulary and the settings behind them."""

    @abstractmethod
    def state(self) -> dict[str, Any]:
        """Return the model as arrays and as facts that JSON can hold."""

    @classmethod
    @abstractmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Return the model that `state` describes, with copies of its arrays; or STATE_ERRORS."""

    def _hash(self, settings: Mapping[str, Any], learned: Iterable[Array]) -> str:
        """Return the fingerprint, from the settings that shaped what was learned, and from that."""
        facts = {
            "format": _FINGERPRINT_FORMAT,
            "float_contract_version": self.float_contract_version,
            "vocabulary": self.vocabulary.characters,
            "settings": settings,
            "seed": self.seed,
        }
        if self.labels:
            facts["labels"] = dict(zip(self.labels, self.label_counts, strict=True))
        # JSON writes a float as the shortest text that reads back as the same float.
        digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode("ascii"))
        for array in learned:
            digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
        return digest.hexdigest()

    def _common_state(self) -> dict[str, Any]:
        """Return the part of the state that every kind of model has."""
        arrays = {"names": np.frombuffer(self.names_text, np.uint8)}
        facts: dict[str, Any] = {
            "vocabulary": self.vocabulary.characters,
            "seed": self.seed,
            "float_contract_version": self.float_contract_version,
            "names_report": None if self.names_report is None else asdict(self.names_report),
            "calibration": None,
        }
        if self.labels:
            facts["labels"] = list(self.labels)
            facts["label_counts"] = list(self.label_counts)
        if self.names_left_out:
            facts["names_left_out"] = self.names_left_out
        if self.label_calibrations:
            facts["label_calibrations"] = {}
        for label, calibration in self.label_calibrations.items():
            array, facts["label_calibrations"][label] = calibration_state(calibration)
            arrays[_calibration_array(self.labels.index(label))] = array
        if self.calibration is not None:
            arrays["calibration"], facts["calibration"] = calibration_state(self.calibration)
        return {"arrays": arrays, "facts": facts}


def common_fields(
    arrays: Mapping[str, Array], facts: Mapping[str, Any], vocabulary: Vocabulary
) -> dict[str, Any]:
    """Return the fields that every kind of model has, from its state; or raise STATE_ERRORS."""
    names_text, distinct = names_text_from_state(arrays["names"], vocabulary)
    left_out = require_integer("names_left_out", facts.get("names_left_out", 0), 0, _MOST_LEFT_OUT)
    if left_out > 0 and distinct > 0:
        raise ValueError("names are left out, and there are names")
    return {
        "vocabulary": vocabulary,
        "seed": require_integer("seed", facts["seed"], 0, LARGEST_SEED),
        "float_contract_version": require_integer(
            "float_contract_version", facts["float_contract_version"], 1
        ),
        "names_text": names_text,
        "names_left_out": left_out,
        "names_report": report_from_state(facts["names_report"], distinct, left_out > 0),
        "calibration": calibration_from_state(arrays.get("calibration"), facts["calibration"]),
        **_labels_from_state(arrays, facts),
    }


def labels_of(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the labels that a state has; or raise STATE_ERRORS."""
    labels = tuple(clean_label(label, "a label") for label in facts.get("labels", ()))
    if list(labels) != sorted(set(labels)) or len(labels) > MOST_LABELS:
        raise ValueError("labels are not by code point, each once")
    return labels


def _calibration_array(label: int) -> str:
    return f"calibration.{label}"


def _labels_from_state(arrays: Mapping[str, Array], facts: Mapping[str, Any]) -> dict[str, Any]:
    labels, given = labels_of(facts), facts.get("label_counts", ())
    counts = tuple(require_finite_real("label_counts", count) for count in given)
    if len(counts) != len(labels) or not all(count > 0 for count in counts):
        raise ValueError("label_counts are not a number above 0 for each label")
    calibrations = {
        label: calibration_from_state(arrays.get(_calibration_array(labels.index(label))), each)
        for label, each in facts.get("label_calibrations", {}).items()
    }
    return {"labels": labels, "label_counts": counts, "label_calibrations": calibrations}
