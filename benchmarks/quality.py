"""How well lists of names are learned, and in how many seconds, beside an n-gram and PyTorch.

    python benchmarks/quality.py
    python benchmarks/quality.py --long

Each list is drawn several times: some names to learn, up to a thousand others to judge by, the same
for all. A figure is the mean over the draws of the nats per held-out character, ends of names
included, with the standard deviation over the draws. ``--long`` learns 30,033 first names instead,
once, by the defaults and by recipes that take longer.

The best n-gram is the modified Kneser-Ney one whose order, of 2 to 7, does best on the very names
that it is judged by: a hurdle a little higher than any n-gram can take.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import math
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from judged_lists import FIRST_NAMES, Task, judged_lists, long_list

import dinorc
from dinorc import CharRNN, Ensemble, NGram
from dinorc._training.settings import resolve_batch_size
from notebook import cpu_model

# What a user of PyTorch would take: CharRNN's own network and settings without a base.
PYTORCH: dict[str, Any] = {
    "cell": "lstm",
    "hidden_size": 128,
    "embedding_size": 32,
    "dropout": 0.4,
    "learning_rate": 4e-3,
    "weight_decay": 0.01,
    "batch_size": "auto",
    "max_epochs": 20,
    "clip_norm": 1.0,
}


def large_ensemble() -> Ensemble:
    """Return the best of a long list that some minutes can make."""
    networks = [CharRNN(hidden_size=320, embedding_size=64, dropout=0.3) for _ in range(3)]
    return Ensemble(members=[*networks, NGram()])


LONG_RECIPES: dict[str, Callable[[], Any]] = {
    "NGram()": NGram,
    "CharRNN()": CharRNN,
    "Ensemble()": Ensemble,
    "3 of 320 units and NGram()": large_ensemble,
}

Learner = Callable[[Task, int], float]  # (task, threads) to nats of all held-out names together


def model_of(make: Callable[[], Any]) -> Learner:
    """Return what learns with one of dinorc's models."""

    def nats(task: Task, threads: int) -> float:
        model = make().set_params(n_jobs=threads)
        if "verbose" in model.get_params():
            model.set_params(verbose=False)
        return -float(model.fit(task.training).score_samples(task.held_out).sum())

    return nats


def best_n_gram(task: Task, threads: int) -> float:
    """Learn with each order, and return the least nats."""
    models = [model_of(partial(NGram, order=order)) for order in range(2, 8)]
    return min(learn(task, threads) for learn in models)


def pytorch(task: Task, threads: int) -> float:
    """Train PyTorch's LSTM by the settings of a CharRNN: AdamW, one-cycle, padded batches."""
    import torch
    from pytorch_side import Names, Network

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    characters = sorted(set("\n").union(*task.training))
    char_to_ix = {character: ix for ix, character in enumerate(characters)}

    def encode(names: Sequence[str]) -> Names:
        return Names([[char_to_ix[character] for character in name + "\n"] for name in names])

    names = encode(task.training)
    p = PYTORCH
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
    with torch.no_grad():
        batch = encode(task.held_out).batch(torch.arange(len(task.held_out)), packed=True)
        return float(network.loss(batch, reduction="sum"))


SIDES: dict[str, Learner] = {
    "best n-gram": best_n_gram,
    "NGram()": model_of(NGram),
    "CharRNN()": model_of(CharRNN),
    "Ensemble()": model_of(Ensemble),
    "PyTorch": pytorch,
}


def judged(learn: Learner, task: Task, threads: int) -> tuple[float, float]:
    """Return nats per held-out character, and seconds of learning (and judging, a trifle)."""
    start = time.perf_counter()
    nats = learn(task, threads)
    return nats / task.characters, time.perf_counter() - start


def report_lists(draws: int, threads: int) -> None:
    """Print a row for each list and size."""
    header = "".join(f" | {side}" for side in SIDES)
    print(f"| list{header} |")
    print("|---" * (len(SIDES) + 1) + "|")
    for one in judged_lists():
        for size in one.sizes:
            tasks = [Task.drawn(one, size, draw) for draw in range(draws)]
            row = f"| {size:,} {one.title}"
            for learn in SIDES.values():
                results = [judged(learn, task, threads) for task in tasks]
                nats, seconds = zip(*results, strict=True)
                spread = statistics.stdev(nats) if draws > 1 else 0.0
                row += f" | {statistics.mean(nats):.3f} ± {spread:.3f}"
                row += f" ({statistics.median(seconds):.1f} s)"
            print(row + " |", flush=True)


def report_long(threads: int) -> None:
    """Print a row for each way to learn all first names."""
    task = long_list()
    print(f"{len(task.training):,} first names, {len(task.held_out):,} others held out\n")
    print("| | nats a character | seconds |\n|---|---|---|")
    sides = {label: model_of(make) for label, make in LONG_RECIPES.items()}
    for label, learn in ({"best n-gram": best_n_gram} | sides | {"PyTorch": pytorch}).items():
        nats, seconds = judged(learn, task, threads)
        print(f"| {label} | {nats:.3f} | {seconds:.1f} |", flush=True)


def main() -> None:
    """Learn, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--long", action="store_true", help="30,033 first names instead")
    parser.add_argument("--draws", type=int, default=3, help="of each list (%(default)s)")
    parser.add_argument("--threads", type=int, default=2, help="(%(default)s)")
    options = parser.parse_args()

    print(f"date     {datetime.datetime.now(datetime.UTC):%Y-%m-%d}")
    print(f"CPU      {cpu_model()}; {options.threads} threads")
    print(f"dinorc   {dinorc.__version__}, {dinorc.build_info()['instruction_set']}")
    print("figures  nats a held-out character, ends included; seconds of learning\n")
    importlib.import_module("pytorch_side")  # takes seconds, before the clock runs
    if options.long:
        if not FIRST_NAMES.exists():
            raise SystemExit(f"{FIRST_NAMES} is not there")
        report_long(options.threads)
    else:
        report_lists(options.draws, options.threads)


if __name__ == "__main__":
    main()
