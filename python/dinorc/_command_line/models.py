"""The kinds of model that ``dinorc train --model`` makes, and what is special about each."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dinorc import CharRNN, Ensemble, NGram
from dinorc._command_line import ensemble, network, ngram
from dinorc._command_line.arguments import Option, add_options, setting
from dinorc._estimators.name_model import NameModel


class Kind(NamedTuple):
    """One kind of model."""

    estimator: type[NameModel]
    settings: Mapping[str, Option]  # that `dinorc train` has options for
    account: Callable[[Any], str]  # of the learning of a model, in one line
    facts: Callable[[Any], dict[str, Any]]  # about a model, besides those that every kind has
    topics: Callable[[dict[str, Any]], tuple[dict[str, str], dict[str, str]]]  # the facts as text


# By the word for --model; the first is what is made if none is given.
KINDS = {
    "ensemble": Kind(
        Ensemble, ensemble.SETTINGS, ensemble.account, ensemble.facts, ensemble.topics
    ),
    "network": Kind(CharRNN, network.SETTINGS, network.account, network.facts, network.topics),
    "ngram": Kind(NGram, ngram.SETTINGS, ngram.account, ngram.facts, ngram.topics),
}
USUAL = next(iter(KINDS))


def word_of(model: NameModel) -> str:
    """Return the word for a model's kind."""
    return next(word for word, kind in KINDS.items() if kind.estimator is type(model))


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting of each kind; options that are not given leave no value."""
    known: set[str] = set()
    for word, kind in KINDS.items():
        title = f"settings of --model {word}, as of dinorc.{kind.estimator.__name__}"
        shared = ", ".join(flag_of(name) for name in kind.settings if name in known)
        description = f"Also {shared}, as above." if shared else None
        options = {
            name: option._replace(type=setting(kind.estimator, name, option.type))
            for name, option in kind.settings.items()
            if name not in known
        }
        known |= options.keys()
        group = parser.add_argument_group(title, description)
        add_options(group, options, kind.estimator().get_params())


def flag_of(name: str) -> str:
    """Return the option that sets a setting."""
    option = next(kind.settings[name] for kind in KINDS.values() if name in kind.settings)
    return option.flag or "--" + name.replace("_", "-")


def words_with(name: str) -> list[str]:
    """Return the words of the kinds that have a setting."""
    return [word for word, kind in KINDS.items() if name in kind.settings]
