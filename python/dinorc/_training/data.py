"""The names of a training run: clean, split into training and validation, encoded."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np

from dinorc import _core
from dinorc._names.cleaning import NamesReport
from dinorc._names.listed_names import ListedNames, listed_names, shown_labels
from dinorc._names.spelling import AS_IT_IS, Spelling
from dinorc._names.vocabulary import Vocabulary, first_unknown
from dinorc._training.examples import Examples, is_other_than_before, sums_of_copies

_PROBED_NAMES = 32


@dataclass(frozen=True)
class TrainingData:
    """What a run trains and validates on."""

    vocabulary: Vocabulary
    labels: tuple[str, ...]  # by code point; empty: names have none
    training: Examples
    validation: Examples | None
    validation_is_part: bool  # of the list, held out from the training
    probe: Examples  # some of the training names, to tell whether the network works at all
    names: tuple[str, ...]  # all distinct ones by code point, without a validation list
    report: NamesReport
    names_hash: str  # of all names, to recognise them when a run is resumed

    @property
    def arguments(self) -> str:
        """The arguments of `fit` that were given, as a call of `resume` has them."""
        is_validated = self.validation is not None and not self.validation_is_part
        given = {
            "names": True,
            "labels=labels": bool(self.labels),
            "counts=counts": self.training.weights is not None,
            "validation=validation": is_validated,
            "validation_labels=validation_labels": is_validated and bool(self.labels),
        }
        return ", ".join(argument for argument, is_given in given.items() if is_given)


@dataclass(frozen=True)
class Lists:
    """The lists that `fit` and `resume` take, as they were given."""

    names: object
    labels: object = None
    counts: object = None
    validation: object = None
    validation_labels: object = None
    spelling: Spelling = AS_IT_IS

    def validation_examples(self) -> ListedNames | None:
        """Return the names to judge epochs by; None: they are a part of the others."""
        if self.validation is None:
            if self.validation_labels is not None:
                raise ValueError("validation_labels without validation; expected both or neither")
            return None
        if (self.labels is None) != (self.validation_labels is None):
            raise ValueError(
                "validation_labels must be given if, and only if, there are labels and validation"
            )
        return listed_names(
            self.validation,
            self.validation_labels,
            argument="validation",
            spelling=self.spelling,
        )


def prepare(lists: Lists, fraction: float | Callable[[int], float], seed: int) -> TrainingData:
    """Clean and encode the names; hold out a fraction of them if there is no `validation`.

    The fraction may depend on how many distinct names there are. Names are sorted, so that the
    order of a list makes no difference to anything.
    """
    listed = listed_names(lists.names, lists.labels, lists.counts, spelling=lists.spelling)
    vocabulary = Vocabulary.of(listed.names)
    labels = tuple(sorted(set(listed.labels or ())))
    clean, examples = _examples(listed, vocabulary, labels)
    to_train, to_validate = examples, None
    names_hash = _hash(clean, examples, labels)
    to_judge = lists.validation_examples()
    distinct = tuple(dict.fromkeys(clean))
    if to_judge is not None:
        _require_known_labels(to_judge.labels, labels)
        judges, to_validate = _examples(to_judge, vocabulary, labels)
        _require_known_characters(judges, to_validate)
        names_hash += _hash(judges, to_validate, labels)
    else:
        if callable(fraction):
            fraction = fraction(len(distinct))
        if fraction > 0:
            to_train, to_validate = _hold_out(examples, clean, distinct, fraction, seed)
    return TrainingData(
        vocabulary,
        labels,
        to_train,
        to_validate,
        to_validate is not None and to_judge is None,
        to_train.part(np.arange(to_train.size)[:: -(-to_train.size // _PROBED_NAMES)]),
        distinct,
        listed.report,
        names_hash,
    )


def _examples(
    listed: ListedNames, vocabulary: Vocabulary, labels: tuple[str, ...]
) -> tuple[list[str], Examples]:
    """Return the names in order, and encoded with their labels and counts.

    Copies stay copies; but with counts, those of one name and label become one example.
    """
    if listed.counts is None and listed.labels is None:
        names = sorted(listed.names)
        return names, Examples(vocabulary.encode(names))
    order: Sequence[int] = range(len(listed.names))
    of_names = None
    if listed.labels is not None:
        number = {label: i for i, label in enumerate(labels)}
        of_names = np.array([number[label] for label in listed.labels], np.int32)
        order = np.argsort(of_names, kind="stable").tolist()
    order = sorted(order, key=listed.names.__getitem__)  # a name's labels stay in order
    names = [listed.names[at] for at in order]
    of_names = None if of_names is None else of_names[order]
    weights = None
    if listed.counts is not None:
        weights = listed.counts[order]
        is_new = is_other_than_before(names)
        if of_names is not None:
            is_new[1:] |= of_names[1:] != of_names[:-1]
        if not is_new.all():
            names = list(compress(names, is_new.tolist()))
            of_names = None if of_names is None else of_names[is_new]
            weights = sums_of_copies(weights, is_new)
    return names, Examples(vocabulary.encode(names), of_names, weights)


def drawn_by_counts(names: object, counts: object, spelling: Spelling = AS_IT_IS) -> list[str]:
    """Return clean names, or with counts as many as differ, each as often as its count demands."""
    listed = listed_names(names, counts=counts, spelling=spelling)
    if counts is None:
        return listed.names
    vocabulary = Vocabulary.of(listed.names)
    _, examples = _examples(listed, vocabulary, ())
    return vocabulary.decode(examples.drawn_by_weight().names)


def _hold_out(
    examples: Examples, names: list[str], distinct: tuple[str, ...], fraction: float, seed: int
) -> tuple[Examples, Examples]:
    """Return what to train on and what to validate on.

    The fraction is of the distinct names, rounded down. All copies of a name go to one side, as the
    score of a name that was learned says nothing about names that were not.
    """
    count = int(len(distinct) * fraction)
    if count == 0:
        raise ValueError(
            f"names has {len(distinct):,} distinct name{'s' * (len(distinct) != 1)}; "
            f"validation_fraction={fraction:g} needs "
            f"{_fewest(fraction):,} or more. Give more names, or validation_fraction=0 to train on "
            "all of them"
        )
    order = _core.shuffled_for_split(len(distinct), seed)
    held_out = {distinct[index] for index in order[:count].tolist()}
    is_held_out = np.array([name in held_out for name in names])
    return examples.part(np.flatnonzero(~is_held_out)), examples.part(np.flatnonzero(is_held_out))


def folds(data: TrainingData, count: int, seed: int) -> Iterator[TrainingData]:
    """Yield parts of the training names to validate on, each with the other parts to train on.

    Each name is in one of them, with all its copies. There are `count`, or as many as there are
    distinct names; fewer than two make no folds.
    """
    names = data.vocabulary.decode(data.training.names)
    distinct = list(dict.fromkeys(names))
    count = min(count, len(distinct))
    if count < 2:
        return
    order = _core.shuffled_for_split(len(distinct), seed).tolist()
    fold_of = {distinct[index]: place % count for place, index in enumerate(order)}
    of_names = np.array([fold_of[name] for name in names])
    for fold in range(count):
        yield replace(
            data,
            training=data.training.part(np.flatnonzero(of_names != fold)),
            validation=data.training.part(np.flatnonzero(of_names == fold)),
        )


def whole(data: TrainingData) -> TrainingData:
    """Return the same names, those to train on and those held out, all of them to train on."""
    if data.validation is None or not data.validation_is_part:
        return data
    training = data.training.and_these(data.validation)
    return replace(data, training=training, validation=None, validation_is_part=False)


def label_counts(data: TrainingData) -> tuple[float, ...]:
    """Return how many names have each label, in copies or counts, those held out included."""
    examples = data.training
    if data.validation is not None and data.validation_is_part:
        examples = examples.and_these(data.validation)
    if examples.labels is None:
        return ()
    counts = np.bincount(examples.labels, examples.weights, len(data.labels))
    return tuple(counts.astype(np.float64).tolist())


def _hash(names: list[str], examples: Examples, labels: tuple[str, ...]) -> str:
    """Return a hash of names, labels and weights; of names alone, where there is nothing else."""
    digest = hashlib.sha256("\n".join(names).encode())
    if examples.labels is not None:
        digest.update("\n".join(["", *labels, ""]).encode())
        digest.update(examples.labels.astype("<i4").tobytes())
    if examples.weights is not None:
        digest.update(examples.weights.astype("<f8").tobytes())
    return digest.hexdigest()


def _fewest(fraction: float) -> int:
    """Return how few distinct names are enough for one to be held out."""
    fewest = math.ceil(1 / fraction)
    return fewest if int(fewest * fraction) >= 1 else fewest + 1


def _require_known_labels(labels: list[str] | None, known: tuple[str, ...]) -> None:
    new = set(labels or ()).difference(known)
    if new:
        raise ValueError(
            f"validation_labels has {min(new)!r}, but labels lacks it; expected some of "
            f"{shown_labels(known)}"
        )


def _require_known_characters(names: list[str], examples: Examples) -> None:
    unknown = first_unknown(names, examples.names)
    if unknown is not None:
        raise ValueError(
            f"validation has the character {unknown.character!r} in {names[unknown.name]!r} at "
            f"position {unknown.position}, but names lacks it; expected only characters that it has"
        )
