"""The names of a training run: clean, split into training and validation, encoded."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from dinorc import _core
from dinorc._names.cleaning import NamesReport, training_names
from dinorc._names.spelling import AS_IT_IS, Spelling
from dinorc._names.vocabulary import EncodedNames, Vocabulary, first_unknown

_PROBED_NAMES = 32


@dataclass(frozen=True)
class TrainingData:
    """What a run trains and validates on."""

    vocabulary: Vocabulary
    training: EncodedNames
    validation: EncodedNames | None
    validation_is_part: bool  # of the list, held out from the training
    probe: EncodedNames  # some of the training names, to tell whether the network works at all
    names: tuple[str, ...]  # all distinct ones by code point, without a validation list
    report: NamesReport
    names_hash: str  # of all names, to recognise them when a run is resumed

    def require_lists_of_fit(self, names_hash: str, vocabulary: Vocabulary) -> None:
        """Raise unless these are the lists with which a run that is to go on began."""
        if (names_hash, vocabulary.characters) != (self.names_hash, self.vocabulary.characters):
            raise ValueError("names or validation are not those of fit; expected the same lists")


def prepare(
    names: object,
    validation: object,
    fraction: float | Callable[[int], float],
    seed: int,
    spelling: Spelling = AS_IT_IS,
) -> TrainingData:
    """Clean and encode the names; hold out a fraction of them if there is no `validation`.

    The fraction may depend on how many distinct names there are. Names are sorted, so that the
    order of a list makes no difference to anything.
    """
    clean, report = training_names(names, spelling=spelling)
    clean.sort()
    vocabulary = Vocabulary.of(clean)
    to_train, to_validate = clean, None
    names_hash = _hash(clean)
    if validation is not None:
        to_validate, _ = training_names(validation, "validation", spelling)
        to_validate.sort()
        names_hash += _hash(to_validate)
    else:
        if callable(fraction):
            fraction = fraction(len(set(clean)))
        if fraction > 0:
            to_train, to_validate = _hold_out(clean, fraction, seed)
    return TrainingData(
        vocabulary,
        vocabulary.encode(to_train),
        None if to_validate is None else _encode_validation(vocabulary, to_validate),
        to_validate is not None and validation is None,
        vocabulary.encode(to_train[:: -(-len(to_train) // _PROBED_NAMES)]),
        tuple(dict.fromkeys(clean)),
        report,
        names_hash,
    )


def _hold_out(names: list[str], fraction: float, seed: int) -> tuple[list[str], list[str]]:
    """Return the names to train on and those to validate on.

    The fraction is of the distinct names, rounded down. All copies of a name go to one side, as the
    score of a name that was learned says nothing about names that were not.
    """
    distinct = list(dict.fromkeys(names))
    count = int(len(distinct) * fraction)
    if count == 0:
        raise ValueError(
            f"names has {len(distinct):,} distinct names; validation_fraction={fraction:g} needs "
            f"{_fewest(fraction):,} or more. Give more names, or validation_fraction=0 to train on "
            "all of them"
        )
    order = _core.shuffled_for_split(len(distinct), seed)
    held_out = {distinct[index] for index in order[:count].tolist()}
    to_train = [name for name in names if name not in held_out]
    return to_train, [name for name in names if name in held_out]


def folds(data: TrainingData, count: int, seed: int) -> list[TrainingData]:
    """Return parts of the training names to validate on, each with the other parts to train on.

    Each name is in one of them, with all its copies. There are `count`, or as many as there are
    distinct names; fewer than two make no folds.
    """
    names = data.vocabulary.decode(data.training)
    distinct = list(dict.fromkeys(names))
    count = min(count, len(distinct))
    if count < 2:
        return []
    order = _core.shuffled_for_split(len(distinct), seed).tolist()
    fold_of = {distinct[index]: place % count for place, index in enumerate(order)}
    parts = []
    for fold in range(count):
        training = [name for name in names if fold_of[name] != fold]
        held_out = [name for name in names if fold_of[name] == fold]
        parts.append(
            replace(
                data,
                training=data.vocabulary.encode(training),
                validation=data.vocabulary.encode(held_out),
            )
        )
    return parts


def whole(data: TrainingData) -> TrainingData:
    """Return the same names, those to train on and those held out, all of them to train on."""
    if data.validation is None or not data.validation_is_part:
        return data
    ends = data.training.ends[-1] + data.validation.ends
    training = EncodedNames(
        np.concatenate([data.training.characters, data.validation.characters]),
        np.concatenate([data.training.ends, ends]),
    )
    return replace(data, training=training, validation=None, validation_is_part=False)


def _hash(names: list[str]) -> str:
    return hashlib.sha256("\n".join(names).encode()).hexdigest()


def _fewest(fraction: float) -> int:
    """Return how few distinct names are enough for one to be held out."""
    fewest = math.ceil(1 / fraction)
    return fewest if int(fewest * fraction) >= 1 else fewest + 1


def _encode_validation(vocabulary: Vocabulary, names: list[str]) -> EncodedNames:
    encoded = vocabulary.encode(names)
    unknown = first_unknown(names, encoded)
    if unknown is not None:
        raise ValueError(
            f"validation has the character {unknown.character!r} in {names[unknown.name]!r} at "
            f"position {unknown.position}, but names lacks it; expected only characters that it has"
        )
    return encoded
