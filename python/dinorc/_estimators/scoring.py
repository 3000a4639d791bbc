"""The methods of NameModel that score: log-probabilities of names, and what follows from them."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from dinorc import _core
from dinorc._estimators.estimator import Estimator
from dinorc._judging.calibration import exact_sum
from dinorc._names.cleaning import name_to_score, names_to_score
from dinorc._names.columns import items_of
from dinorc._names.listed_names import clean_label
from dinorc._names.vocabulary import EncodedNames, first_unknown
from dinorc._storage.learned_model import RARE, LearnedModel
from dinorc._training.examples import Examples
from dinorc._training.settings import check_unknown
from dinorc._validation import Array


def score_samples(
    self: Estimator, names: Iterable[str], *, label: str | Iterable[str] | None = None
) -> Array:
    """Return the natural log-probability of each whole name, its end included.

    No bit of it depends on the other names of the call.

    Parameters
    ----------
    names : iterable of str
        As for `fit`. One without characters, or a blank line, is the empty name, whose only
        character is its end: `sample` may draw it.
    label : str or iterable of str, optional
        The kind of the names, one of ``labels_``, or one for each name. Without it, the
        probability of a name is the mean over all kinds by their shares, which takes as many times
        longer as there are labels.

    Returns
    -------
    numpy.ndarray
        float64, one number per name.

    Raises
    ------
    TypeError, ValueError
        If a name is not as described, or has a character that training has not seen and
        ``unknown`` is "error"; or if there is no such label.
    NotFittedError
        Before `fit`.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
    >>> rnn.fit(["anna", "hannah", "nana"]).score_samples(["anna", "ann"]).shape
    (2,)
    """
    trained = self._require_trained()
    clean = names_to_score(names, trained.spelling)
    if not clean:
        return np.empty(0)
    encoded, unknown = encoded_names(self, clean, trained)
    return scores_by_label(trained, encoded, label, unknown, self._workers())


def score(
    self: Estimator,
    names: Iterable[str],
    y: object = None,
    *,
    label: str | Iterable[str] | None = None,
) -> float:
    """Return the mean of `score_samples`.

    Parameters
    ----------
    names : iterable of str
        As for `score_samples`; at least one.
    y
        Has no effect; scikit-learn passes it.
    label : str or iterable of str, optional
        As for `score_samples`.

    Returns
    -------
    float
        Nats per name.

    Raises
    ------
    TypeError, ValueError
        As for `score_samples`.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
    >>> rnn.fit(["anna", "hannah", "nana"]).score(["anna"]) < 0
    True
    """
    scores = score_samples(self, names, label=label)
    if scores.size == 0:
        raise ValueError("names is empty; expected at least one name")
    return exact_sum(scores) / scores.size


def score_chars(self: Estimator, name: str, *, label: str | None = None) -> Array:
    """Return the natural log-probability of each character of a name, given those before it.

    Parameters
    ----------
    name : str
        One name.
    label : str, optional
        The kind of the names, one of ``labels_``; without it, the kind is not known.

    Returns
    -------
    numpy.ndarray
        float64, one number per character, and one for the end of the name.

    Raises
    ------
    TypeError, ValueError
        As for `score_samples`.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
    >>> rnn.fit(["anna", "hannah", "nana"]).score_chars("anna").shape
    (5,)
    """
    trained = self._require_trained()
    clean = name_to_score(name, trained.spelling)
    encoded, unknown = encoded_names(self, [clean], trained, "name")
    predictor = trained.predictor_of(label)
    return np.array(predictor.score_characters(encoded.characters, unknown))


def perplexity(
    self: Estimator, names: Iterable[str], *, label: str | Iterable[str] | None = None
) -> float:
    """Return the exponential of the mean nats per character, ends of names included.

    The names are as hard to guess as if each character were one of this many, all equally likely:
    1 means a model that knows every character before it comes.

    Parameters
    ----------
    names : iterable of str
        As for `score_samples`; at least one.
    label : str or iterable of str, optional
        As for `score_samples`.

    Returns
    -------
    float
        1 or more.

    Raises
    ------
    TypeError, ValueError
        As for `score_samples`.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
    >>> rnn.fit(["anna", "hannah", "nana"]).perplexity(["anna"]) > 1
    True
    """
    clean = names_to_score(names, self._require_trained().spelling)
    nats = -score(self, clean, label=label) * len(clean)
    characters = sum(len(name) + 1 for name in clean)
    return float(_core.exp(np.array([nats / characters]))[0])


def scores_by_label(
    trained: LearnedModel,
    encoded: EncodedNames,
    label: str | Iterable[str] | None,
    unknown: float,
    n_jobs: int,
) -> Array:
    """Return the log-probability of each name under the label of all, or of each."""
    if label is None or isinstance(label, str):
        return trained.predictor_of(label).score(*encoded, unknown, n_jobs)
    labels = items_of(label, "label", "a label, or a list with one for each name")
    if len(labels) != len(encoded.ends):
        raise ValueError(
            f"label has {len(labels):,} items, and there are {len(encoded.ends):,} names; expected "
            "one for each, or a single one for all"
        )
    scores = np.empty(len(labels))
    places: dict[object, list[int]] = {}
    for place, each in enumerate(labels):
        places.setdefault(each, []).append(place)
    for each, of_label in places.items():
        examples = Examples(encoded).part(np.array(of_label))
        predictor = trained.predictor_of(clean_label(each, f"label[{of_label[0]}]"))
        scores[of_label] = predictor.score(*examples.names, unknown, n_jobs)
    return scores


def unknown_log_probability(policy: str, trained: LearnedModel) -> float:
    """Return the score of a character that training has not seen."""
    if policy == "impossible":
        return -math.inf
    return RARE if policy == "rare" else trained.unseen_log_probability


def encoded_names(
    model: Estimator, names: list[str], trained: LearnedModel, argument: str = "names[{}]"
) -> tuple[EncodedNames, float]:
    """Return names as ids, and the log-probability that the model's policy gives unknown ones."""
    policy = check_unknown("unknown", model.unknown)
    encoded = trained.vocabulary.encode(names)
    unknown = first_unknown(names, encoded) if policy == "error" else None
    if unknown is not None:
        raise ValueError(
            f"{argument.format(unknown.name)} is {names[unknown.name]!r}, with the character "
            f"{unknown.character!r} at position {unknown.position}, which training has not seen; "
            "set_params(unknown='smoothed') or set_params(unknown='rare') gives such names a score"
        )
    return encoded, unknown_log_probability(policy, trained)
