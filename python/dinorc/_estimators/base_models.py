"""Base models: what training may start from, given as a model, by name or by a file's path."""

from __future__ import annotations

import difflib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from dinorc import _core
from dinorc._estimators.estimator import Estimator
from dinorc._storage.model_file import read_model_file
from dinorc._storage.trained_network import TrainedNetwork
from dinorc._training.network_recipe import settled
from dinorc._training.settings import NetworkSettings, Settings
from dinorc._training.starting_weights import StartingWeights
from dinorc._validation import describe

BASES = ("latin", "english")  # that come with the package
_KNOWN_SHARE = 0.9  # of the letters of a list, for a base to be of use
_OF_THE_NETWORK = ("cell", "hidden_size", "embedding_size")


def base_as_text(base: object, model: Estimator) -> object:
    """Return the fingerprint of a model that is to be the base of `model`; all else as it is."""
    if not isinstance(base, Estimator):
        return base
    if base is model:
        raise ValueError("base is the model itself; expected another one, such as a copy.deepcopy")
    if not base.__sklearn_is_fitted__():
        raise ValueError(
            f"base is a {type(base).__name__} that has not learned any names yet; expected a "
            "fitted one: call its fit(names) first"
        )
    return _require_network(base._trained, base).fingerprint()


def start_from(
    model: Any, names: Sequence[str], with_labels: bool = False
) -> tuple[Settings, StartingWeights | None]:
    """Return the settings by which a CharRNN learns distinct names, and its base.

    None: random weights.
    """
    asked, defaults = model._settings(), model._defaults()
    base = _usual_base(names, asked, defaults) if model.base == "auto" else model.base
    settings = settled(replace(asked, base=None), len(names), base is not None, with_labels)
    if base is None:
        return settings, None
    found = _find(base)
    start = StartingWeights(found.predictor, found.vocabulary, found.labels)
    return with_network_of(found.settings, found.fingerprint(), settings, defaults), start


def with_network_of(
    base: Settings, fingerprint: str, settings: Settings, defaults: Mapping[str, Any]
) -> Settings:
    """Return settings whose network is that of a base, which has this fingerprint.

    A setting of the network that has its default is not asked for, and gives way to the base's.
    """
    for name in _misfits(base, settings, defaults):
        asked, given = getattr(settings, name), getattr(base, name)
        raise ValueError(
            f"{name} is {asked!r}, and the base has {given!r}; expected the same, or no {name}"
        )
    network = {name: getattr(base, name) for name in _OF_THE_NETWORK}
    return replace(settings, base=fingerprint, **network)


def _usual_base(
    names: Sequence[str], asked: NetworkSettings, defaults: Mapping[str, Any]
) -> str | None:
    """Return the bundled base that suits the names and the network asked for, if one does."""
    usual = BASES[0]
    if _misfits(_bundled(usual).settings, asked, defaults) or usual not in bundled_bases(names):
        return None
    return usual


def _misfits(base: Settings, asked: NetworkSettings, defaults: Mapping[str, Any]) -> list[str]:
    """Return the settings of the network that are asked for and not those of the base."""
    return [
        name
        for name in _OF_THE_NETWORK
        if getattr(asked, name) not in (getattr(base, name), defaults[name])
    ]


def bundled_bases(names: Sequence[str]) -> list[str]:
    """Return the bundled bases that have read nearly all letters of the names.

    A list in another script learns better from random weights.
    """
    characters = Counter("".join(names))

    def known(base: str) -> int:
        return sum(characters[each] for each in _bundled(base).vocabulary.characters)

    return [base for base in BASES if known(base) >= _KNOWN_SHARE * characters.total()]


def _find(base: object) -> TrainedNetwork:
    """Return the model that a base, already checked, stands for."""
    if isinstance(base, Estimator):
        return _require_network(base._trained, base)
    path = os.fsdecode(base)  # type: ignore[arg-type]
    if path in BASES:
        return _bundled(path)
    if not Path(path).exists():
        close = difflib.get_close_matches(path, BASES, n=1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        raise ValueError(
            f"base is {path!r}, and there is no such file or bundled base{hint}; expected one of "
            f"{', '.join(map(repr, BASES))}, a fitted CharRNN or the path of a model file"
        )
    kind, _, trained = read_model_file(path)
    if not isinstance(trained, TrainedNetwork):
        raise ValueError(
            f"base is {path!r}, which is the file of another model, an {kind}; expected that of a "
            "CharRNN"
        )
    return trained


@cache  # the networks of an ensemble start from two of them, after a look at their letters
def _bundled(name: str) -> TrainedNetwork:
    # Beside the core: in an editable installation the Python files are elsewhere.
    path = Path(_core.__file__).parent / "data" / f"{name}.safetensors"
    _, _, trained = read_model_file(str(path))
    return _require_network(trained, name)


def _require_network(trained: object, base: object) -> TrainedNetwork:
    if not isinstance(trained, TrainedNetwork):
        raise TypeError(f"base is {describe(base)}; expected a CharRNN, or its file")
    return trained
