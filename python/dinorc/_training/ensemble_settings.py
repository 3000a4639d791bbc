"""The settings of Ensemble, those of its members among them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Self

import numpy as np

from dinorc._training.ngram_settings import NGramSettings
from dinorc._training.settings import (
    LARGEST_SEED,
    CheckedSettings,
    NetworkSettings,
    auto_or,
    check_base,
    check_case,
    check_n_jobs,
    check_share,
    check_switch,
    check_unknown,
    check_verbose,
    integer_check,
    or_none,
)
from dinorc._validation import Array, describe, require_real

MOST_MEMBERS = 32  # the header of a file says three thousand bytes about each

# The settings of each kind of member.
MEMBER_SETTINGS: dict[str, type[CheckedSettings]] = {
    "char_rnn": NetworkSettings,
    "ngram": NGramSettings,
}


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
        settings = MEMBER_SETTINGS[values["kind"]].checked(values["settings"])
        return cls(values["kind"], settings, values["kept"])


def _check_members(name: str, value: Any) -> tuple[MemberSettings, ...] | str:
    """Return the settings of members, given as such or as `asdict` writes them; or "auto"."""
    if isinstance(value, str) and value == "auto":
        return "auto"
    if isinstance(value, str) or not 1 <= len(value) <= MOST_MEMBERS:
        raise ValueError(f"{name} is {describe(value)}; expected 'auto' or 1 to {MOST_MEMBERS}")
    return tuple(
        each if isinstance(each, MemberSettings) else MemberSettings.checked(each) for each in value
    )


def check_weights(name: str, value: object) -> tuple[float, ...] | str:
    """Return the weights as they are, or "auto"."""
    if isinstance(value, str) and value == "auto":
        return "auto"
    if isinstance(value, str) or not isinstance(value, (Sequence, np.ndarray)):
        raise TypeError(
            f"{name} is {describe(value)}; expected 'auto' or a list of numbers, one for each "
            "member"
        )
    weights = tuple(
        require_real(
            f"{name}[{i}]", each, lambda x: 0 <= x < math.inf, "a finite number of 0 or more"
        )
        for i, each in enumerate(value)
    )
    if weights and not any(weights):
        raise ValueError(f"{name} are all zero; expected at least one above 0")
    return weights


def require_weight_for_each(name: str, weights: tuple[float, ...] | str, members: int) -> None:
    """Raise unless there are as many weights as members, or they are "auto"."""
    if not isinstance(weights, str) and len(weights) != members:
        numbers = "1 number" if len(weights) == 1 else f"{len(weights)} numbers"
        there_are = "there is 1 member" if members == 1 else f"there are {members} members"
        raise ValueError(f"{name} has {numbers}, and {there_are}; expected one for each")


@dataclass(frozen=True)
class EnsembleSettings(CheckedSettings):
    """The arguments of Ensemble's constructor in the types that are used."""

    members: Annotated[tuple[MemberSettings, ...] | str, _check_members]
    weights: Annotated[tuple[float, ...] | str, check_weights]
    validation_fraction: Annotated[float | str, auto_or(check_share)]
    unknown: Annotated[str, check_unknown]
    n_jobs: Annotated[int | None, check_n_jobs]
    random_state: Annotated[int | None, or_none(integer_check(0, LARGEST_SEED))]
    verbose: Annotated[bool | str, check_verbose]
    base: Annotated[str | None, or_none(check_base)]
    strip: Annotated[bool, check_switch]
    case: Annotated[str, check_case]

    @classmethod
    def checked(cls, values: Mapping[str, object]) -> Self:
        """Return the settings, if every value is valid; else raise, with its name and range."""
        settings = super().checked(values)
        if not isinstance(settings.members, str):
            require_weight_for_each("weights", settings.weights, len(settings.members))
            if settings.base not in (None, "auto"):
                raise ValueError(
                    f"base is {settings.base!r}, and members is a list; expected members='auto', "
                    "or the base given to those members that are to start from it"
                )
        return settings

    def keeps(self, place: int) -> bool:
        """Tell whether the member at this place came trained."""
        return not isinstance(self.members, str) and self.members[place].kept


def normalised(weights: Sequence[float]) -> Array:
    """Return weights in the same proportions whose sum is 1."""
    largest = max(weights)  # the sum of very large or very small ones would be infinite or inexact
    parts = [weight / largest for weight in weights]
    whole = math.fsum(parts)
    return np.array([part / whole for part in parts])
