"""Names drawn from parameters, and how they are printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dinorc import _core
from dinorc._validation import Array, describe, require_integer
from dinorc.notebook._arrays import Parameters, attempt, require_newline

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
        with n_x = n_y the size of the vocabulary. Not changed.
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
    first_seed = require_integer("seed", seed, 0, LARGEST_SEED)

    def compute(arrays: Parameters) -> list[int]:
        newline = require_newline(char_to_ix, arrays)
        return _core.sample(*arrays, newline, first_seed, LONGEST_NAME)

    return attempt(compute, lambda: [Parameters.checked(parameters)], Parameters.of(parameters))


def get_sample(sample_ix: Iterable[int], ix_to_char: Mapping[int, str] | Sequence[str]) -> str:
    r"""Return the text of a sample, its first letter in upper case.

    Parameters
    ----------
    sample_ix : iterable of int
        Character ids, as `sample` returns them; at least one.
    ix_to_char : dict or list of str
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
    ids = sample_ix if type(sample_ix) is list else list(sample_ix)
    characters = ix_to_char if type(ix_to_char) is dict else require_characters(ix_to_char)
    if not ids:
        raise ValueError("sample_ix is empty; expected at least one character id")
    try:
        text = "".join([characters[ix] for ix in ids])
    except (LookupError, TypeError):
        unknown = next(ix for ix in ids if ix not in characters)
        raise ValueError(f"sample_ix holds {unknown!r}; expected ids that ix_to_char has") from None
    return text[0].upper() + text[1:]


def require_characters(ix_to_char: object) -> Mapping[Any, Any]:
    """Return a dictionary from id to character, if that or a list of the characters came."""
    if isinstance(ix_to_char, dict):
        return ix_to_char
    if isinstance(ix_to_char, (list, tuple)):
        return dict(enumerate(ix_to_char))
    if not isinstance(ix_to_char, Mapping):
        raise TypeError(
            f"ix_to_char is {describe(ix_to_char)}; expected a dictionary or a list of characters"
        )
    return ix_to_char


def print_sample(sample_ix: Iterable[int], ix_to_char: Mapping[int, str] | Sequence[str]) -> None:
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
