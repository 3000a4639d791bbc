"""The notebook's training loop."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from dinorc import _core
from dinorc._validation import (
    Array,
    describe,
    require_finite_real,
    require_float_dtype,
    require_id,
    require_integer,
    require_mapping,
    require_not_negative,
)
from dinorc.errors import TrainingDivergedError
from dinorc.notebook._arrays import Parameters, require_newline
from dinorc.notebook._losses import get_initial_loss
from dinorc.notebook._names import LARGEST_SEED, LONGEST_NAME, print_sample, require_characters
from dinorc.notebook._network import draw_parameters


def model(
    data: str | Iterable[str],
    ix_to_char: Mapping[int, str],
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
    ix_to_char, char_to_ix : dict
        From id to character and back, with ``"\n"`` among the characters.
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
        with its line and column.
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
    _require_vocabulary(char_to_ix, ix_to_char, vocab_size)
    iterations = require_integer("num_iterations", num_iterations, 0)
    names_to_print = require_integer("dino_names", dino_names, 0)
    interval = require_integer("print_every", print_every, 1)
    shuffle_seed = require_integer("seed", seed, 0, LARGEST_SEED - 1)
    rate = require_finite_real("learning_rate", learning_rate)
    maximum = require_not_negative("max_value", max_value)
    float_dtype = require_float_dtype("dtype", dtype)
    names = _encode(_lines(data), char_to_ix)

    order = _core.RandomState(shuffle_seed).shuffled_indices(len(names))
    examples = [names[index] for index in order]
    drawn = draw_parameters(n_a, vocab_size, vocab_size, seed=shuffle_seed + 1)
    parameters = Parameters(**{key: array.astype(float_dtype) for key, array in drawn.items()})
    characters = np.array([ix for example in examples for ix in example], dtype=np.int32)
    ends = np.cumsum([len(example) for example in examples], dtype=np.int64)
    trainer = _core.OnlineTrainer(*parameters, characters, ends, rate, maximum)

    newline = char_to_ix["\n"]
    loss = get_initial_loss(vocab_size, names_to_print)
    done = 0
    while done < iterations:
        # The notebook prints after each iteration whose number is a multiple of the interval.
        next_print = 1 if done == 0 else done + interval
        count = min(next_print, iterations) - done
        finite, loss = trainer.run(count, loss)
        if not finite:
            trainer.copy_parameters(*parameters)
            raise TrainingDivergedError(
                f"between iterations {done} and {done + count} a loss or a parameter is not "
                f"finite; the exception's `parameters` are those after {done} iterations. Lower "
                f"learning_rate ({rate:g}) or max_value ({maximum:g})",
                iteration=done,
                parameters=parameters._asdict(),
            )
        done += count
        if verbose and done == next_print:
            print("Iteration: %d, Loss: %f" % (done - 1, loss) + "\n")  # noqa: UP031
            for sample_seed in range(names_to_print):
                print_sample(trainer.sample(newline, sample_seed, LONGEST_NAME), ix_to_char)
            print("\n")
    trainer.copy_parameters(*parameters)
    return parameters._asdict()


def _require_vocabulary(char_to_ix: object, ix_to_char: object, vocab_size: object) -> None:
    """Raise where char_to_ix does not number vocab_size characters, with ix_to_char its inverse."""
    ids = require_mapping("char_to_ix", char_to_ix)
    characters = require_characters(ix_to_char)
    size = require_integer("vocab_size", vocab_size, 1)
    require_newline(ids)
    if len(ids) != size:
        raise ValueError(
            f"vocab_size is {size}, but char_to_ix has {len(ids)} characters; expected "
            f"vocab_size={len(ids)}"
        )
    for character in ids:
        index = require_id(ids, character, size)
        if characters.get(index) != character:
            raise ValueError(
                f"ix_to_char[{index}] is {characters.get(index)!r}, but char_to_ix[{character!r}] "
                f"is {index}; expected each to be the inverse of the other"
            )
    if len(characters) != size:
        raise ValueError(
            f"ix_to_char has {len(characters)} entries, but char_to_ix {size}; expected each to be "
            "the inverse of the other"
        )


def _lines(data: str | Iterable[str]) -> list[str]:
    if isinstance(data, str):
        return data.split("\n")
    if isinstance(data, (bytes, bytearray)) or not isinstance(data, Iterable):
        raise TypeError(f"data is {describe(data)}; expected a text or a list of lines")
    lines = list(data)
    for number, line in enumerate(lines, start=1):
        if not isinstance(line, str):
            raise TypeError(f"line {number} of data is {describe(line)}; expected a str")
        if "\n" in line.strip():
            raise ValueError(f"line {number} of data is {line!r}; expected one line, not several")
    return lines


def _encode(lines: list[str], char_to_ix: Mapping[str, int]) -> list[list[int]]:
    """Return the ids of each name that is not blank, its line end included."""
    newline = char_to_ix["\n"]
    names = []
    for number, line in enumerate(lines, start=1):
        name = line.lower().strip()
        try:
            ids = [char_to_ix[character] for character in name]
        except KeyError as error:
            character = error.args[0]
            column = len(line) - len(line.lstrip()) + name.index(character) + 1
            raise ValueError(
                f"data has the character {character!r} in line {number}, column {column}, but "
                "char_to_ix lacks it; expected only characters that it has"
            ) from None
        if ids:
            names.append([*ids, newline])
    if not names:
        raise ValueError("data has no names; expected at least one line that is not blank")
    return names
