"""Names drawn from parameters, and how they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dinorc import _core
from dinorc._validation import (
    Array,
    Parameters,
    explained,
    require_integer,
    require_mapping,
    require_newline,
)

# The notebook's limit on the letters of a name.
LONGEST_NAME = 50

LARGEST_SEED = 2**32 - 1


def sample(parameters: Mapping[str, Array], char_to_ix: Mapping[str, int], seed: int) -> list[int]:
    r"""Draw a name letter by letter from the network's probabilities.

    Starts from the zero vector and the zero state; then, at each step,
    ``a = tanh(Wax x + Waa a + b)``, ``y = softmax(Wya a + by)``, and the next character is drawn
    as ``numpy.random.choice(p=y)`` draws it after ``numpy.random.seed(counter + seed)``; both
    counter and seed then grow by one. NumPy's own generator is left alone.

    Parameters
    ----------
    parameters : dict of numpy.ndarray
        ``Wax (n_a, n_x)``, ``Waa (n_a, n_a)``, ``Wya (n_y, n_a)``, ``b (n_a, 1)``, ``by (n_y, 1)``,
        with n_x = n_y the size of the vocabulary; all float64 or all float32. Not changed.
    char_to_ix : dict
        From character to id; ``"\n"``, which ends a name, has to be among them.
    seed : int
        0 to 2**32 - 1.

    Returns
    -------
    list of int
        The character ids; the last one is that of ``"\n"``, which is appended after 50 characters.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or a parameter is infinite or NaN.

    Examples
    --------
    >>> from dinorc.notebook import initialize_parameters, sample
    >>> sample(initialize_parameters(n_a=5, n_x=3, n_y=3), {"\n": 0, "a": 1, "b": 2}, seed=0)
    [1, 1, 2, 2, 2, 2, 0]
    """
    with explained(lambda: Parameters.checked(parameters)):
        arrays = Parameters.of(parameters)
        newline = require_newline(char_to_ix, arrays)
        first_seed = require_integer("seed", seed, 0, LARGEST_SEED)
        return _core.sample(*arrays, newline, first_seed, LONGEST_NAME)


def get_sample(sample_ix: Iterable[int], ix_to_char: Mapping[int, str]) -> str:
    r"""Return the text of a sample, its first letter in upper case.

    Parameters
    ----------
    sample_ix : iterable of int
        Character ids, as `sample` returns them; at least one.
    ix_to_char : dict
        From id to character.

    Returns
    -------
    str
        The text, line end included.

    Raises
    ------
    ValueError
        If there is no id, or one that `ix_to_char` lacks.

    Examples
    --------
    >>> from dinorc.notebook import get_sample
    >>> get_sample([1, 2, 0], {0: "\n", 1: "r", 2: "x"})
    'Rx\n'
    """
    characters = require_mapping("ix_to_char", ix_to_char)
    ids = list(sample_ix)
    if not ids:
        raise ValueError("sample_ix is empty; expected at least one character id")
    unknown = [ix for ix in ids if ix not in characters]
    if unknown:
        raise ValueError(f"sample_ix holds {unknown[0]!r}; expected ids that ix_to_char has")
    text = "".join(characters[ix] for ix in ids)
    return text[0].upper() + text[1:]


def print_sample(sample_ix: Iterable[int], ix_to_char: Mapping[int, str]) -> None:
    r"""Print the text of a sample, its first letter in upper case, with no line end of its own.

    Parameters
    ----------
    sample_ix, ix_to_char
        As for `get_sample`.

    Raises
    ------
    ValueError
        As for `get_sample`.

    Examples
    --------
    >>> from dinorc.notebook import print_sample
    >>> print_sample([1, 2, 0], {0: "\n", 1: "r", 2: "x"})
    Rx
    """
    print(get_sample(sample_ix, ix_to_char), end="")
