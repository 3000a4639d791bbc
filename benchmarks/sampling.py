"""Microseconds a name of ``sample``, drawn one at a time, beside the NumPy notebook in one run.

    python benchmarks/sampling.py

Both sides draw the same names from the same trained parameters and take turns; the table shows
medians.
"""

from __future__ import annotations

import argparse
import datetime
import statistics
import time
from collections.abc import Callable

import dinorc
from notebook import ROOT, Task, cpu_model, load_reference  # sets one thread, before NumPy loads


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--names", type=int, default=500, help="names a repeat (%(default)s)")
    parser.add_argument("--repeats", type=int, default=9, help="(%(default)s)")
    options = parser.parse_args()

    task = Task((ROOT / "data" / "dinos.txt").read_text(encoding="utf-8").split(), 50)
    parameters = dinorc.model(**task.arguments, num_iterations=12_000, verbose=False)
    reference = load_reference()
    seeds = range(options.names)
    sides: dict[str, Callable[[int], list[int]]] = {
        "NumPy": lambda seed: reference.sample(parameters, task.char_to_ix, seed),
        "dinorc": lambda seed: dinorc.sample(parameters, task.char_to_ix, seed),
    }
    names = {label: [sample(seed) for seed in seeds] for label, sample in sides.items()}
    same = sum(a == b for a, b in zip(*names.values(), strict=True))
    letters = statistics.fmean(len(name) for name in names["dinorc"])

    microseconds: dict[str, list[float]] = {label: [] for label in sides}
    for _ in range(options.repeats):
        for label, sample in sides.items():
            start = time.perf_counter()
            for seed in seeds:
                sample(seed)
            microseconds[label].append((time.perf_counter() - start) / options.names * 1e6)
    medians = {label: statistics.median(times) for label, times in microseconds.items()}

    print(f"date    {datetime.datetime.now(datetime.UTC):%Y-%m-%d}")
    print(f"CPU     {cpu_model()}; {dinorc.build_info()['instruction_set']}")
    print(f"task    {options.names} names of {letters:.1f} letters on average, end included;")
    print(f"        {same} of them the same on both sides; {options.repeats} repeats, medians\n")
    print(f"{'':8}{'us/name':>10}{'x NumPy':>10}")
    for label, median in medians.items():
        print(f"{label:8}{median:10.2f}{medians['NumPy'] / median:10.1f}")


if __name__ == "__main__":
    main()
