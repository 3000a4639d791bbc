"""How counts should weigh: as they are, or to a power below one, for names and for births.

Models learn first names of births up to 2010, with how many there were of each (or this to a
power; 0: each name once). They are judged by births after that: by names that they have not
learned, each once and by how many births it had; and by all births.
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
from dinorc import CharRNN, NGram
from notebook import cpu_model

POWERS = (0.0, 0.25, 0.5, 0.75, 1.0)
MODELS: dict[str, Callable[[], Any]] = {"NGram()": NGram, "CharRNN()": CharRNN}


def nats(scores: np.ndarray[Any, Any], names: list[str], weights: Any) -> float:
    """Return nats a character, ends included, of names that count so often."""
    lengths = np.array([len(name) + 1 for name in names])
    return float(-(scores * weights).sum() / (lengths * weights).sum())


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--names", type=int, default=20_000, help="to learn (%(default)s)")
    options = parser.parse_args()
    before = births_by_name(("name",), range(1800, 2011))
    after = births_by_name(("name",), range(2011, 2100))
    learned = sorted(before)
    random.Random(0).shuffle(learned)
    learned = learned[: options.names]
    births = np.array([before[name] for name in learned], float)
    new = sorted(set(after).difference(learned))
    random.Random(0).shuffle(new)
    new = new[:5000]
    everything = sorted(set(after).intersection(learned)) + new
    print(f"date     {datetime.datetime.now(datetime.UTC):%Y-%m-%d}")
    print(f"CPU      {cpu_model()}")
    print(f"dinorc   {dinorc.__version__}, {dinorc.build_info()['instruction_set']}")
    print(f"task     {options.names:,} names, {births.sum():,.0f} births; nats a character\n")
    print("| model | power | new names | births of new names | all births | seconds |")
    print("|---|---|---|---|---|---|")
    for title, make in MODELS.items():
        for power in POWERS:
            start = time.perf_counter()
            model = make().fit(learned, counts=None if power == 0 else births**power)
            seconds = time.perf_counter() - start
            of_new, of_all = model.score_samples(new), model.score_samples(everything)
            cells = (
                nats(of_new, new, np.ones(len(new))),
                nats(of_new, new, np.array([after[name] for name in new], float)),
                nats(of_all, everything, np.array([after[name] for name in everything], float)),
            )
            shown = " | ".join(f"{cell:.3f}" for cell in cells)
            print(f"| {title} | {power:g} | {shown} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
