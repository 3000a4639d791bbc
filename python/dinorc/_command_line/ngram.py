"""What the command line has to know of NGram: its options, and what to tell of a model."""

from __future__ import annotations

import math
from typing import Any

from dinorc import NGram
from dinorc._command_line.arguments import Option, settings_text
from dinorc._command_line.network import SETTINGS as _OF_NETWORKS
from dinorc._training.ngram_settings import LARGEST_ORDER, ORDERS

# All but `strip`, which is --no-strip, and `unknown`, which is for scoring.
SETTINGS = {
    "order": Option(
        int,
        "N",
        f"characters of the longest n-grams, 1 to {LARGEST_ORDER}; auto: the one of {ORDERS[0]} to "
        f"{ORDERS[1]} under which names held out are likeliest",
    ),
    "case": _OF_NETWORKS["case"],
    "n_jobs": _OF_NETWORKS["n_jobs"],
    "random_state": _OF_NETWORKS["random_state"],
}


def facts(ngram: NGram) -> dict[str, Any]:
    """Return what `dinorc info` tells of n-grams, under the names that the library uses, too."""
    losses = ngram.order_losses_
    return {
        "order": ngram.order_,
        "n_ngrams": ngram.n_ngrams_,
        "held_out_loss": losses.get(ngram.order_),
        "order_losses": {str(order): loss for order, loss in losses.items()},
        "settings": ngram.settings_,
    }


def topics(facts: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the same as a line per topic: what the model is, and how the learning went."""
    model = {"n-grams": f"{facts['n_ngrams']:,} of up to {facts['order']} characters"}
    losses = ", ".join(f"{order}: {loss:.4f}" for order, loss in facts["order_losses"].items())
    learning = {
        "held out": f"nats a character by order: {losses}" if losses else "nothing",
        "settings": settings_text({**facts["settings"], "seed": facts["seed"]}),
    }
    return model, learning


def account(ngram: NGram) -> str:
    """Return how the learning went, for the end of `dinorc train`."""
    loss = ngram.order_losses_.get(ngram.order_, math.nan)
    judged = "" if math.isnan(loss) else f"; held-out names: {loss:.4f} nats a character"
    return f"{ngram.n_ngrams_:,} n-grams of up to {ngram.order_} characters{judged}"
