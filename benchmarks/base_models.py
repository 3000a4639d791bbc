"""What a base model is worth: held-out names under networks trained from one and from scratch.

    python benchmarks/base_models.py [--dictionary FILE...]

For each size, lists are drawn at random from the bundled dinosaurs and, if they are at hand, from
31,033 first names; networks learn a list and are judged by the nats per character, ends included,
of up to 1,300 other names, save those in a dictionary and those with a character that the list
lacks. (The bundled bases have read none of these names; others may have read a dictionary.) Each
number is the mean of three draws; "both" is the mean of the two networks' probabilities, "four"
that of four networks from scratch.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
from judged_lists import FIRST_NAMES

from dinorc import CharRNN, datasets

SIZES = {"dinosaurs": (30, 60, 300, 1200), "first names": (30, 300, 1000, 5000)}
DRAWS = (10, 11, 12)
HELD_OUT = 1300
SCRATCH: dict[str, Any] = {"base": None, "max_epochs": 20}
COLUMNS = ("scratch", "latin", "english", "both", "four")


def recipe(base: str, size: int) -> dict[str, Any]:
    """Return the settings for a list of this size: no names held out, a fixed number of epochs."""
    few = size < 500
    return {
        "base": base,
        "dropout": 0.65 if few else 0.5,
        "max_epochs": 9 if few else 12,
        "validation_fraction": 0,
    }


def probabilities(names: list[str], held_out: list[str], **settings: Any) -> np.ndarray:
    """Return the probability of each character of the held-out names under a new network."""
    rnn = CharRNN(**settings, n_jobs=1, verbose=False).fit(names)
    return np.exp(np.concatenate([rnn.score_chars(name) for name in held_out]))


def measure(names: list[str], held_out: list[str]) -> tuple[dict[str, float], dict[str, float]]:
    """Return nats a character and seconds of processor time for each column."""
    found, seconds = {}, {}
    scratch = []
    for seed in range(4):
        start = time.process_time()
        scratch.append(probabilities(names, held_out, **SCRATCH, random_state=seed))
        seconds.setdefault("scratch", time.process_time() - start)
    for base in ("latin", "english"):
        start = time.process_time()
        found[base] = probabilities(names, held_out, **recipe(base, len(names)))
        seconds[base] = time.process_time() - start
    found |= {"scratch": scratch[0], "four": np.mean(scratch, axis=0)}
    found["both"] = (found["latin"] + found["english"]) / 2
    return {name: -np.log(found[name]).mean() for name in COLUMNS}, seconds


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dictionary", nargs="*", type=Path, default=[], help="words, one a line")
    options = parser.parse_args()
    words = {
        word.casefold()
        for file in options.dictionary
        for word in file.read_text("utf-8", errors="ignore").split()
    }
    lists = {"dinosaurs": datasets.load("dinos")}
    if FIRST_NAMES.exists():
        lists["first names"] = FIRST_NAMES.read_text().split()
    print("| list | " + " | ".join(COLUMNS) + " | seconds: scratch, latin |")
    print("|---|" + "---|" * (len(COLUMNS) + 1))
    for title, everything in lists.items():
        for size in SIZES[title]:
            nats, seconds = [], []
            for draw in DRAWS:
                names = sorted(set(everything))
                random.Random(draw).shuffle(names)
                known = set("".join(names[:size]))
                held_out = [
                    name
                    for name in names[size : size + HELD_OUT]
                    if name not in words and known.issuperset(name)
                ]
                one, took = measure(names[:size], held_out)
                nats.append(one)
                seconds.append(took)
            row = [f"{np.mean([one[column] for one in nats]):.3f}" for column in COLUMNS]
            times = [f"{min(took[column] for took in seconds):.1f}" for column in COLUMNS[:2]]
            print(f"| {size:,} {title} | {' | '.join(row)} | {', '.join(times)} |", flush=True)


if __name__ == "__main__":
    main()
