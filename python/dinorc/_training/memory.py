"""How much memory training runs and lists of names take, to refuse what this machine can't hold."""

from __future__ import annotations

import os

import numpy as np

from dinorc import _core
from dinorc._names.vocabulary import EncodedNames
from dinorc._validation import describe

_BYTES_A_NAME = 150  # a short str, its place in a list, and the data it is made from


def require_memory(network: _core.CharacterNetwork, names: EncodedNames, batch_size: int) -> None:
    """Raise where the batches of a training run would not fit into this machine's memory."""
    needed = _training_bytes(network, names, batch_size)
    available = _physical_bytes()
    if available is not None and needed > available:
        hidden_size = network.parameters["output_weights"].shape[1]
        longest = np.diff(names.ends, prepend=0).max() - 1
        raise ValueError(
            f"training would take about {needed / 1e9:,.1f} GB of memory, and this machine has "
            f"{available / 1e9:,.1f}; expected a smaller hidden_size ({hidden_size:,}) or "
            f"batch_size ({batch_size:,}), or names shorter than the longest ({longest:,} "
            "characters)"
        )


def require_memory_for_names(n: int) -> None:
    """Raise where a list of `n` names would not fit into this machine's memory."""
    available = _physical_bytes()
    if available is not None and n * _BYTES_A_NAME > available:
        shown = f"{n:,}" if n < 10**30 else describe(n)
        raise ValueError(
            f"n is {shown}; expected at most {available // _BYTES_A_NAME:,}, as a name takes about "
            f"{_BYTES_A_NAME} bytes of memory, and this machine has {available / 1e9:,.1f} GB"
        )


def _training_bytes(network: _core.CharacterNetwork, names: EncodedNames, batch_size: int) -> int:
    """Return how many bytes the largest batch and the parameters take at most.

    A batch keeps rows for each of its characters: the pre-activations and their gradients, three
    states or gradients of states, two hidden outputs, and the probabilities.
    """
    lengths = np.sort(np.diff(names.ends, prepend=0))
    characters = int(lengths[-batch_size:].sum())
    parameters = network.parameters
    hidden_size = parameters["output_weights"].shape[1]
    blocks = len(parameters["bias"])
    row = 2 * blocks + 8 * hidden_size + len(parameters["output_bias"])
    copies = 8  # gradients, moments, two packed forms, the best and the last weights
    flat = network.flat
    return int((characters * row + copies * flat.size) * flat.itemsize)


def _physical_bytes() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # not on every system
        return None
