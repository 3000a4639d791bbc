"""The oracle: the networks that CharRNN trains, in slow, plain NumPy and double precision.

It shares no code with the package, checks nothing, works name by name and step by step, and is
meant to be compared with the equations by eye.

Characters are ids from 1 on; 0 is the end of a name. The name c₁…c_L is read as the inputs
``s, c₁, …, c_L`` with the targets ``c₁, …, c_L, 0``, from a zero state. s is 0, whose embedding no
other step reads; without an embedding it is ``None``, the zero input: only the biases act. One
step, with x the row of a character and R, W the recurrent and output weights:

    x     = embedding[c] @ input_weights    or, without an embedding, input_weights[c]
    z     = bias, plus x on its first blocks, plus R @ h_before on its last blocks
    state = cell(z, state_before)           with h, the hidden output, in it
    loss  = -log softmax(W @ (mask * h) + output_bias)[target]

Shapes, with V characters, E embedded numbers and H units: embedding (V, E), input_weights
(E or V, input blocks * H), recurrent_weights (recurrent blocks * H, H), output_weights (V, H),
bias (blocks * H,), output_bias (V,). States, gradients and moments are dictionaries of arrays, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from oracles.philox import DROPOUT, EPOCH_ORDER, WORD, philox4x32, shuffled_indices, stream

Array = NDArray[np.float64]
Arrays = dict[str, Array]
Name = Sequence[int]
Prefix = tuple[int, ...]
Masks = Mapping[Prefix, Array]

END = 0
BIASES = ("bias", "output_bias")


def sigmoid(x: Array) -> Array:
    """Return 1 / (1 + exp(-x)), without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def log_softmax(logits: Array) -> Array:
    """Return the logarithms of the normalised exponentials."""
    shifted = logits - np.max(logits)
    return shifted - np.log(np.sum(np.exp(shifted)))


# ---- the cells and their twins ------------------------------------------------------------------
#
# Forward: the pre-activations z and the state before give the state after and what the backward
# pass needs. Backward: that and the loss's gradients by the state after give those by z and by the
# state before, without its effect through z.


def rnn_forward(z: Array, before: Arrays) -> tuple[Arrays, Arrays]:
    """Compute h = tanh(z)."""
    h = np.tanh(z)
    return {"h": h}, {"h": h}


def rnn_backward(kept: Arrays, d_after: Arrays) -> tuple[Array, Arrays]:
    """Go back through rnn_forward."""
    dz = d_after["h"] * (1.0 - kept["h"] ** 2)
    return dz, {"h": np.zeros_like(dz)}


def lstm_forward(z: Array, before: Arrays) -> tuple[Arrays, Arrays]:
    """Compute c = f * c_before + i * g and h = o * tanh(c)."""
    z_i, z_f, z_g, z_o = np.split(z, 4)
    i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
    c = f * before["c"] + i * g
    h = o * np.tanh(c)
    return {"h": h, "c": c}, {"i": i, "f": f, "g": g, "o": o, "c": c, "c_before": before["c"]}


def lstm_backward(kept: Arrays, d_after: Arrays) -> tuple[Array, Arrays]:
    """Go back through lstm_forward."""
    i, f, g, o, c = (kept[name] for name in "ifgoc")
    do = d_after["h"] * np.tanh(c)
    dc = d_after["c"] + d_after["h"] * o * (1.0 - np.tanh(c) ** 2)
    di, df, dg = dc * g, dc * kept["c_before"], dc * i
    dz_i, dz_f, dz_o = di * i * (1.0 - i), df * f * (1.0 - f), do * o * (1.0 - o)
    dz_g = dg * (1.0 - g**2)
    return np.concatenate([dz_i, dz_f, dz_g, dz_o]), {"h": np.zeros_like(c), "c": dc * f}


def gru_forward(z: Array, before: Arrays) -> tuple[Arrays, Arrays]:
    """Compute n = tanh(z_n + r * q) and h = (1 - u) * n + u * h_before; u is often called z."""
    z_n, z_r, z_u, q = np.split(z, 4)
    r, u = sigmoid(z_r), sigmoid(z_u)
    n = np.tanh(z_n + r * q)
    h = (1.0 - u) * n + u * before["h"]
    return {"h": h}, {"n": n, "r": r, "u": u, "q": q, "h_before": before["h"]}


def gru_backward(kept: Arrays, d_after: Arrays) -> tuple[Array, Arrays]:
    """Go back through gru_forward."""
    n, r, u, q = (kept[name] for name in "nruq")
    dh = d_after["h"]
    dn, du = dh * (1.0 - u), dh * (kept["h_before"] - n)
    dz_n = dn * (1.0 - n**2)
    dr, dq = dz_n * q, dz_n * r
    dz_r, dz_u = dr * r * (1.0 - r), du * u * (1.0 - u)
    return np.concatenate([dz_n, dz_r, dz_u, dq]), {"h": dh * u}


class Cell(NamedTuple):
    """The numbers of blocks of H numbers, the states, and the cell's step."""

    blocks: int
    input_blocks: int  # this many, the first ones, receive the input
    recurrent_blocks: int  # this many, the last ones, receive the product with h_before
    states: tuple[str, ...]
    forward: Callable[[Array, Arrays], tuple[Arrays, Arrays]]
    backward: Callable[[Arrays, Arrays], tuple[Array, Arrays]]


CELLS = {
    "rnn": Cell(1, 1, 1, ("h",), rnn_forward, rnn_backward),
    "lstm": Cell(4, 4, 4, ("h", "c"), lstm_forward, lstm_backward),
    "gru": Cell(4, 3, 3, ("h",), gru_forward, gru_backward),
}


# ---- the network and its twin -------------------------------------------------------------------


def parameter_shapes(
    cell: str, vocabulary_size: int, hidden_size: int, embedding_size: int = 0
) -> dict[str, tuple[int, ...]]:
    """Return the shape of each parameter; there is no embedding if its size is 0."""
    blocks, input_blocks, recurrent_blocks, *_ = CELLS[cell]
    shapes: dict[str, tuple[int, ...]] = {}
    if embedding_size:
        shapes["embedding"] = (vocabulary_size, embedding_size)
    shapes["input_weights"] = (embedding_size or vocabulary_size, input_blocks * hidden_size)
    shapes["recurrent_weights"] = (recurrent_blocks * hidden_size, hidden_size)
    shapes["output_weights"] = (vocabulary_size, hidden_size)
    shapes["bias"] = (blocks * hidden_size,)
    shapes["output_bias"] = (vocabulary_size,)
    return shapes


def zero_states(parameters: Arrays, cell: str) -> Arrays:
    """Return the state before every name."""
    return {name: np.zeros(parameters["output_weights"].shape[1]) for name in CELLS[cell].states}


def first_input(parameters: Arrays) -> int | None:
    """Return what the first step of a name reads."""
    return END if "embedding" in parameters else None


def pre_activations(parameters: Arrays, cell: str, character: int | None, h: Array) -> Array:
    """Return z: biases, input and the product with the state before."""
    z = parameters["bias"].copy()
    if character is not None:
        if "embedding" in parameters:
            x = parameters["embedding"][character] @ parameters["input_weights"]
        else:
            x = parameters["input_weights"][character]
        z[: CELLS[cell].input_blocks * h.size] += x
    z[-CELLS[cell].recurrent_blocks * h.size :] += parameters["recurrent_weights"] @ h
    return z


def pre_activations_backward(
    parameters: Arrays, cell: str, character: int | None, h: Array, dz: Array, gradients: Arrays
) -> Array:
    """Add the gradients of what pre_activations used; return the loss's gradient by h."""
    gradients["bias"] += dz
    if character is not None:
        dx = dz[: CELLS[cell].input_blocks * h.size]
        if "embedding" in parameters:
            row = parameters["embedding"][character]
            gradients["embedding"][character] += parameters["input_weights"] @ dx
            gradients["input_weights"] += np.outer(row, dx)
        else:
            gradients["input_weights"][character] += dx
    d_product = dz[-CELLS[cell].recurrent_blocks * h.size :]
    gradients["recurrent_weights"] += np.outer(d_product, h)
    return parameters["recurrent_weights"].T @ d_product


def name_log_probabilities(parameters: Arrays, cell: str, ids: Name) -> Array:
    """Return the natural log-probability of each character given those before, the end last."""
    state = zero_states(parameters, cell)
    result = []
    for character, target in zip([first_input(parameters), *ids], [*ids, END], strict=True):
        z = pre_activations(parameters, cell, character, state["h"])
        state, _ = CELLS[cell].forward(z, state)
        logits = parameters["output_weights"] @ state["h"] + parameters["output_bias"]
        result.append(log_softmax(logits)[target])
    return np.array(result)


def name_loss_and_gradients(
    parameters: Arrays, cell: str, ids: Name, masks: Masks | None = None
) -> tuple[float, Arrays]:
    """Return the summed loss of one name, in nats, and its gradients.

    On its way to the output layer, the hidden output after ``prefix`` is multiplied by
    ``masks[prefix]``.
    """
    inputs, targets = [first_input(parameters), *ids], [*ids, END]
    hidden_size = parameters["output_weights"].shape[1]
    steps = range(len(inputs))
    mask = [np.ones(hidden_size) if masks is None else masks[tuple(ids[:t])] for t in steps]

    states = [zero_states(parameters, cell)]  # states[t] is the state before step t
    kept, d_logits = [], []
    loss = 0.0
    for t in steps:
        z = pre_activations(parameters, cell, inputs[t], states[t]["h"])
        after, kept_of_step = CELLS[cell].forward(z, states[t])
        states.append(after)
        kept.append(kept_of_step)
        output = mask[t] * after["h"]
        logits = parameters["output_weights"] @ output + parameters["output_bias"]
        loss -= log_softmax(logits)[targets[t]]
        d_logits.append(np.exp(log_softmax(logits)))
        d_logits[t][targets[t]] -= 1.0

    gradients = {name: np.zeros_like(value) for name, value in parameters.items()}
    d_state = zero_states(parameters, cell)
    for t in reversed(steps):
        gradients["output_bias"] += d_logits[t]
        gradients["output_weights"] += np.outer(d_logits[t], mask[t] * states[t + 1]["h"])
        d_state["h"] = d_state["h"] + mask[t] * (parameters["output_weights"].T @ d_logits[t])
        dz, d_state = CELLS[cell].backward(kept[t], d_state)
        d_state["h"] = d_state["h"] + pre_activations_backward(
            parameters, cell, inputs[t], states[t]["h"], dz, gradients
        )
    return loss, gradients


def batch_loss_and_gradients(
    parameters: Arrays, cell: str, names: Sequence[Name], masks: Masks | None = None
) -> tuple[float, Arrays]:
    """Return the mean loss over all characters of all names, ends included, and its gradients."""
    characters = sum(len(ids) + 1 for ids in names)
    loss = 0.0
    gradients = {name: np.zeros_like(value) for name, value in parameters.items()}
    for ids in names:
        name_loss, name_gradients = name_loss_and_gradients(parameters, cell, ids, masks)
        loss += name_loss / characters
        for name, value in name_gradients.items():
            gradients[name] += value / characters
    return loss, gradients


# ---- dropout ------------------------------------------------------------------------------------


def numbered_prefixes(names: Sequence[Name]) -> list[Prefix]:
    """List the distinct prefixes of a batch, the shorter first, those of one length by their ids.

    The empty prefix, number 0, and the whole names are among them.
    """
    prefixes = {tuple(ids[:length]) for ids in names for length in range(len(ids) + 1)}
    return sorted(prefixes, key=lambda prefix: (len(prefix), prefix))


def dropout_mask(hidden_size: int, rate: float, seed: int, step: int, number: int) -> Array:
    """Return the mask of prefix ``number`` in a training step: 0, or 1 / (1 - rate) where kept.

    Unit j has word j % 4 of block (j // 4, number, step, DROPOUT), and is kept where that is at
    least rate * 2**32, rounded down.
    """
    seed_high, seed_low = divmod(seed, WORD)
    words: list[int] = []
    for block in range((hidden_size + 3) // 4):
        words.extend(philox4x32((seed_low, seed_high), (block, number, step, DROPOUT)))
    kept = np.array(words[:hidden_size]) >= int(rate * WORD)
    return kept / (1.0 - rate)


def dropout_masks(
    names: Sequence[Name], hidden_size: int, rate: float, seed: int, step: int
) -> Masks:
    """Return the masks of all prefixes of a batch in a training step, counted from 0.

    Nothing is left out after a prefix that several names of the batch share.
    """
    masks = {}
    for number, prefix in enumerate(numbered_prefixes(names)):
        sharing = sum(tuple(ids[: len(prefix)]) == prefix for ids in names)
        alone = sharing == 1
        masks[prefix] = (
            dropout_mask(hidden_size, rate, seed, step, number) if alone else np.ones(hidden_size)
        )
    return masks


# ---- steps along the gradients ------------------------------------------------------------------


def global_norm(gradients: Arrays) -> float:
    """Return the Euclidean length of all gradients taken together."""
    return float(np.sqrt(sum(np.sum(value**2) for value in gradients.values())))


def clip_by_norm(gradients: Arrays, max_norm: float) -> Arrays:
    """Shorten all gradients by one factor if together they are longer than ``max_norm``."""
    norm = global_norm(gradients)
    scale = max_norm / norm if norm > max_norm else 1.0
    return {name: value * scale for name, value in gradients.items()}


def clip_by_value(gradients: Arrays, max_value: float) -> Arrays:
    """Limit every element to [-max_value, max_value]."""
    return {name: np.clip(value, -max_value, max_value) for name, value in gradients.items()}


def decay_weights(parameters: Arrays, learning_rate: float, weight_decay: float) -> None:
    """Shrink all parameters but the biases, in place: decay apart from the gradients."""
    for name, value in parameters.items():
        if name not in BIASES:
            value *= 1.0 - learning_rate * weight_decay


def sgd_step(
    parameters: Arrays,
    gradients: Arrays,
    moments: tuple[Arrays, Arrays],
    t: int,
    learning_rate: float,
    weight_decay: float = 0.0,
) -> None:
    """Take a step against the gradients, in place."""
    decay_weights(parameters, learning_rate, weight_decay)
    for name, value in parameters.items():
        value -= learning_rate * gradients[name]


def zero_moments(parameters: Arrays) -> tuple[Arrays, Arrays]:
    """Return the moments that Adam begins with."""
    first = {name: np.zeros_like(value) for name, value in parameters.items()}
    second = {name: np.zeros_like(value) for name, value in parameters.items()}
    return first, second


def adam_step(
    parameters: Arrays,
    gradients: Arrays,
    moments: tuple[Arrays, Arrays],
    t: int,
    learning_rate: float,
    weight_decay: float = 0.0,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> None:
    """Take step t = 1, 2, … of Adam (Kingma and Ba, 2015), changing parameters and moments."""
    decay_weights(parameters, learning_rate, weight_decay)
    m, v = moments
    for name, value in parameters.items():
        m[name] = beta1 * m[name] + (1.0 - beta1) * gradients[name]
        v[name] = beta2 * v[name] + (1.0 - beta2) * gradients[name] ** 2
        m_hat = m[name] / (1.0 - beta1**t)
        v_hat = v[name] / (1.0 - beta2**t)
        value -= learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)


OPTIMIZERS = {"adam": adam_step, "sgd": sgd_step}


# ---- training -----------------------------------------------------------------------------------


def one_cycle(highest: float, step: int, steps: int) -> float:
    """Return the learning rate of step 0, …, steps - 1.

    It rises from a twenty-fifth of the highest over the first three tenths of the steps, then falls
    to a ten-thousandth of that in the last step, both times along the curve x² (3 - 2 x).
    """
    rising = 0.3 * steps
    if step < rising:
        low, x = highest / 25.0, step / rising
    else:
        falling = steps - 1 - rising
        low, x = highest / 25e4, 1.0 - (step - rising) / falling if falling > 0.0 else 0.0
    return low + (highest - low) * x * x * (3.0 - 2.0 * x)


def batches_of_epoch(
    names: Sequence[Name], batch_size: int, seed: int, epoch: int
) -> list[list[Name]]:
    """Divide the names at random into as few batches as possible, the first ones larger by one."""
    in_order = sorted(names, key=tuple)
    order = shuffled_indices(len(names), stream(seed, EPOCH_ORDER, epoch))
    parts = np.array_split(order, -(-len(names) // batch_size))
    return [[in_order[index] for index in part] for part in parts]


def train(
    parameters: Arrays,
    cell: str,
    names: Sequence[Name],
    *,
    seed: int,
    batch_size: int,
    epochs: int,
    learning_rate: float,
    optimizer: str = "adam",
    schedule: str = "constant",
    weight_decay: float = 0.0,
    dropout: float = 0.0,
    clip_value: float = np.inf,
    clip_norm: float = np.inf,
) -> list[float]:
    """Train in place; return the mean loss of each epoch, in nats per character."""
    hidden_size = parameters["output_weights"].shape[1]
    steps = epochs * -(-len(names) // batch_size)
    characters = sum(len(ids) + 1 for ids in names)
    moments = zero_moments(parameters)
    losses = []
    step = 0
    for epoch in range(epochs):
        loss = 0.0
        for batch in batches_of_epoch(names, batch_size, seed, epoch):
            masks = dropout_masks(batch, hidden_size, dropout, seed, step) if dropout else None
            batch_loss, gradients = batch_loss_and_gradients(parameters, cell, batch, masks)
            loss += batch_loss * sum(len(ids) + 1 for ids in batch) / characters
            gradients = clip_by_value(clip_by_norm(gradients, clip_norm), clip_value)
            rate = learning_rate
            if schedule == "one-cycle":
                rate = one_cycle(learning_rate, step, steps)
            step += 1
            OPTIMIZERS[optimizer](parameters, gradients, moments, step, rate, weight_decay)
        losses.append(loss)
    return losses
