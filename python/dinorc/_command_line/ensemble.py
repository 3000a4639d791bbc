"""What the command line has to know of Ensemble: its options, and what to tell of a model."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from dinorc import CharRNN, Ensemble, NGram
from dinorc._command_line.arguments import NO_BREAK, Option, settings_text
from dinorc._command_line.network import SETTINGS as _OF_NETWORKS
from dinorc._estimators.name_model import NameModel

# All but `members` and `weights`, which need Python, `verbose`, which is --quiet, `strip`, which is
# --no-strip, and `unknown`, which is for scoring.
SETTINGS = {
    "validation_fraction": Option(
        float,
        "SHARE",
        "the share of the distinct names held out to choose epochs and weights; 0: learn all; "
        "auto: 0 for short lists, and for a network 0.1 with --max-epochs or --patience, else 0",
    ),
    "base": _OF_NETWORKS["base"],
    "case": _OF_NETWORKS["case"],
    "n_jobs": _OF_NETWORKS["n_jobs"],
    "random_state": _OF_NETWORKS["random_state"],
}


def facts(ensemble: Ensemble) -> dict[str, Any]:
    """Return what `dinorc info` tells of an ensemble, under the library's names, too."""
    seconds = ensemble.history_["seconds"]
    return {
        "members": [
            {"model": _text(member), "weight": weight, "fingerprint": member.fingerprint()}
            for member, weight in zip(ensemble.members_, ensemble.weights_.tolist(), strict=True)
        ],
        "held_out_loss": ensemble.held_out_loss_,
        "training_seconds": max(seconds, default=None),
        "settings": ensemble.settings_,
        "interrupted": ensemble.interrupted_,
        "resumable": ensemble.resumable_,
    }


def topics(facts: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the same as a line per topic: what the model is, and how the training went."""
    alike: dict[str, list[float]] = {}
    for member in facts["members"]:
        alike.setdefault(member["model"], []).append(member["weight"])
    shown = [
        " + ".join(f"{weight:.3f}" for weight in weights) + f" {text}".replace(" ", NO_BREAK)
        for text, weights in alike.items()
    ]
    ensemble = {"ensemble": f"{len(facts['members'])} members", "weights": "; ".join(shown)}
    loss = facts["held_out_loss"]
    learning = {
        "training": "interrupted, can be resumed" if facts["interrupted"] else "complete",
        "held out": "nothing" if loss is None else f"{loss:.4f} nats a character",
        "settings": settings_text({**facts["settings"], "seed": facts["seed"]}),
    }
    return ensemble, learning


def account(ensemble: Ensemble) -> str:
    """Return how the training went, for the end of `dinorc train`."""
    kinds = Counter(
        "n-gram" if isinstance(member, NGram) else "network"
        for member in ensemble.members_
        if not _is_idle(member)
    )
    text = " and ".join(
        f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in kinds.items()
    )
    if idle := len(ensemble.members_) - kinds.total():
        networks = f"{idle} network{'s' if idle > 1 else ''} before the end of the first epoch"
        text = f"{text}; {networks}" if text else networks
    loss = ensemble.held_out_loss_
    if loss is None or math.isnan(loss):
        return text
    return f"{text}; held-out names: {loss:.4f} nats a character"


def _is_idle(member: NameModel) -> bool:
    """Tell whether a member's training was interrupted before it had any weight."""
    return isinstance(member, CharRNN) and member.interrupted_ and member.n_epochs_ == 0


def _text(member: NameModel) -> str:
    if isinstance(member, CharRNN):
        settings = member.settings_
        base = ", from a base" if settings.get("base") else ""
        return f"{settings['cell']} of {settings['hidden_size']:,} units{base}"
    assert isinstance(member, NGram)
    return f"n-grams of up to {member.order_} characters"
