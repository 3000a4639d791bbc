"""The training loop as the older notebook calls it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import ParamSpec, TypeVar

import numpy.typing as npt

from dinorc._validation import Array
from dinorc.notebook._training import require_known, require_lines, train

P = ParamSpec("P")
T = TypeVar("T")


def _refusing_the_newer_call(function: Callable[P, T]) -> Callable[P, T]:
    """Let model say whose call it is, if it is called as the newer notebook does."""

    @functools.wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        if "data_x" in kwargs or len(args) == 8:
            raise TypeError(
                "this is the newer notebook's call: from dinorc.notebook.newer import *"
            )
        return function(*args, **kwargs)

    return checked


@_refusing_the_newer_call
def model(
    data: str | Iterable[str],
    ix_to_char: Mapping[int, str] | Sequence[str],
    char_to_ix: Mapping[str, int],
    num_iterations: int = 35000,
    n_a: int = 50,
    dino_names: int = 7,
    vocab_size: int = 27,
    *,
    learning_rate: float = 0.01,
    max_value: float = 5,
    print_every: int = 2000,
    dtype: npt.DTypeLike = "float64",
    seed: int = 0,
    verbose: bool = True,
) -> dict[str, Array]:
    r"""Train the network on a list of names and print invented ones as it learns.

    Each iteration takes one name: forward pass, backward pass through time, clipped gradients, one
    step of gradient descent; the hidden state is carried from name to name. After iteration 0 and
    every `print_every`, it prints the smoothed loss and `dino_names` samples, exactly as
    the notebook does. The same arguments give the same bits on every machine.

    Parameters
    ----------
    data : str or iterable of str
        The names: a text with one per line, or the lines. They are lower-cased and stripped, blank
        ones left out, and shuffled as ``numpy.random.RandomState(0).shuffle`` shuffles a list.
    ix_to_char : dict or list of str
        From id to character.
    char_to_ix : dict
        From character to id, with ``"\n"`` among the characters.
    num_iterations : int
        The number of iterations, 0 or more.
    n_a : int
        The number of hidden units, 1 or more.
    dino_names : int
        How many names to print each time, 0 or more; with seeds 0, 1, ... as in `sample`.
    vocab_size : int
        The number of characters, which has to be the size of the dictionaries.
    learning_rate : float
        The step along the gradients, finite.
    max_value : float
        The bound that each number of the gradients is clipped to, 0 or more.
    print_every : int
        The number of iterations from one print to the next, 1 or more.
    dtype : {"float64", "float32"}
        The type of the parameters and of all arithmetic.
    seed : int
        The seed of the shuffling; the initial parameters take seed + 1. The notebook has 0.
    verbose : bool
        Whether to print.

    Returns
    -------
    dict of numpy.ndarray
        ``Wax (n_a, n_x)``, ``Waa (n_a, n_a)``, ``Wya (n_y, n_a)``, ``b (n_a, 1)``, ``by (n_y, 1)``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described; the message names a character that `char_to_ix` lacks
        with its line and column. Also if this is the call of the newer notebook, with ``data_x=``
        or an eighth positional argument: its `model` is in `dinorc.notebook.newer`.
    TrainingDivergedError
        If a loss or a parameter is not finite; the exception has the parameters as they were at
        the last print.
    KeyboardInterrupt
        On Ctrl-C, after a whole iteration.

    Examples
    --------
    >>> import dinorc
    >>> names = dinorc.datasets.load("dinos")
    >>> characters = sorted(set("\n".join(names)))
    >>> char_to_ix = {character: ix for ix, character in enumerate(characters)}
    >>> ix_to_char = dict(enumerate(characters))
    >>> parameters = dinorc.model(names, ix_to_char, char_to_ix, num_iterations=1, dino_names=1)
    Iteration: 0, Loss: 3.322202
    ...
    >>> parameters["Waa"].shape
    (50, 50)
    """
    lines = data.split("\n") if isinstance(data, str) else require_lines("data", data)
    lower_cased = [line.lower().strip() for line in lines]
    require_known("data", lines, lower_cased, char_to_ix)

    def report(
        iterations: range, loss: float | None, draw: Callable[[int], str], _: list[str]
    ) -> None:
        if verbose and loss is not None:
            print("Iteration: %d, Loss: %f" % (iterations[-1], loss) + "\n")  # noqa: UP031
            for sample_seed in range(dino_names):
                print(draw(sample_seed), end="")
            print("\n")

    return train(
        [name for name in lower_cased if name],
        "data",
        report,
        ix_to_char=ix_to_char,
        char_to_ix=char_to_ix,
        num_iterations=num_iterations,
        n_a=n_a,
        dino_names=dino_names,
        vocab_size=vocab_size,
        learning_rate=learning_rate,
        max_value=max_value,
        print_every=print_every,
        dtype=dtype,
        seed=seed,
    )
