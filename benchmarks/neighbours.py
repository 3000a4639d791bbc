"""dinorc beside what else makes names from a list: held-out names, seconds, size on the disk.

    python benchmarks/neighbours.py > benchmarks/results/neighbours.txt

Each side learns the same names of the lists of `judged_lists.py` with its own defaults, three draws
of each list, with one thread. Columns for each list: the nats per held-out character, ends
included, a mean over the draws; and the seconds of processor time to learn, a median. A Markov
chain gives no probability at all to names with a sequence that it has not seen, so that its nats
are infinite; the column then says how many of the held-out names are impossible. The last columns:
the share of 1,000 names drawn from the model of 1,200 dinosaurs that stand in the list, and the
megabytes of the package and all that it needs, as installed in this environment.

What is not installed (`pip install '.[benchmark]'`) is left out, and says so.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import importlib.util
import math
import random
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from judged_lists import Task, judged_lists

import dinorc
from notebook import cpu_model, version_of

LISTS = {"dinosaurs": (300, 1200), "first names": (300, 1000, 5000)}
ORDER = 3  # of the Markov chains: namemaker's default


class Learned(Protocol):
    """What a side knows after learning."""

    def nats(self, names: Sequence[str]) -> list[float]:
        """Return minus the log-probability of each name, its end included."""

    def draw(self, count: int) -> list[str]:
        """Return so many names as the side makes them."""


@dataclass
class Side:
    """One row of the table: the package, and how it learns a list."""

    title: str
    package: str
    learn: Callable[[list[str]], Learned]


# ---- dinorc -------------------------------------------------------------------------------------


@dataclass
class OfDinorc:
    """A model of dinorc's."""

    model: dinorc.Ensemble | dinorc.NGram

    def nats(self, names: Sequence[str]) -> list[float]:
        """Score with the model's own methods."""
        return [-score for score in self.model.score_samples(names)]

    def draw(self, count: int) -> list[str]:
        """Draw from the distribution, so that names of the list may come."""
        return list(self.model.sample(count, seed=0))


def ensemble(names: list[str]) -> Learned:
    """Learn as `dinorc train` does."""
    return OfDinorc(dinorc.Ensemble(n_jobs=1, verbose=False).fit(names))


def ngram(names: list[str]) -> Learned:
    """Count, with modified Kneser-Ney smoothing."""
    return OfDinorc(dinorc.NGram().fit(names))


# ---- Markov chains ------------------------------------------------------------------------------


Counts = dict[tuple[str, ...], dict[str, int]]
BEGIN, END = "\x02", "\x03"


@dataclass
class OfChain:
    """A Markov chain without smoothing: after which characters comes which, how often."""

    counts: Callable[[], Counts]
    begin: str
    end: str
    make: Callable[[], str]

    def nats(self, names: Sequence[str]) -> list[float]:
        """Go through each name; what was never seen has no probability."""
        counts = self.counts()
        return [self._nats(name, counts) for name in names]

    def _nats(self, name: str, counts: Counts) -> float:
        state = (self.begin,) * ORDER
        total = 0.0
        for character in (*name, self.end):
            follow = counts.get(state, {})
            if character not in follow:
                return math.inf
            total -= math.log(follow[character] / sum(follow.values()))
            state = (*state[1:], character)
        return total

    def draw(self, count: int) -> list[str]:
        """Make names as the package makes them."""
        return [self.make() for _ in range(count)]


def markovify_chain(names: list[str]) -> Learned:
    """Learn with the chain under markovify's texts, each letter a word."""
    from markovify import chain as theirs

    random.seed(0)
    chain = theirs.Chain([list(name) for name in names], ORDER)
    return OfChain(lambda: chain.model, theirs.BEGIN, theirs.END, lambda: "".join(chain.walk()))


def namemaker_set(names: list[str]) -> Learned:
    """Learn with namemaker, which keeps its chain to itself: its counts are made once more.

    Names of the list, which it leaves out unless told otherwise, are let in, so that they can be
    counted.
    """
    import namemaker

    namemaker.get_rng().seed(0)
    made = namemaker.make_name_set(names, order=ORDER)

    def make() -> str:
        return made.make_name(exclude_real_names=False, exclude_history=False, n_candidates=1)

    return OfChain(lambda: counted(names), BEGIN, END, make)


def counted(names: list[str]) -> Counts:
    """Return which character came after which ones, how often."""
    counts: Counts = {}
    for name in names:
        state = (BEGIN,) * ORDER
        for character in (*name, END):
            follow = counts.setdefault(state, {})
            follow[character] = follow.get(character, 0) + 1
            state = (*state[1:], character)
    return counts


# ---- PyTorch ------------------------------------------------------------------------------------


@dataclass
class OfPyTorch:
    """An LSTM in PyTorch, as `quality.py` trains it."""

    names: list[str]

    def nats(self, names: Sequence[str]) -> list[float]:
        """Not asked for: `measure` lets `quality.py` train and judge in one."""
        raise NotImplementedError

    def draw(self, count: int) -> list[str]:
        """Draw nothing: the script has no sampler."""
        return []


def pytorch(names: list[str]) -> Learned:
    """Put off learning until there are names to judge."""
    return OfPyTorch(names)


SIDES = [
    Side("dinorc, Ensemble()", "dinorc", ensemble),
    Side("Kneser-Ney n-gram (dinorc, NGram())", "dinorc", ngram),
    Side("an LSTM in PyTorch", "torch", pytorch),
    Side("markovify", "markovify", markovify_chain),
    Side("namemaker", "namemaker", namemaker_set),
]


# ---- the measurement ----------------------------------------------------------------------------


def measure(side: Side, task: Task) -> tuple[float, float, float, Learned]:
    """Return nats a character, the share of impossible names, seconds, and what was learned."""
    start = time.process_time()
    learned = side.learn(task.training)
    if isinstance(learned, OfPyTorch):
        import quality

        total = quality.pytorch(task, 1)
        return total / task.characters, 0.0, time.process_time() - start, learned
    seconds = time.process_time() - start
    nats = learned.nats(task.held_out)
    impossible = sum(map(math.isinf, nats)) / len(nats)
    return math.fsum(nats) / task.characters, impossible, seconds, learned


def megabytes(package: str) -> float:
    """Return the size of a package and all that it needs, as installed here."""
    found: dict[str, int] = {}
    waiting = [package]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system, or an extra
        files = [distribution.locate_file(file) for file in distribution.files or []]
        found[name] = sum(file.stat().st_size for file in files if file.exists())  # type: ignore[attr-defined]
        for requirement in distribution.requires or []:
            if "extra ==" not in requirement:
                waiting.append(re.split(r"[\s<>=!~;(\[]", requirement, maxsplit=1)[0])
    return sum(found.values()) / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--draws", type=int, default=3, help="of each list (%(default)s)")
    options = parser.parse_args()

    packages = ("dinorc", "torch", "markovify", "namemaker")
    versions = ", ".join(f"{package} {version_of(package)}" for package in packages)
    print(f"date      {datetime.datetime.now(datetime.UTC):%Y-%m-%d}")
    print(f"CPU       {cpu_model()}; one thread")
    print(f"versions  {versions}")
    print("figures   nats a held-out character, ends included; seconds of processor time\n")

    tasks = {
        f"{size:,} {one.title}": [Task.drawn(one, size, draw) for draw in range(options.draws)]
        for one in judged_lists()
        for size in LISTS.get(one.title, ())
    }
    print("| | " + " | ".join(tasks) + " | in the list | MB |")
    print("|---" * (len(tasks) + 3) + "|")
    for side in SIDES:
        if importlib.util.find_spec(side.package) is None:
            print(f"| {side.title} | not installed |")
            continue
        measure(side, next(iter(tasks.values()))[0])  # imports and warms up
        cells = []
        of_list = "-"
        for title, each in tasks.items():
            results = [measure(side, task) for task in each]
            nats, impossible, seconds, learned = zip(*results, strict=True)
            shown = f"{statistics.mean(nats):.3f}"
            if any(map(math.isinf, nats)):
                shown = f"∞, {statistics.mean(impossible):.0%} impossible"
            cells.append(f"{shown} ({statistics.median(seconds):.2g} s)")
            if title == "1,200 dinosaurs":
                known = set(each[0].training)
                drawn = learned[0].draw(1000)
                if drawn:
                    of_list = f"{sum(name in known for name in drawn) / len(drawn):.0%}"
        row = " | ".join([side.title, *cells, of_list, f"{megabytes(side.package):.1f}"])
        print(f"| {row} |", flush=True)


if __name__ == "__main__":
    main()
