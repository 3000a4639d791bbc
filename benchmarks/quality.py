"""How well names are learned, and in how many seconds: a row for each configuration of CharRNN.

    python benchmarks/quality.py
    python benchmarks/quality.py --torch

Lines of a list are drawn at random and held out, the same for all. Each row trains on the others
and is judged by the nats per character, ends of names included, of those held out. A list may have
a name more than once, so that some of these are not new; a second column is of the new ones. With
``--torch``, PyTorch's LSTM trains by the same settings as one of the rows.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import dinorc
from dinorc import CharRNN
from dinorc._training.settings import resolve_batch_size
from notebook import ROOT, cpu_model

# 31,033 first names, which are not part of the project.
NAMES = ROOT.parent / "shared" / "data" / "names_train.txt"

WIDE: dict[str, Any] = {
    "hidden_size": 256,
    "dropout": 0.3,
    "max_epochs": 15,
    "validation_fraction": 0,
}
SETTINGS: list[dict[str, Any]] = [
    {},
    {"cell": "gru"},
    {"cell": "rnn"},
    WIDE,
    {**WIDE, "hidden_size": 320, "dropout": 0.5, "learning_rate": 3e-3},
    {"cell": "gru", **WIDE},
    {"cell": "rnn", **WIDE},
]
NOTEBOOK_ITERATIONS = 35_000


@dataclass
class Task:
    """A list in two parts."""

    title: str
    names: list[str]
    held_out_size: int
    training: list[str] = field(init=False)
    held_out: list[str] = field(init=False)
    unseen: list[str] = field(init=False)  # those held out that are not in `training` as well

    def __post_init__(self) -> None:
        """Draw the part to hold out."""
        names = list(self.names)
        random.Random(0).shuffle(names)
        self.held_out, self.training = names[: self.held_out_size], names[self.held_out_size :]
        self.unseen = sorted(set(self.held_out) - set(self.training))


@dataclass
class Trained:
    """What a side came to."""

    log_probability: Callable[[list[str]], float]  # of all these names together
    names_seen: float  # in training, each as often as it came


# ---- the sides ----------------------------------------------------------------------------------


def char_rnn(task: Task, rnn: CharRNN) -> Trained:
    """Train a CharRNN."""
    rnn.fit(task.training)
    trained_on = len(task.training) * (1 - rnn.validation_fraction)
    return Trained(lambda names: float(rnn.score_samples(names).sum()), trained_on * rnn.n_epochs_)


def notebook(task: Task) -> Trained:
    """Train the notebook's network as the notebook does, and judge each name from a zero state."""
    characters = sorted(set("\n").union(*task.names))
    char_to_ix = {character: ix for ix, character in enumerate(characters)}
    parameters = dinorc.model(
        task.training,
        dict(enumerate(characters)),
        char_to_ix,
        num_iterations=NOTEBOOK_ITERATIONS,
        vocab_size=len(characters),
        verbose=False,
    )
    rnn = CharRNN.from_notebook(parameters, char_to_ix)
    return Trained(lambda names: float(rnn.score_samples(names).sum()), NOTEBOOK_ITERATIONS)


def pytorch(task: Task, settings: CharRNN, threads: int) -> Trained:
    """Train PyTorch's LSTM by the settings of a CharRNN: AdamW, one-cycle, padded batches."""
    import torch
    from pytorch_side import Names, Network

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    characters = sorted(set("\n").union(*task.names))
    char_to_ix = {character: ix for ix, character in enumerate(characters)}

    def encode(names: list[str]) -> Names:
        return Names([[char_to_ix[character] for character in name + "\n"] for name in names])

    names = encode(task.training)
    p = settings.get_params()
    network = Network(
        p["cell"], len(characters), p["hidden_size"], p["embedding_size"], p["dropout"]
    )
    adam = torch.optim.AdamW(
        network.parameters(), p["learning_rate"], weight_decay=p["weight_decay"], fused=True
    )
    batch_size = resolve_batch_size(p["batch_size"], len(names))
    batches = math.ceil(len(names) / batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        adam, p["learning_rate"], total_steps=p["max_epochs"] * batches
    )
    for _ in range(p["max_epochs"]):
        for indices in torch.randperm(len(names)).split(batch_size):
            adam.zero_grad()
            network.loss(names.batch(indices, packed=False)).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), p["clip_norm"])
            adam.step()
            schedule.step()
    network.eval()

    @torch.no_grad()
    def log_probability(names: list[str]) -> float:
        batch = encode(names).batch(torch.arange(len(names)), packed=True)
        return -float(network.loss(batch, reduction="sum"))

    return Trained(log_probability, p["max_epochs"] * len(names))


# ---- the table ----------------------------------------------------------------------------------


def report(task: Task, label: str, train: Callable[[], Trained]) -> None:
    """Train, judge, and print a row."""
    start = time.perf_counter()
    trained = train()
    seconds = time.perf_counter() - start
    held_out, unseen = (
        -trained.log_probability(names) / sum(len(name) + 1 for name in names)
        for names in (task.held_out, task.unseen)
    )
    print(
        f"{held_out:8.4f}{unseen:9.4f}{seconds:9.1f}{trained.names_seen / seconds:10,.0f}  {label}",
        flush=True,
    )


def report_all(task: Task, options: argparse.Namespace) -> None:
    """Print the table of a list."""
    print(f"\n{task.title}: {len(task.training):,} names to train on,", end="")
    print(f" {len(task.held_out):,} held out, {len(task.unseen):,} of them unseen\n")
    print(f"{'held out':>8}{'unseen':>9}{'seconds':>9}{'names/s':>10}")
    for settings in SETTINGS:
        rnn = CharRNN(**settings)
        label = repr(rnn)
        rnn.set_params(n_jobs=options.threads, random_state=options.seed, verbose=False)
        report(task, label, partial(char_rnn, task, rnn))
    if options.torch:
        importlib.import_module("pytorch_side")  # takes seconds, before the clock runs
        label = f"PyTorch's nn.LSTM, as {CharRNN(**WIDE)!r}"
        report(task, label, partial(pytorch, task, CharRNN(**WIDE), options.threads))


def main() -> None:
    """Train and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--names", type=Path, default=NAMES, help="a list, one a line, if there (%(default)s)"
    )
    parser.add_argument("--held-out", type=int, default=1000, help="names of it (%(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="random_state (%(default)s)")
    parser.add_argument("--torch", action="store_true", help="train with PyTorch as well")
    options = parser.parse_args()

    print(f"date     {datetime.datetime.now(datetime.UTC):%Y-%m-%d}")
    print(f"CPU      {cpu_model()}; {options.threads} threads")
    print(f"dinorc   {dinorc.__version__}, {dinorc.build_info()['instruction_set']}")
    print(
        "columns  nats a character, ends included, of the names held out and of those of them that"
    )
    print(
        "         are not among the others; seconds of training, and names learned a second of it"
    )

    if options.names.exists():
        names = options.names.read_text(encoding="utf-8").split()
        report_all(Task(options.names.name, names, options.held_out), options)
    names = (ROOT / "data" / "dinos.txt").read_text(encoding="utf-8").split()
    dinosaurs = Task("dinosaurs", names, len(names) // 10)
    report_all(dinosaurs, options)
    report(
        dinosaurs,
        f"dinorc.model, the notebook's own, {NOTEBOOK_ITERATIONS:,} iterations",
        partial(notebook, dinosaurs),
    )


if __name__ == "__main__":
    main()
