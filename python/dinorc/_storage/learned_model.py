"""What every model of names has once it has learned, however it learns."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from dinorc._judging.calibration import Calibration
from dinorc._names.cleaning import NamesReport
from dinorc._names.vocabulary import Vocabulary
from dinorc._predictor import Predictor
from dinorc._validation import Array

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
    names_report: NamesReport | None = None  # None: it was not trained on a list here
    calibration: Calibration | None = None  # None: there is no threshold to judge names by

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The distinct names that fit was given, by code point.

        As a text they take a tenth of the memory, and most models are never asked for them.
        """
        return tuple(self.names_text.decode().split("\n")) if self.names_text else ()

    @cached_property
    def name_set(self) -> frozenset[str]:
        """The names, for looking them up."""
        return frozenset(self.names)

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
