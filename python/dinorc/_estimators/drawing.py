"""The methods of NameModel that invent names."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable

import numpy as np

from dinorc._drawing.conditions import NameConditions
from dinorc._drawing.generated_names import GeneratedNames, NamesShare
from dinorc._drawing.generation import Drawing, checked_budget
from dinorc._drawing.most_likely import search_most_likely
from dinorc._drawing.rules import DrawingRules
from dinorc._estimators.estimator import Estimator
from dinorc._names.cleaning import LONGEST_NAME
from dinorc._names.vocabulary import EncodedNames
from dinorc._storage.learned_model import LearnedModel
from dinorc._training.memory import require_memory_for_names
from dinorc._training.settings import LARGEST_SEED
from dinorc._validation import describe, require_integer
from dinorc.errors import NamesShortfallError, NamesShortfallWarning

_SHORTFALL_POLICIES = ("warn", "error", "ignore")


def sample(
    self: Estimator, n: int = 1, seed: int | None = None, *, label: str | None = None
) -> list[str]:
    """Draw names from the distribution that was learned, as they come.

    They may be in the training list, repeat, or be empty; a name is cut off after 1,000
    characters. The same seed gives the same names; a larger `n` only adds more of them.

    Parameters
    ----------
    n : int
        How many, 0 or more.
    seed : int, optional
        0 to 2**64 - 1; by default ``seed_``, the seed of training.
    label : str, optional
        The kind of the names, one of ``labels_``; without it, names of any kind, each with the
        probability of its share, which takes as many times longer as there are labels.

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
    predictor = trained.predictor_of(label)
    drawn = predictor.sample(count, _seed(trained, seed), LONGEST_NAME, self._workers())
    return trained.vocabulary.decode(EncodedNames(*drawn))


def generate(
    self: Estimator,
    n: int,
    *,
    temperature: float = 1,
    top_k: int | None = None,
    top_p: float | None = None,
    prefix: str = "",
    suffix: str = "",
    contains: str | Iterable[str] = "",
    pattern: str | re.Pattern[str] | None = None,
    alphabet: str | Iterable[str] | None = None,
    min_length: int = 1,
    max_length: int | None = None,
    label: str | None = None,
    exclude: str | Iterable[str] | None = "training",
    min_distance: int = 1,
    unique: bool = True,
    block: Iterable[str] = (),
    accept: Callable[[str], object] | None = None,
    capitalize: bool = False,
    budget: int | None = None,
    seed: int | None = None,
    on_shortfall: str = "warn",
) -> GeneratedNames:
    """Make new names that meet conditions.

    Names come from the model's own distribution, given the conditions: each as often, among those
    that meet them, as the model makes it. No name is steered or cut off. The same seed gives the
    same names on every machine, and the first 10 of 20 names are those that ``n=10`` gives.

    Candidates are drawn character by character, in rounds. A candidate is given up as soon as no
    wanted name begins as it does; and what a round has shown to be unwanted or given is taken out
    of what the next round draws from, with its probability, so that rare names are found and small
    lists are exhausted. The next character's log-probabilities are divided by `temperature`; then
    only the `top_k` most probable remain, and of these the most probable that make up `top_p`.

    Where fewer than one candidate in 200 has letters and length as asked for, it looks ahead:
    it prefers characters that promise wanted names, and chooses among what it has found by the
    weights that make up for it. Then the distribution is met approximately;
    ``report.independent_draws`` says how well.

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
    prefix, suffix : str
        How the names begin and end.
    contains : str or iterable of str
        What the names contain; of several texts all.
    pattern : str or re.Pattern, optional
        A regular expression, as of `re`, that the whole name matches. It may not refer back to
        groups or look around.
    alphabet : str or iterable of str, optional
        The characters that names may have.
    min_length, max_length : int
        How many characters the whole name has, 1 to 1,000.
    label : str, optional
        The kind of the names, one of ``labels_``; without it, names of any kind, each with the
        probability of its share, which takes as many times longer as there are labels.
    exclude : "training" or iterable of str or None
        Names to leave out: those that `fit` was given, or others, cleaned as by `fit`; None or an
        empty list leaves none out. (A model made by `from_notebook` has no training names.)
    min_distance : int
        How many insertions, deletions or changes of a character it takes, at least, to make a name
        of `exclude` of a new one: 2 leaves out names that differ from one by a single letter.
    unique : bool
        Whether no name may come twice.
    block : iterable of str
        Texts that no name may contain, in upper or lower case.
    accept : callable, optional
        Is called with each name that meets all other conditions; returns whether to accept it.
    capitalize : bool
        Whether names of a model with ``case="fold"`` have a capital at the beginning of each word.
    budget : int, optional
        How many candidates to draw at most; by default 100,000 and 100 for each name wanted.
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
        If an argument is not as described or contradicts another one, if no name can meet the
        conditions, or wrong values were written to ``parameters_``.
    NamesShortfallError
        If `on_shortfall` says so.
    NotFittedError
        Before `fit`.

    See Also
    --------
    sample : draws without any conditions.
    most_likely : the most probable names, exactly.
    probability_of : how many of the model's names meet conditions.

    References
    ----------
    Taking out what was refused: Parys et al., "Constrained Adaptive Rejection Sampling", 2025;
    Park et al., "Grammar-Aligned Decoding", 2024. Choosing by weights: Rubin,
    "The calculation of posterior distributions by data augmentation: comment", 1987. top-k: Fan,
    Lewis, Dauphin, "Hierarchical Neural Story Generation", 2018; top-p: Holtzman et al., "The
    Curious Case of Neural Text Degeneration", 2020.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(max_epochs=1, validation_fraction=0).fit(["anna", "hannah", "nana"])
    >>> names = rnn.generate(3, prefix="ha", pattern=".*n.*", max_length=8, seed=7)
    >>> len(names), all(name.startswith("ha") and "n" in name for name in names)
    (3, True)
    >>> print(rnn.generate(4, max_length=1, on_shortfall="ignore").report.stopped)
    no other name
    """
    conditions = NameConditions.of(locals())
    trained = self._require_trained()
    _tell_what_is_left_out(trained, exclude)
    count = require_integer("n", n, 0)
    if not isinstance(unique, (bool, np.bool_)):
        raise TypeError(f"unique is {describe(unique)}; expected True or False")
    if not isinstance(on_shortfall, str) or on_shortfall not in _SHORTFALL_POLICIES:
        raise ValueError(f"on_shortfall is {on_shortfall!r}; expected 'warn', 'error' or 'ignore'")
    drawing = Drawing(
        trained,
        trained.predictor_of(label),
        conditions.checked(trained),
        DrawingRules.checked(
            len(trained.vocabulary), temperature=temperature, top_k=top_k, top_p=top_p
        ),
        _seed(trained, seed),
        bool(unique),
        self._workers(),
    )
    names = drawing.names(count, budget)
    if len(names) < count and on_shortfall != "ignore":
        message = f"fewer names than asked for: {names.report}"
        if on_shortfall == "error":
            raise NamesShortfallError(message, names)
        warnings.warn(message, NamesShortfallWarning, stacklevel=2)
    return names


def probability_of(
    self: Estimator,
    *,
    prefix: str = "",
    suffix: str = "",
    contains: str | Iterable[str] = "",
    pattern: str | re.Pattern[str] | None = None,
    alphabet: str | Iterable[str] | None = None,
    min_length: int = 1,
    max_length: int | None = None,
    label: str | None = None,
    exclude: str | Iterable[str] | None = None,
    min_distance: int = 1,
    block: Iterable[str] = (),
    accept: Callable[[str], object] | None = None,
    budget: int = 20_000,
    seed: int | None = None,
) -> NamesShare:
    """Estimate the share of the model's names that meet conditions.

    The conditions are those of `generate`, and so are the candidates: they are drawn until the
    budget is spent. Rare conditions are looked ahead to, so that a share of one in a million is
    estimated about as well as one in two.

    Parameters
    ----------
    prefix, suffix, contains, pattern, alphabet, min_length, max_length, label
        As in `generate`.
    exclude, min_distance, block, accept
        As in `generate`; but `exclude` leaves out nothing by default.
    budget : int
        How many candidates to draw, 1 or more.
    seed : int, optional
        0 to 2**64 - 1; by default ``seed_``, the seed of training.

    Returns
    -------
    NamesShare
        ``probability``, its ``standard_error`` and the number of ``candidates``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or no name can meet the conditions.
    NotFittedError
        Before `fit`.

    Examples
    --------
    >>> from dinorc import NGram
    >>> share = NGram().fit(["anna", "hannah", "nana"]).probability_of(suffix="a")
    >>> 0.3 < share.probability < 0.9, share.standard_error < 0.02
    (True, True)
    """
    conditions = NameConditions.of(locals())
    trained = self._require_trained()
    _tell_what_is_left_out(trained, exclude)
    drawing = Drawing(
        trained,
        trained.predictor_of(label),
        conditions.checked(trained),
        DrawingRules(1.0, len(trained.vocabulary), 1.0),
        _seed(trained, seed),
        False,
        self._workers(),
    )
    return drawing.share(checked_budget(budget, 1))


def most_likely(
    self: Estimator,
    n: int,
    prefix: str = "",
    *,
    suffix: str = "",
    contains: str | Iterable[str] = "",
    pattern: str | re.Pattern[str] | None = None,
    alphabet: str | Iterable[str] | None = None,
    min_length: int = 1,
    max_length: int | None = None,
    label: str | None = None,
    exclude: str | Iterable[str] | None = None,
    min_distance: int = 1,
    block: Iterable[str] = (),
    accept: Callable[[str], object] | None = None,
    capitalize: bool = False,
) -> GeneratedNames:
    """Return the most probable names that meet conditions, exactly, best first.

    Nothing is drawn: no other such name of up to 1,000 characters is more probable than these. They
    may be in the training list, unless `exclude` is "training". A smaller `n` gives the first of
    them.

    Parameters
    ----------
    n : int
        How many, 1 or more.
    prefix : str
        How the names begin.
    suffix, contains, pattern, alphabet, min_length, max_length, label
        As in `generate`.
    exclude, min_distance, block, accept, capitalize
        As in `generate`; but `exclude` leaves out nothing by default.

    Returns
    -------
    GeneratedNames
        A list of str, with ``log_probabilities``; shorter than `n` where no other name has a
        probability above zero.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, `prefix` has a character that training has not seen, or
        no name can meet the conditions.
    SearchLimitError
        If the search would take more than 1 GiB of memory, as for very many names, for rare
        conditions, or with a network whose names hardly ever end. The error has the names found,
        the first ones.
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
    >>> names = rnn.most_likely(3, prefix="ha", exclude="training")
    >>> len(names), bool((names.log_probabilities == rnn.score_samples(names)).all())
    (3, True)
    """
    conditions = NameConditions.of(locals())
    trained = self._require_trained()
    _tell_what_is_left_out(trained, exclude)
    count = require_integer("n", n, 1)
    require_memory_for_names(count)
    return search_most_likely(
        trained, trained.predictor_of(label), count, conditions.checked(trained)
    )


def _tell_what_is_left_out(trained: LearnedModel, exclude: object) -> None:
    """Warn if a model is to exclude names that were not saved with it."""
    if trained.names_left_out and isinstance(exclude, str) and exclude == "training":
        warnings.warn(
            "exclude='training' leaves out no names: the model was saved without its training "
            "names. Expected a list of names to exclude, or exclude=None",
            stacklevel=3,
        )


def _seed(trained: LearnedModel, seed: object) -> int:
    """Return the seed, if it is valid; for None, the seed of training."""
    return trained.seed if seed is None else require_integer("seed", seed, 0, LARGEST_SEED)
