"""Whether the lists that `resume` is given are those with which the training began."""

from __future__ import annotations

import math
from collections.abc import Iterable

from dinorc._storage.trained_ensemble import TrainedEnsemble
from dinorc._storage.trained_network import HASH_DIGITS, TrainedNetwork
from dinorc._training.data import Lists, TrainingData, prepare


def prepare_as_in_fit(
    trained: TrainedNetwork | TrainedEnsemble, lists: Lists, fraction: float
) -> TrainingData:
    """Return the data that `prepare` makes of the lists; raise unless the training began with them.

    A list too short to hold out the fraction is another one than that of `fit`, which says more
    than that it is too short: so nothing is held out of it. Should it be the same, `fit` can't have
    had that fraction, and the list is too short after all.
    """
    data = prepare(lists, lambda n: fraction if int(n * fraction) > 0 else 0.0, trained.seed)
    began_with = (trained.names_hash, trained.vocabulary.characters, trained.labels)
    if began_with != (data.names_hash, data.vocabulary.characters, data.labels):
        raise ValueError(f"{_difference(trained, data)} in fit; expected the same lists")
    is_too_short = fraction > 0 and data.validation is None
    return prepare(lists, fraction, trained.seed) if is_too_short else data


def _difference(trained: TrainedNetwork | TrainedEnsemble, data: TrainingData) -> str:
    """Return which list differs, as exactly as what is kept of the lists can tell.

    Kept are the distinct names, if they were not left out, their number, the labels and what the
    names of each count, and two hashes: of names with labels and counts, and of validation names
    with their labels.
    """
    hashes = [each[HASH_DIGITS:] for each in (data.names_hash, trained.names_hash)]
    numbers = [
        f"{report.names:,} names, {report.distinct:,} distinct"
        for report in (data.report, trained.names_report)
        if report is not None
    ]
    characters = data.vocabulary.characters, trained.vocabulary.characters
    return (
        _of_items("names", data.names, trained.names or data.names)
        or _of_items("names", *characters, "the character ")
        or (f"names has {numbers[0]}, and had {numbers[1]}" if len(set(numbers)) > 1 else "")
        or _of_presence("labels", bool(data.labels), bool(trained.labels))
        or _of_items("labels", data.labels, trained.labels)
        or _of_presence("validation", *map(bool, hashes))
        or ("validation or validation_labels is not as it was" if len(set(hashes)) > 1 else "")
        or ("counts is not given, and was" if _lacks_counts(trained, data) else "")
        or _of_one_hash(trained)
    )


def _of_items(argument: str, now: Iterable[str], then: Iterable[str], kind: str = "") -> str:
    new, gone = set(now).difference(then), set(then).difference(now)
    if new:
        return f"{argument} has {kind}{min(new)!r}, which it did not have"
    return f"{argument} lacks {kind}{min(gone)!r}, which it had" if gone else ""


def _of_presence(argument: str, now: bool, then: bool) -> str:
    if now == then:
        return ""
    return f"{argument} is given, and was not" if now else f"{argument} is not given, and was"


def _lacks_counts(trained: TrainedNetwork | TrainedEnsemble, data: TrainingData) -> bool:
    """Tell whether `fit` was certainly given counts, and these data, alike in all else, have none.

    Without counts, the labels' names count as many as there are; and names without labels and
    copies have no other hash.
    """
    if data.training.weights is not None:
        return False
    if data.labels:
        return math.fsum(trained.label_counts) != data.report.names
    return bool(trained.names) and data.report.names == data.report.distinct


def _of_one_hash(trained: TrainedNetwork | TrainedEnsemble) -> str:
    """Return what the hash of names with labels and counts cannot tell apart."""
    perhaps = [
        "" if trained.names else "which names there are",
        "which label each has" if trained.labels else "",
        "how often each comes, by copies or counts,",
    ]
    return f"{' or '.join(filter(None, perhaps))} is not as it was"
