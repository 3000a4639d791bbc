"""Names of a list with what is known of them: their labels, and how much each counts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from dinorc._names.cleaning import NamesReport, clean_part, name_to_score, names_in_places
from dinorc._names.columns import is_missing, items_of
from dinorc._names.spelling import AS_IT_IS, Spelling
from dinorc._validation import Array, describe, require_real

MOST_LABELS = 1_000
LONGEST_LABEL = 100  # characters
MOST_COUNTED = 2**53  # the sum of counts: so many copies are exact as a float

_SHOWN = 12


class ListedNames(NamedTuple):
    """Clean names in the order of the list, one for each item that was no blank line."""

    names: list[str]
    labels: list[str] | None
    counts: Array | None  # float64
    report: NamesReport


def listed_names(
    names: object,
    labels: object = None,
    counts: object = None,
    argument: str = "names",
    spelling: Spelling = AS_IT_IS,
) -> ListedNames:
    """Return clean names with their labels and counts, or raise.

    `labels` and `counts` have an item for each of the names, blank lines included; `counts` may be
    a mapping from names instead.
    """
    clean, places, items, report = names_in_places(names, argument, spelling)
    of_labels = f"{argument}_labels" if argument != "names" else "labels"
    kinds = None if labels is None else _clean_labels(labels, places, items, of_labels)
    if counts is None:
        return ListedNames(clean, kinds, None, report)
    numbers = _clean_counts(counts, clean, places, items, spelling)
    if not numbers.all():  # a name that never came is none of the list
        kept = np.flatnonzero(numbers)
        numbers = numbers[kept]
        clean = [clean[place] for place in kept.tolist()]
        kinds = None if kinds is None else [kinds[place] for place in kept.tolist()]
        report = replace(report, names=len(clean), distinct=len(set(clean)))
    if not clean:
        raise ValueError("counts are all 0; expected a number above 0 for some name")
    return ListedNames(clean, kinds, numbers, report)


def clean_label(label: object, argument: str) -> str:
    """Return a label in Unicode's normal form, without white space around it."""
    if is_missing(label):
        raise TypeError(f"{argument} is {describe(label)}; expected a str, and no missing value")
    if isinstance(label, Iterable) and not isinstance(label, (str, bytes, bytearray)):
        raise TypeError(f"{argument} is a {type(label).__name__}; expected a single label, a str")
    if not isinstance(label, str):
        raise TypeError(f"{argument} is {describe(label)}; expected a str, as str({argument}) is")
    clean = clean_part(label, argument).strip()
    if not clean:
        raise ValueError(f"{argument} is {label!r}; expected at least one character")
    if len(clean) > LONGEST_LABEL:
        raise ValueError(
            f"{argument} has {len(clean):,} characters; expected at most {LONGEST_LABEL}"
        )
    return clean


def shown_labels(labels: Iterable[str]) -> str:
    """Return labels as a text, the first ones if there are many."""
    return first_ones(map(repr, labels))


def first_ones(texts: Iterable[str]) -> str:
    """Return texts as a list in a sentence, the first ones if there are many."""
    shown = list(texts)
    more = f", and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(shown[:_SHOWN]) + more


def _clean_labels(labels: object, places: list[int], items: int, argument: str) -> list[str]:
    given = items_of(labels, argument, "a list of labels, one for each name")
    _require_one_each(argument, len(given), items)
    known: dict[object, str] = {}  # a column has few different ones
    clean = []
    for place in places:
        label = given[place]
        if type(label) is not str or label not in known:
            known[label] = clean_label(label, f"{argument}[{place}]")
        clean.append(known[label])
    different = len(set(clean))
    if different > MOST_LABELS:
        raise ValueError(
            f"{argument} has {different:,} different labels; expected at most {MOST_LABELS:,}"
        )
    return clean


def _clean_counts(
    counts: object, clean: list[str], places: list[int], items: int, spelling: Spelling
) -> Array:
    if isinstance(counts, Mapping):
        by_name: Mapping[object, object] = counts
        if not set(clean).issuperset(counts):
            by_name = {
                name_to_score(name, spelling) if isinstance(name, str) else name: count
                for name, count in counts.items()
            }
        for name in clean:
            if name not in by_name:
                raise ValueError(f"counts has no key {name!r}; expected a count for each name")
        given = [by_name[name] for name in clean]
    else:
        wanted = "a list of numbers, one for each name, or a mapping from names to numbers"
        column = items_of(counts, "counts", wanted)
        _require_one_each("counts", len(column), items)
        given = column if len(places) == items else [column[place] for place in places]
    numbers = _plain_numbers(given)
    if numbers is None:
        keys = clean if isinstance(counts, Mapping) else places
        numbers = np.array(list(map(_count, keys, given)))
    most = float(numbers.max())
    may_be_too_many = most * len(numbers) >= MOST_COUNTED  # seldom
    if most > MOST_COUNTED or (may_be_too_many and math.fsum(numbers.tolist()) > MOST_COUNTED):
        raise ValueError("counts sum up to more than 2**53; expected less")
    return numbers


def _plain_numbers(given: list[Any]) -> Array | None:
    """Return numbers that are valid at first sight, as nearly all are; else None."""
    if not set(map(type, given)) <= {int, float}:
        return None
    try:
        numbers = np.array(given, np.float64)
    except OverflowError:
        return None
    return numbers if numbers.min() >= 0 and numbers.max() <= MOST_COUNTED else None


def _count(key: object, count: object) -> float:
    wanted = "a number of 0 or more"
    return require_real(f"counts[{key!r}]", count, lambda number: 0 <= number < np.inf, wanted)


def _require_one_each(argument: str, given: int, items: int) -> None:
    if given != items:
        raise ValueError(
            f"{argument} has {given:,} items, and there are {items:,} names; expected one for each"
        )
