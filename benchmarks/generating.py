"""Characters a second of ``CharRNN.sample``, beside a batched PyTorch sampler in one run.

    python benchmarks/generating.py

Both sides draw names from the same trained network, float32, with two threads, and take turns; the
table shows medians. Ends of names count as characters. PyTorch may choose: batches of several
sizes, which names leave when they have ended, and two ways to draw. Each way draws an eighth of the
names, and the two fastest draw them all. dinorc's time includes making Python strings of the names,
PyTorch's does not. The last line is of the ensemble that `Ensemble()` makes of the list, alone.
"""

from __future__ import annotations

import argparse
import datetime
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from pytorch_sampler import WAYS, Sampler, Way

import dinorc
from notebook import ROOT, cpu_model

LONGEST = 1000

# 31,033 first names, which are not part of the project.
NAMES = ROOT.parent / "shared" / "data" / "names_train.txt"
DINOSAURS = ROOT / "data" / "dinos.txt"


def seconds_of(function: Callable[[], object]) -> float:
    """Time a call."""
    time.sleep(0.3)  # until the threads of the previous call, which spin, are asleep
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def require_the_same_network(rnn: dinorc.CharRNN, sampler: Sampler, names: list[str]) -> None:
    """Raise if PyTorch's network is not that of the model."""
    for name in names:
        theirs = sampler.log_probabilities([rnn.vocabulary_.index(c) for c in name])
        np.testing.assert_allclose(rnn.score_chars(name), theirs, atol=1e-4)


def rates_of_ensemble(names: list[str], count: int, options: argparse.Namespace) -> list[float]:
    """Return characters a second, and names a second one by one, of the default ensemble."""
    ensemble = dinorc.Ensemble(n_jobs=options.threads, verbose=False).fit(names)
    characters = sum(len(name) + 1 for name in ensemble.sample(count))
    rates = [
        (
            characters / seconds_of(lambda: ensemble.sample(count)),
            500 / seconds_of(lambda: [ensemble.sample(1, seed=i) for i in range(500)]),
        )
        for _ in range(options.repeats)
    ]
    return [statistics.median(each) for each in zip(*rates, strict=True)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cell", default="gru", help="(%(default)s)")
    parser.add_argument("--hidden-size", type=int, default=64, help="(%(default)s)")
    parser.add_argument("--names", type=int, default=200_000, help="(%(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="(%(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="(%(default)s)")
    parser.add_argument(
        "--list",
        type=Path,
        default=NAMES if NAMES.exists() else DINOSAURS,
        help="names to learn first (%(default)s)",
    )
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    lines = options.list.read_text(encoding="utf-8").split("\n")
    names = [line for line in lines if line]
    rnn = dinorc.CharRNN(
        cell=options.cell,
        hidden_size=options.hidden_size,
        max_epochs=5,
        random_state=0,
        n_jobs=options.threads,
        verbose=False,
    ).fit(names)
    sampler = Sampler(rnn)
    require_the_same_network(rnn, sampler, rnn.generate(50))
    count, repeats = options.names, options.repeats
    characters = sum(len(name) + 1 for name in rnn.sample(count))

    def rate_of_pytorch(way: Way, count: int) -> float:
        drawn: list[int] = []
        seconds = seconds_of(lambda: drawn.append(sampler.sample(count, LONGEST, way)))
        return drawn[0] / seconds

    finalists = sorted(WAYS, key=lambda way: rate_of_pytorch(way, count // 8))[-2:]
    ours: list[float] = []
    theirs: dict[Way, list[float]] = {way: [] for way in finalists}
    generating: list[float] = []
    for _ in range(repeats):
        ours.append(characters / seconds_of(lambda: rnn.sample(count)))
        for way in finalists:
            theirs[way].append(rate_of_pytorch(way, count))
        generating.append(
            seconds_of(lambda: rnn.generate(10_000)) / seconds_of(lambda: rnn.sample(10_000))
        )
    one_by_one = statistics.median(
        2000 / seconds_of(lambda: [rnn.sample(1, seed=i) for i in range(2000)])
        for _ in range(repeats)
    )
    one_way = min(WAYS)
    one_by_one_pytorch = statistics.median(
        100 / seconds_of(lambda: [sampler.sample(1, LONGEST, one_way) for _ in range(100)])
        for _ in range(repeats)
    )
    best = max(finalists, key=lambda way: statistics.median(theirs[way]))
    rates = {"dinorc": statistics.median(ours), "PyTorch": statistics.median(theirs[best])}

    print(f"date     {datetime.datetime.now(datetime.UTC):%Y-%m-%d}")
    print(f"CPU      {cpu_model()}; {dinorc.build_info()['instruction_set']}")
    print(f"network  {options.cell}, {options.hidden_size} units, learned {options.list.name}")
    print(f"task     {count:,} names, {characters / count:.1f} characters each, end included;")
    print(f"         {options.threads} threads, {repeats} repeats, medians; PyTorch {best}\n")
    print(f"{'':10}{'k chars/s':>12}{'ratio':>8}{'one by one, names/s':>22}{'ratio':>8}")
    for label, alone in (("PyTorch", one_by_one_pytorch), ("dinorc", one_by_one)):
        rate = rates[label]
        print(
            f"{label:10}{rate / 1e3:12,.0f}{rate / rates['PyTorch']:8.1f}"
            f"{alone:22,.0f}{alone / one_by_one_pytorch:8.1f}"
        )
    print(
        f"\ngenerate(10_000), new and distinct names, with log-probabilities: "
        f"{statistics.median(generating):.2f} times as long as sample(10_000)"
    )
    together, alone = rates_of_ensemble(names, count // 2, options)
    print(
        f"Ensemble(), {count // 2:,} names: {together / 1e3:,.0f} k chars/s; "
        f"one by one, {alone:,.0f} names/s"
    )


if __name__ == "__main__":
    main()
