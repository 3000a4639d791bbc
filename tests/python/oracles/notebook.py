"""The oracle: the notebook in slow, plain NumPy and double precision.

It shares no code with the package, checks nothing, and is meant to be compared with the equations
by eye. One step of the network, with x a one-hot column (zero for ``None``):

    a⟨t⟩ = tanh(Wax x⟨t⟩ + Waa a⟨t-1⟩ + b)
    ŷ⟨t⟩ = softmax(Wya a⟨t⟩ + by)
    loss = -Σₜ log ŷ⟨t⟩[y⟨t⟩]

Shapes: Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), b (n_a, 1), by (n_y, 1), a (n_a, 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Arrays = dict[str, Array]
ByTime = dict[int, Array]
Cache = tuple[ByTime, ByTime, ByTime]

CLIPPED = ("dWax", "dWaa", "dWya", "db", "dby")
LONGEST_NAME = 50


# ---- small helpers ------------------------------------------------------------------------------


def softmax(x: Array) -> Array:
    """Normalise the exponentials down each column."""
    exponentials = np.exp(x - np.max(x))
    return exponentials / exponentials.sum(axis=0)


def smooth(loss: float, cur_loss: float) -> float:
    """Move the running loss a thousandth of the way to the current one."""
    return loss * 0.999 + cur_loss * 0.001


def get_initial_loss(vocab_size: int, seq_length: int) -> float:
    """Return the loss of guessing ``seq_length`` characters uniformly."""
    return -np.log(1.0 / vocab_size) * seq_length


def get_sample(sample_ix: Iterable[int], ix_to_char: Mapping[int, str]) -> str:
    """Spell the sampled ids, the first letter in upper case."""
    text = "".join(ix_to_char[ix] for ix in sample_ix)
    return text[:1].upper() + text[1:]


def print_sample(sample_ix: Iterable[int], ix_to_char: Mapping[int, str]) -> None:
    """Print the sampled name; the line ends only if the sample ends in a newline."""
    print(get_sample(sample_ix, ix_to_char), end="")


def initialize_parameters(n_a: int, n_x: int, n_y: int, *, seed: int = 1) -> Arrays:
    """Draw small normal weights in the order Wax, Waa, Wya; zero biases."""
    stream = np.random.RandomState(seed)
    return {
        "Wax": stream.randn(n_a, n_x) * 0.01,
        "Waa": stream.randn(n_a, n_a) * 0.01,
        "Wya": stream.randn(n_y, n_a) * 0.01,
        "b": np.zeros((n_a, 1)),
        "by": np.zeros((n_y, 1)),
    }


# ---- the network and its twin -------------------------------------------------------------------


def rnn_step_forward(parameters: Arrays, a_prev: Array, x: Array) -> tuple[Array, Array]:
    """Return the next hidden state and the distribution of the next character."""
    a = np.tanh(parameters["Wax"] @ x + parameters["Waa"] @ a_prev + parameters["b"])
    return a, softmax(parameters["Wya"] @ a + parameters["by"])


def rnn_step_backward(
    dy: Array, gradients: Arrays, parameters: Arrays, x: Array, a: Array, a_prev: Array
) -> Arrays:
    """Add one step's gradients in place; only ``da_next`` becomes a new array."""
    gradients["dWya"] += dy @ a.T
    gradients["dby"] += dy
    da = parameters["Wya"].T @ dy + gradients["da_next"]
    dz = (1.0 - a * a) * da  # z is the argument of tanh
    gradients["db"] += dz
    gradients["dWax"] += dz @ x.T
    gradients["dWaa"] += dz @ a_prev.T
    gradients["da_next"] = parameters["Waa"].T @ dz
    return gradients


def rnn_forward(
    X: Sequence[int | None],
    Y: Sequence[int],
    a0: Array,
    parameters: Arrays,
    vocab_size: int | None = None,
) -> tuple[float, Cache]:
    """Return the summed loss and (ŷ, a, x), each a dictionary by time, ``a[-1]`` being ``a0``."""
    n_x = parameters["Wax"].shape[1] if vocab_size is None else vocab_size
    y_hat: ByTime = {}
    a: ByTime = {-1: a0.copy()}
    x: ByTime = {}
    loss = 0.0
    for t, (ix, target) in enumerate(zip(X, Y, strict=True)):
        x[t] = np.zeros((n_x, 1))
        if ix is not None:
            x[t][ix] = 1.0
        a[t], y_hat[t] = rnn_step_forward(parameters, a[t - 1], x[t])
        loss -= np.log(y_hat[t][target, 0])
    return loss, (y_hat, a, x)


def rnn_backward(
    X: Sequence[int | None], Y: Sequence[int], parameters: Arrays, cache: Cache
) -> tuple[Arrays, ByTime]:
    """Return the loss's gradients, ``da_next`` (of the initial state) among them, and ``a``."""
    y_hat, a, x = cache
    gradients = {"d" + name: np.zeros_like(value) for name, value in parameters.items()}
    gradients["da_next"] = np.zeros_like(a[-1])
    for t in reversed(range(len(X))):
        dy = y_hat[t].copy()
        dy[Y[t]] -= 1.0
        gradients = rnn_step_backward(dy, gradients, parameters, x[t], a[t], a[t - 1])
    return gradients, a


# ---- training and sampling ----------------------------------------------------------------------


def clip(gradients: Arrays, maxValue: float) -> Arrays:
    """Limit every element to [-maxValue, maxValue], in place."""
    for name in CLIPPED:
        np.clip(gradients[name], -maxValue, maxValue, out=gradients[name])
    return {name: gradients[name] for name in CLIPPED}


def update_parameters(parameters: Arrays, gradients: Arrays, lr: float) -> Arrays:
    """Take one step against the gradient, in place."""
    for name, value in parameters.items():
        value += -lr * gradients["d" + name]
    return parameters


def optimize(
    X: Sequence[int | None],
    Y: Sequence[int],
    a_prev: Array,
    parameters: Arrays,
    learning_rate: float = 0.01,
    *,
    max_value: float = 5.0,
) -> tuple[float, Arrays, Array]:
    """Learn from one sequence; return its loss, the clipped gradients and the last state."""
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, max_value)
    update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, a[len(X) - 1]


def sample(parameters: Arrays, char_to_ix: Mapping[str, int], seed: int) -> list[int]:
    """Draw one name; before each draw the stream is seeded anew, with a seed larger by two."""
    n_a, n_x = parameters["Wax"].shape
    newline = char_to_ix["\n"]
    stream = np.random.RandomState(0)
    x, a = np.zeros((n_x, 1)), np.zeros((n_a, 1))
    indices: list[int] = []
    counter = 0
    while counter < LONGEST_NAME and (not indices or indices[-1] != newline):
        a, y = rnn_step_forward(parameters, a, x)
        stream.seed(counter + seed)
        indices.append(int(stream.choice(range(len(y)), p=y.ravel())))
        x = np.zeros((n_x, 1))
        x[indices[-1]] = 1.0
        seed += 1
        counter += 1
    if counter == LONGEST_NAME:  # also when the last draw was the newline, as in the notebook
        indices.append(newline)
    return indices


def shuffled_names(data: str | Sequence[str], seed: int = 0) -> list[str]:
    """Return the names of a text or of a list of lines, in training order."""
    lines = data.split("\n") if isinstance(data, str) else data
    names = [name for name in (line.lower().strip() for line in lines) if name]
    np.random.RandomState(seed).shuffle(names)
    return names


def newer_model(
    data_x: Sequence[str],
    ix_to_char: Mapping[int, str],
    char_to_ix: Mapping[str, int],
    num_iterations: int = 35000,
    n_a: int = 50,
    dino_names: int = 7,
    vocab_size: int = 27,
    verbose: bool = False,
) -> tuple[Arrays, str]:
    """Train as the newer notebook does; return the parameters and the last name printed."""
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    names = [name.strip() for name in data_x]
    np.random.RandomState(0).shuffle(names)
    a_prev = np.zeros((n_a, 1))
    last = "abc"
    for j in range(num_iterations):
        name = names[j % len(names)]
        ids = [char_to_ix[character] for character in name]
        X, Y = [None, *ids], [*ids, char_to_ix["\n"]]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters)
        if verbose and j in (0, len(names) - 1, len(names)):
            print(f"j =  {j} idx =  {j % len(names)}")
        if verbose and j == 0:
            print(f"single_example = {name}\nsingle_example_chars {[*name]}")
            print(f"single_example_ix {ids}\n X =  {X} \n Y =        {Y} \n")
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            print(f"Iteration: {j:d}, Loss: {loss:f}\n")
            for seed in range(dino_names):
                last = get_sample(sample(parameters, char_to_ix, seed), ix_to_char)
                print(last.replace("\n", ""))
            print("\n")
    return parameters, last


def model(
    data: str | Sequence[str],
    ix_to_char: Mapping[int, str],
    char_to_ix: Mapping[str, int],
    num_iterations: int = 35000,
    n_a: int = 50,
    dino_names: int = 7,
    vocab_size: int = 27,
    *,
    learning_rate: float = 0.01,
    max_value: float = 5.0,
    print_every: int = 2000,
    seed: int = 0,
) -> Arrays:
    """Train on one name an iteration, printing samples as it goes; return the parameters.

    The notebook shuffles with seed 0 and draws its initial parameters with seed 1.
    """
    parameters = initialize_parameters(n_a, vocab_size, vocab_size, seed=seed + 1)
    loss = get_initial_loss(vocab_size, dino_names)
    names = shuffled_names(data, seed)
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        ids = [char_to_ix[character] for character in names[j % len(names)]]
        curr_loss, _, a_prev = optimize(
            [None, *ids],
            [*ids, char_to_ix["\n"]],
            a_prev,
            parameters,
            learning_rate,
            max_value=max_value,
        )
        loss = smooth(loss, curr_loss)
        if j % print_every == 0:
            print(f"Iteration: {j:d}, Loss: {loss:f}\n")
            for name_seed in range(dino_names):
                print_sample(sample(parameters, char_to_ix, name_seed), ix_to_char)
            print("\n")
    return parameters
