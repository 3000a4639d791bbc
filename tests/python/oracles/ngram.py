"""Interpolated modified Kneser-Ney smoothing in plain Python, after Chen and Goodman (1998).

Contexts are texts, counts are dictionaries, and every probability is worked out anew.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

BEGINNING = "\0"  # comes before every name, and counts as a character of contexts
END = "\n"


class KneserNey:
    """A model of these names, copies included, with discounts for each length of context."""

    def __init__(
        self, names: Iterable[str], vocabulary: str, discounts: Sequence[Sequence[float]]
    ) -> None:
        self.vocabulary = vocabulary
        self.discounts = discounts
        self.order = len(discounts)
        self.came: Counter[tuple[str, str]] = Counter()
        for name in names:
            for context, character in _contexts(name):
                for begin in range(max(0, len(context) - self.order + 1), len(context) + 1):
                    self.came[context[begin:], character] += 1

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """By context: the count of each character that has followed it.

        N-grams of full length and those at the beginning of a name count as often as they came;
        others by how many different characters, the beginning among them, came before them.
        """
        before: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for context, character in self.came:
            if context:
                before[context[1:], character].add(context[0])
        counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for (context, character), came in self.came.items():
            is_full = len(context) + 1 == self.order or context.startswith(BEGINNING)
            counts[context][character] = came if is_full else len(before[context, character])
        return counts

    def probability(self, context: str, character: str) -> float:
        """Return p(character | context), the context being all that comes before it."""
        p = 1 / len(self.vocabulary)
        for length in range(min(self.order, len(context) + 1)):
            after = self.counts.get(context[len(context) - length :])
            if after is None:
                break
            discounts = self.discounts[length]
            total = sum(after.values())
            taken = sum(discounts[min(count, 3) - 1] for count in after.values())
            own = after.get(character, 0)
            if own:
                own -= discounts[min(own, 3) - 1]
            p = own / total + taken / total * p
        return p

    def log_probabilities(self, name: str) -> list[float]:
        """Return the logarithm of the probability of each character of a name, and of its end."""
        return [math.log(self.probability(*each)) for each in _contexts(name)]


def _contexts(name: str) -> list[tuple[str, str]]:
    """Return each character of a name, its end included, after all that comes before it."""
    text = BEGINNING + name + END
    return [(text[:at], text[at]) for at in range(1, len(text))]


def held_out_log_probabilities(
    names: Sequence[str],
    copies: Counter[str],
    parts: Iterable[Sequence[str]],
    discounts: Sequence[Sequence[float]],
) -> list[float]:
    """Return the log-probabilities of all characters of names that are held out part by part.

    Characters that the other names do not have are left out.
    """
    vocabulary = END + "".join(sorted(set("".join(names))))
    logarithms: list[float] = []
    for part in parts:
        others = [name for name in names if name not in set(part)]
        known = set("".join(others)) | {END}
        model = KneserNey(
            (name for name in others for _ in range(copies[name])), vocabulary, discounts
        )
        for name in part:
            for character, logarithm in zip(name + END, model.log_probabilities(name), strict=True):
                if character in known:
                    logarithms.append(logarithm)
    return logarithms
