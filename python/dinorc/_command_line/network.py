"""What the command line has to know of CharRNN: its options, and what to tell of a model."""

from __future__ import annotations

from typing import Any

from dinorc import CharRNN
from dinorc._command_line.arguments import Option, settings_text
from dinorc._training.settings import ARCHITECTURE, CELLS, OPTIMIZERS, SCHEDULES

# All but `verbose`, which is --quiet, `strip`, which is --no-strip, and `unknown`, for scoring.
SETTINGS = {
    "cell": Option(str, "CELL", f"{', '.join(CELLS)}; rnn is the course notebook's"),
    "hidden_size": Option(int, "N", "hidden units, 1 to 4096"),
    "embedding_size": Option(
        int,
        "N",
        "numbers that represent a character at the input; none: each has its own input weights",
    ),
    "dropout": Option(
        float, "SHARE", "the share of the hidden outputs left out at each step, 0 to below 1"
    ),
    "optimizer": Option(str, "NAME", " or ".join(OPTIMIZERS)),
    "learning_rate": Option(float, "X", "the largest step of the schedule"),
    "schedule": Option(str, "NAME", f"how the learning rate changes: {', '.join(SCHEDULES)}"),
    "weight_decay": Option(
        float, "SHARE", "the share of the weights, times the learning rate, lost each step"
    ),
    "batch_size": Option(int, "N", "names per step"),
    "max_epochs": Option(
        int,
        "N",
        "how many times to go through the names; auto, here and above: as suits their number",
    ),
    "validation_fraction": Option(
        float,
        "SHARE",
        "the share of the distinct names held out to choose the best epoch; 0: learn all, keep the "
        "last; auto: 0.1 with --max-epochs or --patience, else 0",
    ),
    "patience": Option(int, "N", "stop after N epochs without a better validation loss"),
    "clip_value": Option(float, "X", "largest magnitude of each gradient"),
    "clip_norm": Option(float, "X", "largest norm of all gradients together"),
    "dtype": Option(str, "NAME", "float32 or float64"),
    "base": Option(
        str,
        "MODEL",
        "what to start from: latin, english, or a model file; none: random weights; auto: a "
        "bundled one, if it knows the letters",
    ),
    "case": Option(
        str,
        "HOW",
        "keep; or fold: learn, score and look for names without regard to upper and lower case",
    ),
    "n_jobs": Option(
        int, "N", "how many threads; no result depends on it; none: all processors", "--jobs"
    ),
    "random_state": Option(
        int, "N", "the seed of everything random, 0 to 2**64 - 1; none: a new one", "--seed"
    ),
}


def facts(rnn: CharRNN) -> dict[str, Any]:
    """Return what `dinorc info` tells of a network, under the names that the library uses, too."""
    settings, best = rnn.settings_, best_epoch(rnn)
    seconds = rnn.history_["seconds"]
    return {
        **{name: settings[name] for name in ARCHITECTURE},
        "n_parameters": sum(array.size for array in rnn.parameters_.values()),
        "n_epochs": rnn.n_epochs_,
        "best_epoch": best.get("epoch"),
        "training_loss": best.get("training_loss"),
        "validation_loss": best.get("validation_loss"),
        "training_seconds": seconds[-1] if seconds else None,
        "settings": {} if rnn.names_report_ is None else settings,
        "interrupted": rnn.interrupted_,
        "resumable": rnn.resumable_,
    }


def topics(facts: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the same as a line per topic: what the model is, and how the training went."""
    size = facts["embedding_size"]
    embedding = "no embedding" if size is None else f"embedding of {size:,}"
    others = {name: value for name, value in facts["settings"].items() if name not in facts}
    model = {
        "network": f"{facts['cell']} of {facts['hidden_size']:,} units, {embedding}, "
        f"{facts['dtype']}, {facts['n_parameters']:,} parameters",
    }
    training = {
        "training": _training_text(facts),
        "best epoch": "none yet"
        if facts["best_epoch"] is None
        else f"{facts['best_epoch']:,}: {losses_text(facts)}",
        "settings": settings_text(others),
    }
    return model, training


def account(rnn: CharRNN) -> str:
    """Return how the training went, for the end of `dinorc train`."""
    epochs = f"{rnn.n_epochs_} of {rnn.settings_['max_epochs']} epochs"
    if not rnn.best_epoch_:
        return f"{epochs}; the weights are those of the last batch"
    seconds = rnn.history_["seconds"][-1]
    losses = losses_text(best_epoch(rnn))
    return f"{epochs} in {seconds:.1f} seconds; weights of epoch {rnn.best_epoch_}: {losses}"


def _training_text(facts: dict[str, Any]) -> str:
    if facts["n_names"] is None:
        return "elsewhere"
    epochs = facts["settings"]["max_epochs"]
    text = f"{facts['n_epochs']:,} of {epochs:,} epochs, seed {facts['seed']}"
    if facts["training_seconds"] is not None:
        text += f", {facts['training_seconds']:.1f} seconds"
    if facts["interrupted"]:
        text += ", interrupted"
    return text + (", can be resumed" if facts["resumable"] else "")


def best_epoch(rnn: CharRNN) -> dict[str, Any]:
    """Return the row of the history whose weights were kept, if there is one."""
    kept = rnn.best_epoch_ - 1
    return {name: column[kept] for name, column in rnn.history_.items()} if kept >= 0 else {}


def losses_text(losses: dict[str, Any]) -> str:
    """Return the losses of an epoch."""
    text = f"training {losses['training_loss']:.4f}"
    if losses["validation_loss"] is not None:
        text += f", validation {losses['validation_loss']:.4f}"
    return text + " nats a character"
