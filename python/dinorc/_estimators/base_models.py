"""Base models: where training may start from, found by name, as a model or in a file."""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from dinorc._estimators.estimator import Estimator
from dinorc._storage.model_file import read_model_file
from dinorc._storage.trained_network import TrainedNetwork
from dinorc._training.settings import Settings
from dinorc._validation import describe

BASES = ("latin",)  # that come with the package
_KNOWN_SHARE = 0.9  # of the letters of a list, for a base to be of use
_OF_THE_NETWORK = ("cell", "hidden_size", "embedding_size")


def base_text(base: object) -> object:
    """Return the fingerprint of a model that is to be a base; anything else as it is."""
    if not isinstance(base, Estimator):
        return base
    if not base.__sklearn_is_fitted__():
        raise ValueError(
            f"base is a {type(base).__name__} that has not learned any names yet; expected a "
            "fitted one: call its fit(names) first"
        )
    if not isinstance(base._trained, TrainedNetwork):
        raise TypeError(f"base is {describe(base)}; expected a fitted CharRNN")
    return base.fingerprint()


def find_base(base: object) -> TrainedNetwork:
    """Return the model that a base, checked before, stands for."""
    if isinstance(base, Estimator):
        trained = base._trained
    else:
        path = os.fsdecode(base)  # type: ignore[arg-type]
        if path in BASES:
            path = str(Path(__file__).parents[1] / "data" / f"{path}.safetensors")
        elif not Path(path).exists():
            close = difflib.get_close_matches(path, BASES, n=1)
            hint = f" (did you mean {close[0]!r}?)" if close else ""
            raise ValueError(
                f"base is {path!r}, and there is no such file or bundled base{hint}; expected one "
                f"of {', '.join(map(repr, BASES))}, a fitted CharRNN or the path of a model file"
            )
        _, _, trained = read_model_file(path)
    if not isinstance(trained, TrainedNetwork):
        raise ValueError(f"base is {describe(base)}, not a network; expected a model of CharRNN")
    return trained


def with_base(
    settings: Settings, defaults: Mapping[str, Any], base: Settings, fingerprint: str
) -> Settings:
    """Return settings whose network is that of a base, which has this fingerprint.

    A setting of the network that has its default is not asked for, and gives way to the base's.
    """
    for name in _OF_THE_NETWORK:
        asked, given = getattr(settings, name), getattr(base, name)
        if asked not in (given, defaults[name]):
            raise ValueError(
                f"{name} is {asked!r}, and the base has {given!r}; expected the same, or no {name}"
            )
    network = {name: getattr(base, name) for name in _OF_THE_NETWORK}
    return replace(settings, base=fingerprint, **network)


def bundled_base(names: Sequence[str]) -> str | None:
    """Return the bundled base that has read nearly all letters of the names; None: there is none.

    A list in another script learns better from random weights.
    """
    characters = Counter("".join(names))
    known = sum(characters[each] for each in find_base("latin").vocabulary.characters)
    return "latin" if known >= _KNOWN_SHARE * characters.total() else None
