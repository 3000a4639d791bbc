"""The members of an ensemble: as models that the user holds, and as what they learn by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from dinorc._build_info import build_info
from dinorc._estimators.base_models import start_from
from dinorc._estimators.char_rnn import CharRNN
from dinorc._estimators.ensemble_learning import Member, seed_of_member
from dinorc._estimators.name_model import NameModel
from dinorc._estimators.ngram import NGram
from dinorc._names.listed_names import shown_labels
from dinorc._names.spelling import Spelling
from dinorc._names.vocabulary import Vocabulary, shown_characters
from dinorc._storage.learned_model import LearnedModel
from dinorc._storage.member_kinds import kind_of
from dinorc._storage.trained_ensemble import Fitting, TrainedEnsemble
from dinorc._storage.trained_network import TrainedNetwork
from dinorc._training.data import TrainingData
from dinorc._training.ensemble_settings import (
    MOST_MEMBERS,
    EnsembleSettings,
    MemberSettings,
    check_weights,
    normalised,
    require_weight_for_each,
)
from dinorc._training.starting_weights import StartingWeights
from dinorc._validation import describe
from dinorc.errors import NotFittedError

# The classes of which members can be, by the kind that a file calls them.
MEMBER_CLASSES: dict[str, type[NameModel]] = {"char_rnn": CharRNN, "ngram": NGram}


def member_settings(members: object, name: str = "members") -> Any:
    """Return the settings of members, or "auto"."""
    if isinstance(members, str) and members == "auto" and name == "members":
        return members
    if isinstance(members, str) or not isinstance(members, Sequence):
        raise TypeError(f"{name} is {describe(members)}; expected 'auto' or a list of models")
    if not 1 <= len(members) <= MOST_MEMBERS:
        raise ValueError(f"{name} has {len(members)} models; expected 1 to {MOST_MEMBERS}")
    kinds = {model_class: kind for kind, model_class in MEMBER_CLASSES.items()}
    settings = []
    for i, member in enumerate(members):
        if type(member) not in kinds:
            raise TypeError(
                f"{name}[{i}] is {describe(member)}; expected a model of one of the classes "
                f"{', '.join(each.__name__ for each in kinds)}"
            )
        is_trained = member._trained is not None
        settings.append(MemberSettings(kinds[type(member)], member._settings(), is_trained))
    return settings


def mixed(models: Sequence[Any], weights: object) -> tuple[list[float], TrainedEnsemble]:
    """Return the weights of trained models, checked, and what an ensemble of them has learned."""
    learned = _learned_alike(models)
    checked = check_weights("weights", [1.0] * len(models) if weights is None else weights)
    if isinstance(checked, str):
        raise ValueError("weights is 'auto'; expected numbers, as there are no held-out names")
    require_weight_for_each("weights", checked, len(models))
    ensemble = TrainedEnsemble.of(
        learned,
        normalised(checked),
        vocabulary=learned[0].vocabulary,
        labels=learned[0].labels,
        label_counts=learned[0].label_counts,
        seed=0,
        float_contract_version=build_info()["float_contract_version"],
    )
    return list(checked), ensemble


def _learned_alike(models: Sequence[Any]) -> tuple[LearnedModel, ...]:
    """Return what trained models have learned, if they can be mixed."""
    member_settings(models, "models")
    for i, model in enumerate(models):
        if model._trained is None:
            raise NotFittedError(
                f"models[{i}] has not learned any names yet; call its fit(names) first"
            )
    learned = tuple(model._require_trained() for model in models)
    first = learned[0]
    for i, each in enumerate(learned):
        require_vocabulary(f"models[{i}]", each.vocabulary, "models[0]", first.vocabulary)
        require_spelling(f"models[{i}]", each.spelling, "models[0]", first.spelling)
        require_labels(f"models[{i}]", each.labels, "models[0]", first.labels)
    return learned


def new_member(
    place: int,
    model: Any,
    data: TrainingData,
    fitting: Fitting,
    seed: int,
    ensemble: EnsembleSettings,
) -> Member:
    """Return what is to become a member."""
    if model._trained is not None:
        name = f"members[{place}]"
        require_spelling(name, model._trained.spelling, "the ensemble", ensemble.spelling)
        require_vocabulary(name, model._trained.vocabulary, "the list", data.vocabulary)
        require_labels(name, model._trained.labels, "the list", data.labels)
        return Member(model._trained.settings, model._trained.seed, True, model._trained)
    own = seed_of_member(seed, place)
    shared: dict[str, Any] = {
        "random_state": own,
        "strip": ensemble.strip,
        "case": ensemble.case,
    }
    if isinstance(model, NGram):
        return Member(replace(model._settings(), **shared), own)
    settings, start = start_from(model, data.names, bool(data.labels))
    fraction = fitting.validation_fraction
    settings = replace(settings, validation_fraction=fraction, **shared)
    return Member(settings, own, start=start)


def resumed_members(
    trained: TrainedEnsemble,
    models: Sequence[Any],
    settings: EnsembleSettings,
    data: TrainingData,
) -> list[Member]:
    """Return the members to go on with, which began as these models."""
    if len(models) != len(trained.members):
        raise ValueError(
            "the default members of this dinorc are not those of the one that began; expected the "
            "same version, as the resulting bits would be those of neither"
        )
    return [
        _resumed_member(learned, models[i], settings.keeps(i), data)
        for i, learned in enumerate(trained.members)
    ]


def _resumed_member(learned: Any, model: Any, kept: bool, data: TrainingData) -> Member:
    checkpoint = None if kept else getattr(learned, "checkpoint", None)
    is_done = kept or (isinstance(learned, TrainedNetwork) and checkpoint is None)
    base = None if kept else getattr(learned.settings, "base", None)
    start = None if base is None else _start_again(model, base, data)  # for cross-fitting
    done = learned if is_done else None
    return Member(learned.settings, learned.seed, kept, done, checkpoint, start)


def _start_again(model: Any, base: str, data: TrainingData) -> StartingWeights | None:
    """Return what a member starts from, which has to be the base with this fingerprint."""
    if isinstance(model.base, str) and model.base == base:
        raise ValueError(
            f"a member's base was the model with the fingerprint {base}, which is not in the file; "
            "expected it again, by set_params(base=...), or in set_params(members=...)"
        )
    settings, start = start_from(model, data.names, bool(data.labels))
    if settings.base != base:
        raise ValueError(
            f"a member's base has the fingerprint {settings.base}, and had {base} in fit; expected "
            "the same"
        )
    return start


def require_vocabulary(name: str, its: Vocabulary, other: str, wanted: Vocabulary) -> None:
    """Raise unless the two have the same characters."""
    if its.characters == wanted.characters:
        return
    lacks = "".join(sorted(set(wanted.characters) - set(its.characters)))
    has = "".join(sorted(set(its.characters) - set(wanted.characters)))
    raise ValueError(
        f"{name} has another vocabulary than {other}: it lacks {shown_characters(lacks)!r} and has "
        f"{shown_characters(has)!r} beside; expected the same characters"
    )


def require_labels(name: str, its: tuple[str, ...], other: str, wanted: tuple[str, ...]) -> None:
    """Raise unless the two have the same labels."""
    if its != wanted:
        raise ValueError(
            f"{name} has other labels than {other}: {shown_labels(its) or 'none'}, where there are "
            f"{shown_labels(wanted) or 'none'}; expected the same"
        )


def require_spelling(name: str, its: Spelling, other: str, wanted: Spelling) -> None:
    """Raise unless the two read names in the same way."""
    if its != wanted:
        raise ValueError(
            f"{name} was trained with {_in_words(its)}, and {other} has {_in_words(wanted)}; "
            "expected the same"
        )


def _in_words(spelling: Spelling) -> str:
    return " and ".join(f"{name}={value!r}" for name, value in spelling.settings().items())


def unread_member(settings: MemberSettings, trained: LearnedModel | None) -> NameModel:
    """Return the model in the list `members` of an ensemble read from a file."""
    model = MEMBER_CLASSES[settings.kind](**asdict(settings.settings))
    if settings.kept:
        model._trained = trained
    return model


def model_of(trained: Any) -> NameModel:
    """Return the model that has learned this."""
    return MEMBER_CLASSES[kind_of(trained)]._of_learned(trained.settings, trained)
