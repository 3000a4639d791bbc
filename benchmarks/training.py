"""Real characters a second of training in mini-batches, beside PyTorch in one run.

    python benchmarks/training.py

Both sides train the same network on the same names with the same batch size, Adam with decoupled
weight decay, float32 and two threads, and take turns; the table shows medians. Ends of names count
as characters, padding never does.

PyTorch may choose: batches padded to their longest name or as a PackedSequence; of names at random
or of nearly one length; a fused or a foreach optimizer. Its batches are tensors before the clock
runs. All eight ways run once, to warm up; the two fastest go on, and the faster of these
is the peer in the table. dinorc builds its batches while the clock runs, always at random.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import math
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from pytorch_side import CELLS, Names, Network

import dinorc
from dinorc import _core
from dinorc._names.vocabulary import Vocabulary
from notebook import ROOT, cpu_model

EMBEDDING_SIZE = 32
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 0.01

# Blocks of hidden_size rows in the recurrent weights, and as many in the input weights.
BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4}

DINOSAURS = ROOT / "data" / "dinos.txt"
# 31,033 first names, which are not part of the project.
NAMES = ROOT.parent / "shared" / "data" / "names_train.txt"

Pass = Callable[[], None]  # trains on every batch once


@dataclass
class Task:
    """The names that both sides train on in a pass."""

    names: list[str]
    batch_size: int
    vocabulary: Vocabulary = field(init=False)

    def __post_init__(self) -> None:
        """Give each character an id."""
        self.vocabulary = Vocabulary.of(self.names)

    @property
    def characters(self) -> int:
        """The characters of a pass, ends of names included."""
        return sum(len(name) + 1 for name in self.names)

    def batches(self) -> list[list[str]]:
        """Return the names in batches as they come."""
        size = self.batch_size
        return [self.names[first : first + size] for first in range(0, len(self.names), size)]

    def distinct_prefixes(self) -> float:
        """Return how many distinct prefixes a batch has on average, "" and whole names included.

        dinorc's batches are different ones, as random as these.
        """
        return statistics.fmean(
            len({name[:length] for name in batch for length in range(len(name) + 1)})
            for batch in self.batches()
        )

    def flops(self, cell: str, hidden_size: int) -> float:
        """Count the multiplications and additions that dinorc does in a pass.

        Equal prefixes have equal states, so that it computes each distinct prefix of a batch once.
        For N of them, V characters, H hidden units, an embedding of E numbers and a cell of B
        blocks, there are three products (forward, its transpose for the backward pass, and the
        outer products of the gradient) with each of

            the recurrent weights [B H][H] and the output weights [V][H], for every prefix
            the input weights [E][B H], for every character, as they make one table a batch

        of 2 flops an element. What is left out is less: functions, gradients of the table, Adam.

            flops of a batch = 2 · 3 · (N (B H² + V H) + V E B H)
        """
        n, v, h, e = self.distinct_prefixes(), len(self.vocabulary), hidden_size, EMBEDDING_SIZE
        b = BLOCKS[cell]
        return len(self.batches()) * 6 * (n * (b * h * h + v * h) + v * e * b * h)


@dataclass
class Side:
    """One way to train, and how long each pass took."""

    label: str
    train: Pass
    seconds: list[float] = field(default_factory=list)

    def run(self) -> float:
        """Time a pass."""
        time.sleep(0.3)  # until the threads of the previous pass, which spin, are asleep
        start = time.perf_counter()
        self.train()
        return time.perf_counter() - start

    @property
    def median(self) -> float:
        """The median time of a pass."""
        return statistics.median(self.seconds)


# ---- the sides ----------------------------------------------------------------------------------


def dinorc_side(task: Task, cell: str, hidden_size: int, threads: int) -> Side:
    """Train with dinorc: an epoch of its trainer is a pass."""
    network = _core.CharacterNetwork(
        cell, "float32", len(task.vocabulary), hidden_size, EMBEDDING_SIZE
    )
    network.initialize(0)
    trainer = _core.BatchTrainer(
        network,
        *task.vocabulary.encode(task.names),
        seed=0,
        batch_size=task.batch_size,
        epochs=1_000_000,  # never reached
        optimizer="adam",
        learning_rate=LEARNING_RATE,
        schedule="constant",
        weight_decay=WEIGHT_DECAY,
        dropout=0.0,
        clip_value=math.inf,
        clip_norm=math.inf,
    )

    def train() -> None:
        if not trainer.run(math.inf, threads) or trainer.batch != 0:
            raise RuntimeError("an epoch did not end")

    return Side("dinorc", train)


def pytorch_sides(task: Task, cell: str, hidden_size: int) -> list[Side]:
    """Train with PyTorch, in all the ways that it may choose from."""
    return [
        pytorch_side(task, cell, hidden_size, packed, by_length, optimizer)
        for packed, by_length, optimizer in itertools.product(
            (False, True), (False, True), ("fused", "foreach")
        )
    ]


def pytorch_side(
    task: Task, cell: str, hidden_size: int, packed: bool, by_length: bool, optimizer: str
) -> Side:
    """Train with PyTorch in one of these ways."""
    torch.manual_seed(0)
    names = Names([task.vocabulary.encode([name]).characters.tolist() for name in task.names])
    if by_length:
        parts = torch.argsort(names.lengths).split(task.batch_size)
        parts = [parts[i] for i in torch.randperm(len(parts))]
    else:
        parts = torch.arange(len(names)).split(task.batch_size)
    batches = [names.batch(indices, packed) for indices in parts]
    network = Network(cell, len(task.vocabulary), hidden_size, EMBEDDING_SIZE)
    adam = torch.optim.AdamW(
        network.parameters(),
        lr=LEARNING_RATE,
        weight_decay=WEIGHT_DECAY,
        fused=optimizer == "fused",
        foreach=optimizer == "foreach",
    )

    def train() -> None:
        for batch in batches:
            adam.zero_grad()
            network.loss(batch).backward()
            adam.step()

    shape, order = "packed" if packed else "padded", "by length" if by_length else "random"
    return Side(f"{shape}, {order}, {optimizer}", train)


# ---- the measurement ----------------------------------------------------------------------------


def measure(ours: Side, theirs: list[Side], repeats: int) -> Side:
    """Time our side and the fastest of the others in turn; return the fastest of the others."""
    ours.run()
    warm_up = {side.label: side.run() for side in theirs}
    fastest = sorted(theirs, key=lambda side: warm_up[side.label])[:2]
    for _ in range(repeats):
        for side in (*fastest, ours):
            side.seconds.append(side.run())
    return min(fastest, key=lambda side: side.median)


def describe(task: Task, options: argparse.Namespace) -> None:
    """Print where and on what the figures were measured."""
    batches = len(task.batches())
    of_all = task.distinct_prefixes() * batches / task.characters
    print(f"date     {datetime.datetime.now(datetime.UTC):%Y-%m-%d}")
    print(f"CPU      {cpu_model()}")
    print(f"dinorc   {dinorc.__version__}, {dinorc.build_info()['instruction_set']}", end="")
    print(f"; PyTorch {torch.__version__}, {torch.backends.cpu.get_cpu_capability()}")
    print(f"threads  {options.threads}; peak {options.peak_gflops:g} GFLOP/s each")
    print(f"task     {batches} batches of {task.batch_size} names a pass", end="")
    print(f", {task.characters:,} characters, {len(task.vocabulary)} distinct;")
    print(f"         distinct prefixes: {of_all:.0%} of the characters;", end="")
    print(f" embedding {EMBEDDING_SIZE}, float32, no dropout")
    print(f"repeats  {options.repeats}, medians; thousands of characters a second\n")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--names",
        type=Path,
        default=NAMES if NAMES.exists() else DINOSAURS,
        help="a list, one a line (%(default)s)",
    )
    parser.add_argument("--cells", nargs="+", default=list(CELLS), choices=CELLS)
    parser.add_argument("--hidden-sizes", nargs="+", type=int, default=[64, 128, 256, 512])
    parser.add_argument("--batches", type=int, default=60, help="a pass (%(default)s)")
    parser.add_argument("--batch-size", type=int, default=256, help="(%(default)s)")
    parser.add_argument("--repeats", type=int, default=5, help="(%(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="(%(default)s)")
    parser.add_argument(
        "--peak-gflops",
        type=float,
        default=260.0,
        help="what each thread can multiply and add in float32, in 10⁹ a second, as "
        "benchmarks/kernels.cpp measures it; the default is that of a Zen 5 with AVX-512 (260)",
    )
    options = parser.parse_args()

    torch.set_num_threads(options.threads)
    names = options.names.read_text(encoding="utf-8").split()
    random.Random(0).shuffle(names)
    task = Task(names[: options.batches * options.batch_size], options.batch_size)
    describe(task, options)

    print(f"{'cell':6}{'hidden':>6}{'PyTorch':>10}  {'its fastest way':27}", end="")
    print(f"{'dinorc':>8}{'ratio':>8}{'GFLOP/s':>9}{'of peak':>9}")
    for cell, hidden_size in itertools.product(options.cells, options.hidden_sizes):
        ours = dinorc_side(task, cell, hidden_size, options.threads)
        peer = measure(ours, pytorch_sides(task, cell, hidden_size), options.repeats)
        gflops = task.flops(cell, hidden_size) / ours.median * 1e-9
        print(
            f"{cell:6}{hidden_size:6}{task.characters / peer.median / 1e3:10.1f}  {peer.label:27}"
            f"{task.characters / ours.median / 1e3:8.1f}{peer.median / ours.median:8.2f}"
            f"{gflops:9.0f}{gflops / (options.threads * options.peak_gflops):9.0%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
