"""The methods of NameModel that invent names."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable

from dinorc._drawing.conditions import reasons_to_refuse
from dinorc._drawing.generated_names import GeneratedNames
from dinorc._drawing.generation import draw_until_enough
from dinorc._drawing.most_likely import search_most_likely
from dinorc._drawing.rules import DrawingRules
from dinorc._estimators.estimator import Estimator
from dinorc._names.cleaning import LONGEST_NAME
from dinorc._names.vocabulary import EncodedNames, encode_prefix
from dinorc._storage.learned_model import LearnedModel
from dinorc._training.memory import require_memory_for_names
from dinorc._training.settings import LARGEST_SEED
from dinorc._validation import require_integer
from dinorc.errors import NamesShortfallError, NamesShortfallWarning

_SHORTFALL_POLICIES = ("warn", "error", "ignore")


def sample(self: Estimator, n: int = 1, seed: int | None = None) -> list[str]:
    """Draw names from the distribution that was learned, as they come.

    They may be in the training list, repeat, or be empty; a name is cut off after 1,000
    characters. The same seed gives the same names; a larger `n` only adds more of them.

    Parameters
    ----------
    n : int
        How many, 0 or more.
    seed : int, optional
        0 to 2**64 - 1; by default ``seed_``, the seed of training.

    Returns
    -------
    list of str
        `n` names.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.
    NotFittedError
        Before `fit`.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(max_epochs=1, validation_fraction=0).fit(["anna", "hannah", "nana"])
    >>> rnn.sample(3, seed=7) == rnn.sample(5, seed=7)[:3]
    True
    """
    trained = self._require_trained()
    count = require_integer("n", n, 0)
    require_memory_for_names(count)
    drawn = trained.predictor.sample(count, _seed(trained, seed), LONGEST_NAME, self._workers())
    return trained.vocabulary.decode(EncodedNames(*drawn))


def generate(
    self: Estimator,
    n: int,
    *,
    temperature: float = 1,
    top_k: int | None = None,
    top_p: float | None = None,
    prefix: str = "",
    min_length: int = 1,
    max_length: int | None = None,
    exclude: str | Iterable[str] | None = "training",
    unique: bool = True,
    block: Iterable[str] = (),
    accept: Callable[[str], object] | None = None,
    seed: int | None = None,
    on_shortfall: str = "warn",
) -> GeneratedNames:
    """Make new names that meet conditions.

    Candidates are drawn one after the other, each from its own random numbers, and the first
    `n` that meet every condition are returned. So the same seed gives the same names on every
    machine, and the first 10 of 20 names are those that ``n=10`` gives.

    A candidate is drawn character by character. Its next character is one of those that the
    lengths allow; their log-probabilities are divided by `temperature`; then only the `top_k`
    most probable remain, and of these the most probable that make up `top_p`.

    It gives up and returns what it has found when 100,000 candidates in a row were refused,
    when 100,000 + 100 `n` were drawn, or when no other name is possible. Names with white space
    before or after them, or not in Unicode's form NFC, are refused as well.

    Parameters
    ----------
    n : int
        How many, 0 or more.
    temperature : float
        Above 0. Below 1, probable characters become more probable, and near 0 only the most
        probable is left; above 1, the names become more daring.
    top_k : int, optional
        Draw among this many of the most probable characters, 1 to the size of `vocabulary_`. Of
        equally probable ones, the first in `vocabulary_` counts as more probable.
    top_p : float, optional
        Draw among the fewest of the most probable characters whose probabilities sum to this,
        above 0 and at most 1 (nucleus sampling).
    prefix : str
        How the names begin.
    min_length, max_length : int
        How many characters the whole name has, prefix included, 1 to 1,000. No name ends before
        `min_length`, and each ends at `max_length`; none is thrown away for its length.
    exclude : "training" or iterable of str or None
        Names to leave out: those that `fit` was given, or others, cleaned as by `fit`; None or an
        empty list leaves none out. (A model made by `from_notebook` has no training names.)
    unique : bool
        Whether no name may come twice.
    block : iterable of str
        Texts that no name may contain, in upper or lower case.
    accept : callable, optional
        Is called with each name that meets all other conditions; returns whether to accept it.
    seed : int, optional
        0 to 2**64 - 1; by default ``seed_``, the seed of training.
    on_shortfall : {"warn", "error", "ignore"}
        What to do if there are fewer names than `n`: give a NamesShortfallWarning, raise a
        NamesShortfallError that has the names found, or do nothing.

    Returns
    -------
    GeneratedNames
        A list of str, with ``log_probabilities`` (as `score_samples` gives them, whatever the
        conditions were) and ``report``, which tells what became of the candidates.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described or contradicts another one, or wrong values were
        written to ``parameters_``.
    NamesShortfallError
        If `on_shortfall` says so.
    NotFittedError
        Before `fit`.

    See Also
    --------
    sample : draws without any conditions.
    most_likely : the most probable names, exactly.

    References
    ----------
    top-k: Fan, Lewis, Dauphin, "Hierarchical Neural Story Generation", 2018; top-p: Holtzman
    et al., "The Curious Case of Neural Text Degeneration", 2020.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(max_epochs=1, validation_fraction=0).fit(["anna", "hannah", "nana"])
    >>> names = rnn.generate(3, prefix="ha", max_length=6, seed=7)
    >>> len(names), all(name.startswith("ha") for name in names)
    (3, True)
    >>> print(rnn.generate(3, max_length=1, on_shortfall="ignore").report.accepted)
    3
    """
    trained = self._require_trained()
    count = require_integer("n", n, 0)
    rules = DrawingRules.checked(
        trained.vocabulary,
        temperature=temperature,
        top_k=top_k,
        top_p=top_p,
        prefix=prefix,
        min_length=min_length,
        max_length=max_length,
    )
    reason_to_refuse = reasons_to_refuse(
        trained.name_set, exclude=exclude, unique=unique, block=block, accept=accept
    )
    if not isinstance(on_shortfall, str) or on_shortfall not in _SHORTFALL_POLICIES:
        raise ValueError(f"on_shortfall is {on_shortfall!r}; expected 'warn', 'error' or 'ignore'")
    names = draw_until_enough(
        trained, count, _seed(trained, seed), rules, reason_to_refuse, self._workers()
    )
    if len(names) < count and on_shortfall != "ignore":
        message = f"fewer names than asked for: {names.report}"
        if on_shortfall == "error":
            raise NamesShortfallError(message, names)
        warnings.warn(message, NamesShortfallWarning, stacklevel=2)
    return names


def most_likely(self: Estimator, n: int, prefix: str = "") -> GeneratedNames:
    """Return the most probable names, exactly, best first.

    Nothing is drawn: no other name of up to 1,000 characters is more probable than these. They
    may be in the training list. A smaller `n` gives the first of them.

    Parameters
    ----------
    n : int
        How many, 1 or more.
    prefix : str
        How the names begin; need not be in Unicode's normal form C.

    Returns
    -------
    GeneratedNames
        A list of str, with ``log_probabilities`` in nats, as `score_samples` gives them; equally
        probable names are in the order of their code points. Fewer than `n` names if no others
        are possible.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or `prefix` has a character that training has not
        seen.
    SearchLimitError
        If the search would take more than 1 GiB of memory, as for very many names, or with a
        network whose names hardly ever end. The error has the names found, the first ones.
    NotFittedError
        Before `fit`.

    See Also
    --------
    generate : new names, drawn from the distribution.

    Notes
    -----
    A best-first search over prefixes: no name is more probable than any of its prefixes, so
    a name that is more probable than all prefixes still open is the next one
    (Dijkstra, "A note on two problems in connexion with graphs", 1959, on the tree of all
    prefixes). This holds with rounding, too: adding a term that is not above zero never
    increases a rounded sum.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(max_epochs=1, validation_fraction=0).fit(["anna", "hannah", "nana"])
    >>> names = rnn.most_likely(3, prefix="ha")
    >>> len(names), bool((names.log_probabilities == rnn.score_samples(names)).all())
    (3, True)
    """
    trained = self._require_trained()
    count = require_integer("n", n, 1)
    require_memory_for_names(count)
    ids = encode_prefix(prefix, trained.vocabulary)
    return search_most_likely(trained, count, ids)


def _seed(trained: LearnedModel, seed: object) -> int:
    """Return the seed, if it is valid; for None, the seed of training."""
    return trained.seed if seed is None else require_integer("seed", seed, 0, LARGEST_SEED)
