"""The settings of Ensemble, those of its members among them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from dinorc._training.settings import SHARED_CHECKS, Settings, validation_share
from dinorc._validation import Array, describe, require_real

MOST_MEMBERS = 256

# How the settings of each kind of member are checked.
MEMBER_SETTINGS: dict[str, Callable[[Mapping[str, Any]], Any]] = {"char_rnn": Settings.checked}


@dataclass(frozen=True)
class MemberSettings:
    """The settings of a member, and whether it came trained, to be kept as it is."""

    kind: str
    settings: Any
    kept: bool

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> MemberSettings:
        """Return the settings that `asdict` has written, if they are valid."""
        if type(values["kept"]) is not bool:
            raise ValueError(f"kept is {describe(values['kept'])}; expected True or False")
        return cls(
            values["kind"], MEMBER_SETTINGS[values["kind"]](values["settings"]), values["kept"]
        )


@dataclass(frozen=True)
class EnsembleSettings:
    """The arguments of Ensemble's constructor in the types that are used."""

    members: tuple[MemberSettings, ...] | str
    weights: tuple[float, ...] | str
    validation_fraction: float | str
    unknown: str
    n_jobs: int | None
    random_state: int | None
    verbose: bool | str

    @classmethod
    def checked(cls, values: Mapping[str, Any]) -> EnsembleSettings:
        """Return the settings, if every value is valid; else raise, with its name and range.

        Members are a list of MemberSettings, or of what `asdict` makes of them.
        """
        members = values["members"]
        if not isinstance(members, str):
            members = tuple(
                each if isinstance(each, MemberSettings) else MemberSettings.checked(each)
                for each in members
            )
        return cls(
            members=members,
            weights=check_weights("weights", values["weights"], members),
            validation_fraction=_auto_or_share(
                "validation_fraction", values["validation_fraction"]
            ),
            **{name: check(name, values[name]) for name, check in SHARED_CHECKS.items()},
        )

    def shaping(self) -> dict[str, Any]:
        """Return the settings that what is learned depends on, apart from the seed."""
        return {n: value for n, value in asdict(self).items() if n not in SHARED_CHECKS}


def _auto_or_share(name: str, value: object) -> float | str:
    if isinstance(value, str) and value == "auto":
        return "auto"
    try:
        return float(validation_share(name, value))
    except (TypeError, ValueError) as error:
        raise type(error)(f"{error}, or 'auto'") from None


def check_weights(
    name: str, value: object, members: Sequence[Any] | str
) -> tuple[float, ...] | str:
    """Return the weights as they are; there is one for each of the members, if these are known."""
    if isinstance(value, str) and value == "auto":
        return "auto"
    if isinstance(value, str) or not isinstance(value, (Sequence, np.ndarray)):
        raise TypeError(
            f"{name} is {describe(value)}; expected 'auto' or a list of numbers, one for each "
            "member"
        )
    weights = tuple(
        require_real(
            f"{name}[{i}]", weight, lambda x: 0 <= x < math.inf, "a finite number of 0 or more"
        )
        for i, weight in enumerate(value)
    )
    if not isinstance(members, str):
        require_weight_for_each(name, weights, len(members))
    if not any(weights):
        raise ValueError(f"{name} are all zero; expected at least one above 0")
    return weights


def require_weight_for_each(name: str, weights: tuple[float, ...], members: int) -> None:
    """Raise unless there are as many weights as members."""
    if len(weights) != members:
        raise ValueError(
            f"{name} has {len(weights)} numbers, and there are {members} members; expected one for "
            "each"
        )


def normalised(weights: Sequence[float]) -> Array:
    """Return weights in the same proportions whose sum is 1."""
    largest = max(weights)  # the sum of very large or very small ones would be infinite or inexact
    parts = [weight / largest for weight in weights]
    whole = math.fsum(parts)
    return np.array([part / whole for part in parts])
