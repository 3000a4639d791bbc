"""Settings of models: what each may be, and the check of all of them; those of CharRNN."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Annotated, Any, Self, get_type_hints

import numpy as np

from dinorc import _core
from dinorc._names.spelling import CASES, Spelling
from dinorc._validation import (
    describe,
    require_float_dtype,
    require_integer,
    require_path,
    require_real,
)

CELLS = tuple(_core.cells())
OPTIMIZERS = tuple(_core.optimizers())
SCHEDULES = ("one-cycle", "constant", "averaged")
UNKNOWN_POLICIES = ("smoothed", "rare", "impossible", "error")

LARGEST_SIZE = 4096  # of a layer; an LSTM of this many units has 67 million recurrent weights
LARGEST_BATCH = 65536
_SMALL_BATCH, _LARGE_BATCH = 8, 32  # what "auto" stands for
_NAMES_FOR_LARGE_BATCHES = 500
MOST_WORKERS = 1024
MOST_EPOCHS = 1_000_000_000  # the core can't count further
LARGEST_PATIENCE = 2**63 - 1  # `sys.maxsize`, which some take for "never"
LARGEST_SEED = 2**64 - 1

ARCHITECTURE = ("cell", "hidden_size", "embedding_size", "dtype")
_WITHOUT_EFFECT = ("unknown", "n_jobs", "random_state", "verbose")  # on what is learned

Check = Callable[[str, object], Any]


def _one_of(*known: str) -> Check:
    def check(name: str, value: object) -> str:
        if not isinstance(value, str) or value not in known:
            listed = ", ".join(repr(word) for word in known)
            shown = repr(value) if isinstance(value, str) else describe(value)
            raise ValueError(f"{name} is {shown}; expected one of {listed}")
        return str(value)

    return check


def integer_check(minimum: int, maximum: int) -> Check:
    """Return the check of an integer in this range."""
    return lambda name, value: require_integer(name, value, minimum, maximum)


def _real(accepts: Callable[[float], bool], wanted: str) -> Check:
    return lambda name, value: require_real(name, value, accepts, wanted)


def or_none(check: Check) -> Check:
    """Return a check that lets None pass, too."""
    return lambda name, value: None if value is None else check(name, value)


def check_n_jobs(name: str, value: object) -> int | None:
    """Return the value, if it is a number of threads, None or -1."""
    if value is None or require_integer(name, value) == -1:
        return None if value is None else -1
    return integer_or(name, value, MOST_WORKERS, "None or -1 for all processors")


def integer_or(name: str, value: object, maximum: int, otherwise: str) -> int:
    """Return an integer from 1 to `maximum`; errors say what else the value may be."""
    try:
        return require_integer(name, value, 1, maximum)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{error}, or {otherwise}") from None


def _check_dtype(name: str, value: object) -> str:
    return require_float_dtype(name, value).name


def check_verbose(name: str, value: object) -> bool | str:
    """Return the value, if it says whether to show progress."""
    is_switch = isinstance(value, (bool, np.bool_, int)) and value in (0, 1)
    if not is_switch and not (isinstance(value, str) and value == "auto"):
        raise ValueError(f"{name} is {describe(value)}; expected True, False or 'auto'")
    return bool(value) if is_switch else "auto"


def check_switch(name: str, value: object) -> bool:
    """Return the value, if it is True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} is {describe(value)}; expected True or False")
    return bool(value)


def auto_or(check: Check) -> Check:
    """Return a check that lets "auto" pass, too."""

    def check_or_auto(name: str, value: object) -> Any:
        if isinstance(value, str) and value == "auto":
            return "auto"
        try:
            return check(name, value)
        except (TypeError, ValueError) as error:
            raise type(error)(f"{error}, or 'auto'") from None

    return check_or_auto


def check_base(name: str, value: object) -> str:
    """Return the text that stands for a base; what it leads to is only looked up by `fit`."""
    try:
        return require_path(name, value)
    except (TypeError, ValueError) as error:
        wanted = "None, a fitted CharRNN, the name of a bundled base or the path of a model file"
        raise type(error)(f"{name} is {describe(value)}; expected {wanted}") from None


check_case = _one_of(*CASES)
check_unknown = _one_of(*UNKNOWN_POLICIES)
check_schedule = _one_of(*SCHEDULES)
check_share = _real(lambda x: 0 <= x < 1, "0 or more and less than 1")

_positive = _real(lambda x: 0 < x < math.inf, "a finite number above 0")
_not_negative = _real(lambda x: 0 <= x < math.inf, "a finite number of 0 or more")
_epochs = integer_check(1, MOST_EPOCHS)


_USUAL_SPELLING = {"strip": True, "case": "keep"}
# With the value that a model without it stands for.
ADDED_LATER: dict[str, Any] = {"base": None, **_USUAL_SPELLING}


def stored(settings: Any) -> dict[str, Any]:
    """Return a dataclass of settings as files and fingerprints have them.

    A setting that came later is left out where it has no effect, so that a model without it has
    the same file and the same fingerprint as before.
    """
    return _without(ADDED_LATER, stored_with_base(settings))


def stored_with_base(settings: Any) -> dict[str, Any]:
    """Return the same with a base of None, as ensembles have had it from the beginning."""
    values: dict[str, Any] = _without(_USUAL_SPELLING, asdict(settings))
    if isinstance(members := values.get("members"), tuple):
        values["members"] = [
            {**each, "settings": _without(_USUAL_SPELLING, each["settings"])} for each in members
        ]
    return values


def _without(usual: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    return {n: value for n, value in values.items() if n not in usual or value != usual[n]}


@dataclass(frozen=True)
class CheckedSettings:
    """The arguments of a model's constructor, each annotated with its type and its check."""

    @property
    def spelling(self) -> Spelling:
        """Which differences of spelling count, by two settings that every model has."""
        return Spelling(vars(self)["strip"], vars(self)["case"] == "fold")

    @classmethod
    @cache
    def _checks(cls) -> Mapping[str, Check]:
        hints = get_type_hints(cls, include_extras=True)
        return {name: hint.__metadata__[0] for name, hint in hints.items()}

    @classmethod
    def checked(cls, values: Mapping[str, object]) -> Self:
        """Return the settings, if every value is valid; else raise, with its name and range."""
        values = {**ADDED_LATER, **values}
        return cls(**{name: check(name, values[name]) for name, check in cls._checks().items()})

    def shaping(self) -> dict[str, Any]:
        """Return the settings that what is learned depends on, apart from the seed."""
        return {n: value for n, value in stored(self).items() if n not in _WITHOUT_EFFECT}


@dataclass(frozen=True)
class NetworkSettings(CheckedSettings):
    """The arguments of CharRNN's constructor in the types that are used, each with its check."""

    cell: Annotated[str, _one_of(*CELLS)]
    hidden_size: Annotated[int, integer_check(1, LARGEST_SIZE)]
    embedding_size: Annotated[int | None, or_none(integer_check(1, LARGEST_SIZE))]
    dropout: Annotated[float | str, auto_or(check_share)]
    optimizer: Annotated[str, _one_of(*OPTIMIZERS)]
    learning_rate: Annotated[float | str, auto_or(_positive)]
    schedule: Annotated[str, auto_or(check_schedule)]
    weight_decay: Annotated[float | str, auto_or(_not_negative)]
    batch_size: Annotated[int | str, auto_or(integer_check(1, LARGEST_BATCH))]
    max_epochs: Annotated[int | str, auto_or(_epochs)]
    validation_fraction: Annotated[float | str, auto_or(check_share)]
    patience: Annotated[int | None, or_none(integer_check(1, LARGEST_PATIENCE))]
    clip_value: Annotated[float | None, or_none(_positive)]
    clip_norm: Annotated[float | None, or_none(_positive)]
    dtype: Annotated[str, _check_dtype]
    unknown: Annotated[str, check_unknown]
    n_jobs: Annotated[int | None, check_n_jobs]
    random_state: Annotated[int | None, or_none(integer_check(0, LARGEST_SEED))]
    verbose: Annotated[bool | str, check_verbose]
    base: Annotated[str | None, or_none(check_base)]  # "auto", or its name or path
    strip: Annotated[bool, check_switch]
    case: Annotated[str, check_case]


@dataclass(frozen=True)
class Settings(NetworkSettings):
    """The settings of a training run: none is "auto", save `batch_size`; see `resolve_batch_size`.

    The base is named by its fingerprint.
    """

    dropout: Annotated[float, check_share]
    learning_rate: Annotated[float, _positive]
    schedule: Annotated[str, check_schedule]
    weight_decay: Annotated[float, _not_negative]
    max_epochs: Annotated[int, _epochs]
    validation_fraction: Annotated[float, check_share]

    def architecture(self) -> dict[str, Any]:
        """Return the settings that define the network."""
        return {name: value for name, value in asdict(self).items() if name in ARCHITECTURE}


def resolve_batch_size(batch_size: int | str, name_count: int) -> int:
    """Return the batch size; "auto" stands for one that suits this number of names.

    With few names, large batches would mean too few steps in all.
    """
    if isinstance(batch_size, int):
        return batch_size
    return _SMALL_BATCH if name_count < _NAMES_FOR_LARGE_BATCHES else _LARGE_BATCH


def worker_count(n_jobs: int | None) -> int:
    """Return the number of threads that n_jobs stands for."""
    if n_jobs is not None and n_jobs > 0:
        return n_jobs
    if hasattr(os, "sched_getaffinity"):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
