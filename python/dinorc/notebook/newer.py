"""The newer generation of the course notebook: the same names, and its own `model` and `clip`.

``from dinorc.notebook.newer import *`` replaces the newer notebook's functions and helper module.
Everything but `model` and `clip` is the same object as in `dinorc.notebook`.

The method comes from the course "Sequence Models", DeepLearning.AI, week 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from dinorc import notebook as _older
from dinorc._validation import Array
from dinorc.notebook import (
    get_initial_loss,
    get_sample,
    initialize_parameters,
    optimize,
    print_sample,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
    sample,
    smooth,
    softmax,
    update_parameters,
)
from dinorc.notebook._arrays import Gradients, readable
from dinorc.notebook._training import require_known, require_lines, train

__all__ = [
    "clip",
    "get_initial_loss",
    "get_sample",
    "initialize_parameters",
    "model",
    "optimize",
    "print_sample",
    "rnn_backward",
    "rnn_forward",
    "rnn_step_backward",
    "rnn_step_forward",
    "sample",
    "smooth",
    "softmax",
    "update_parameters",
]


def clip(gradients: Mapping[str, Array], maxValue: float) -> dict[str, Array]:
    """Return copies of the gradients with every number moved into [-maxValue, maxValue].

    Parameters
    ----------
    gradients : dict of numpy.ndarray
        ``dWaa``, ``dWax``, ``dWya``, ``db`` and ``dby``, of any shapes. Not changed.
    maxValue : float
        The bound, 0 or more.

    Returns
    -------
    dict of numpy.ndarray
        New arrays under these five keys, in this order: float32 if all arrays of floats among the
        gradients are, and float64 otherwise. A NaN stays a NaN.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.

    Examples
    --------
    >>> import numpy as np
    >>> from dinorc.notebook.newer import clip
    >>> names = ("dWaa", "dWax", "dWya", "db", "dby")
    >>> gradients = {name: np.array([[-20.0], [3.0]]) for name in names}
    >>> clip(gradients, 10)["db"].ravel(), gradients["db"].ravel()
    (array([-10.,   3.]), array([-20.,   3.]))
    """
    arrays = Gradients.of(gradients)
    copies = {
        key: np.array(readable(f"gradients[{key!r}]", array, arrays.dtype))
        for key, array in arrays._asdict().items()
    }
    _older.clip(copies, maxValue)
    return {key: copies[key] for key in ("dWaa", "dWax", "dWya", "db", "dby")}


def model(
    data_x: Iterable[str],
    ix_to_char: Mapping[int, str] | Sequence[str],
    char_to_ix: Mapping[str, int],
    num_iterations: int = 35000,
    n_a: int = 50,
    dino_names: int = 7,
    vocab_size: int = 27,
    verbose: bool = False,
    *,
    learning_rate: float = 0.01,
    max_value: float = 5,
    print_every: int = 2000,
    dtype: npt.DTypeLike = "float64",
    seed: int = 0,
) -> tuple[dict[str, Array], str]:
    r"""Train the network on a list of names and print invented ones as it learns.

    The loop is that of `dinorc.notebook.model`; what goes in, what is printed and what is returned
    are those of the newer notebook. The same arguments give the same bits on every machine.

    Parameters
    ----------
    data_x : iterable of str
        The names, such as ``data.split("\n")``. They are stripped, and nothing else: capitals stay,
        and an empty string is an example too. They are shuffled as
        ``numpy.random.RandomState(0).shuffle`` shuffles a list.
    ix_to_char, char_to_ix, num_iterations, n_a, dino_names, vocab_size
        As for `dinorc.notebook.model`.
    verbose : bool
        Whether to print, beside losses and names, the lines that help to find mistakes: j and idx
        at the first iteration and where the list begins anew, and all of the first example.
    learning_rate, max_value, print_every, dtype, seed
        As for `dinorc.notebook.model`.

    Returns
    -------
    parameters : dict of numpy.ndarray
        ``Wax (n_a, n_x)``, ``Waa (n_a, n_a)``, ``Wya (n_y, n_a)``, ``b (n_a, 1)``, ``by (n_y, 1)``.
    last_name : str
        The text of the last sample printed, its first letter in upper case and its line end
        included; ``"abc"``, as in the notebook, if none was printed.

    Raises
    ------
    TypeError, ValueError, TrainingDivergedError, KeyboardInterrupt
        As for `dinorc.notebook.model`.

    Examples
    --------
    >>> import dinorc
    >>> from dinorc.notebook.newer import model
    >>> names = dinorc.datasets.load("dinos")
    >>> characters = sorted(set("\n".join(names)))
    >>> char_to_ix = {character: ix for ix, character in enumerate(characters)}
    >>> ix_to_char = dict(enumerate(characters))
    >>> parameters, last_name = model(names, ix_to_char, char_to_ix, 1, dino_names=2)
    Iteration: 0, Loss: 6.614743
    ...
    >>> last_name
    'Kneb\n'
    """
    if isinstance(data_x, str):
        raise TypeError("data_x is one text; expected a list of names, such as data_x.split('\\n')")
    lines = require_lines("data_x", data_x)
    names = [line.strip() for line in lines]
    require_known("data_x", lines, names, char_to_ix)
    last_name = "abc"

    def report(
        iterations: range, loss: float | None, draw: Callable[[int], str], examples: list[str]
    ) -> None:
        nonlocal last_name
        if verbose:
            _print_debugging_lines(iterations, examples, char_to_ix)
        if loss is None:
            return
        print("Iteration: %d, Loss: %f" % (iterations[-1], loss) + "\n")  # noqa: UP031
        for sample_seed in range(dino_names):
            last_name = draw(sample_seed)
            print(last_name.replace("\n", ""))
        print("\n")

    parameters = train(
        names,
        "data_x",
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
    return parameters, last_name


def _print_debugging_lines(
    iterations: range, examples: list[str], char_to_ix: Mapping[str, int]
) -> None:
    """Print what the newer notebook does to aid in correctly forming X and Y."""
    for j in sorted({0, len(examples) - 1, len(examples)}.intersection(iterations)):
        print("j = ", j, "idx = ", j % len(examples))
        if j == 0:
            ids = [char_to_ix[character] for character in examples[0]]
            print("single_example =", examples[0])
            print("single_example_chars", list(examples[0]))
            print("single_example_ix", ids)
            print(" X = ", [None, *ids], "\n", "Y =       ", [*ids, char_to_ix["\n"]], "\n")
