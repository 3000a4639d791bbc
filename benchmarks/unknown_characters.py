"""What probability suits a character that training has not seen.

    python benchmarks/unknown_characters.py

An n-gram learns names that lack some characters of the held-out ones: few names of a list with many
accents, or those without a letter. The held-out names, those with unknown characters among them,
are judged against gibberish of the same lengths, for each probability of an unknown character. A
row has the area under the ROC curve against four kinds of gibberish, the mean of these, and the
nats per character of the held-out names.
"""

from __future__ import annotations

import math
import random
import string
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
from judged_lists import judged_lists
from sklearn.metrics import roc_auc_score

from dinorc import NGram

DRAWS = 5
MOST_JUDGED = 300
SIGNS = string.ascii_letters + string.digits + "._-!@#"

# By the number of characters read, of different ones, and of those that came once.
SHARES: dict[str, Callable[[int, int, int], float]] = {
    "one in a thousand": lambda read, known, once: 1e-3,
    "(n1 + 1/2) / N": lambda read, known, once: (once + 0.5) / read,
    "(n1 + 1/2) / (N V)": lambda read, known, once: (once + 0.5) / (read * known),
    "1 / N": lambda read, known, once: 1 / read,
    "1 / (N V)": lambda read, known, once: 1 / (read * known),
    "one in a million": lambda read, known, once: 1e-6,
    "one in a billion": lambda read, known, once: 1e-9,
    "impossible": lambda read, known, once: 0.0,
}

Task = tuple[list[str], list[str], list[str]]  # names to learn, to calibrate with, to judge


def gibberish(names: list[str], draw: random.Random) -> dict[str, list[str]]:
    """Return gibberish of each kind, as long as the names."""
    with_a_sign = []
    for name in names:
        place = draw.randrange(len(name))
        with_a_sign.append(name[:place] + draw.choice("0123456789_@#!?") + name[place + 1 :])
    return {
        "letters": ["".join(draw.choices(string.ascii_lowercase, k=len(n))) for n in names],
        "shuffled": ["".join(draw.sample(n, len(n))) for n in names],
        "ASCII": ["".join(draw.choices(SIGNS, k=len(n))) for n in names],
        "one sign": with_a_sign,
    }


def short_lists(names: list[str], size: int) -> Iterator[Task]:
    """Yield tasks with so many names to learn, whatever characters the others have."""
    for draw in range(DRAWS):
        random.Random(draw).shuffle(names)
        known = set().union(*names[:size])
        calibrating = [name for name in names[size:] if known.issuperset(name)][-MOST_JUDGED:]
        yield names[:size], calibrating, names[size : size + MOST_JUDGED]


def without_a_letter(names: list[str], size: int, letters: str) -> Iterator[Task]:
    """Yield tasks in which one name in four has a letter that the names to learn lack."""
    for draw, letter in enumerate(letters):
        random.Random(draw).shuffle(names)
        lacking = [name for name in names if letter not in name]
        having = [name for name in names if letter in name]
        judged = lacking[size : size + MOST_JUDGED * 3 // 4] + having[: MOST_JUDGED // 4]
        yield lacking[:size], lacking[-MOST_JUDGED:], judged


def results(task: Task) -> dict[str, list[float]]:
    """Return what becomes of the task by each probability."""
    learned, calibrating, judged = task
    ngram = NGram().fit(learned).calibrate(calibrating, 0.05)
    counts = Counter("".join(learned))
    read = counts.total() + len(learned)
    known, once = len(counts) + 1, sum(count == 1 for count in counts.values())
    strings = gibberish(judged, random.Random(0))
    rows = {}
    for title, share in SHARES.items():
        probability = share(read, known, once)
        typical = typicality(ngram, judged, probability)
        areas = [
            roc_auc_score(
                [1] * len(judged) + [0] * len(judged),
                np.concatenate([typical, typicality(ngram, others, probability)]),
            )
            for others in strings.values()
        ]
        nats = -sum(scores(ngram, judged, probability)) / sum(len(name) + 1 for name in judged)
        rows[title] = [*areas, sum(areas) / len(areas), nats]
    return rows


def scores(ngram: NGram, names: list[str], probability: float) -> list[float]:
    """Return log-probabilities with this probability of each unknown character."""
    characters = set(ngram.vocabulary_)
    ngram.set_params(unknown="rare")
    more = (math.log(probability) if probability else -1e4) - math.log(1e-6)
    return [
        score + more * sum(character not in characters for character in name)
        for name, score in zip(names, ngram.score_samples(names).tolist(), strict=True)
    ]


def typicality(ngram: NGram, names: list[str], probability: float) -> np.ndarray:
    """Return how far each name is above the threshold, with this probability."""
    lengths = np.array([len(name) for name in names])
    rare = np.array(scores(ngram, names, 1e-6))
    moved = np.array(scores(ngram, names, probability))
    decisions = ngram.decision_function(names)
    calibration = ngram._require_trained().calibration
    spread = calibration.spread[np.minimum(lengths, len(calibration.spread)) - 1]
    return decisions + (moved - rare) / (lengths + 1) / spread


def main() -> None:
    """Print a table for each kind of list."""
    names = {judged.title: sorted(set(judged.names)) for judged in judged_lists()}
    places = [names["Slovak towns"], names["Greek places"]]
    tables = {
        "30 and 100 places": [t for p in places for n in (30, 100) for t in short_lists(p, n)],
        "300 and 1,000 places": [t for p in places for n in (300, 1000) for t in short_lists(p, n)],
        "300 dinosaurs without a letter": [*without_a_letter(names["dinosaurs"], 300, "zcqkbvw")],
    }
    if "first names" in names:
        tasks = [*without_a_letter(names["first names"], 3000, "zqkxj")]
        tables["3,000 first names without a letter"] = tasks
    for title, tasks in tables.items():
        print(f"\n{title}: {len(tasks)} draws")
        print(f"{'':20} letters shuffled  ASCII one sign    mean    nats")
        each = [results(task) for task in tasks]
        for share in SHARES:
            means = np.mean([rows[share] for rows in each], axis=0)
            print(f"{share:20}" + "".join(f"{mean:8.4f}" for mean in means))


if __name__ == "__main__":
    main()
