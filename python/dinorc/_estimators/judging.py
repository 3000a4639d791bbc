"""The methods of NameModel that judge whether strings are like the list that it has learned."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from dinorc._estimators.drawing import generate
from dinorc._estimators.estimator import Estimator
from dinorc._estimators.scoring import unknown_log_probability
from dinorc._judging.calibration import (
    DRAWN_NAMES,
    Calibration,
    ScoredNames,
    calibration_by,
    require_false_alarm_rate,
)
from dinorc._names.cleaning import names_to_score
from dinorc._storage.learned_model import LearnedModel
from dinorc._training.data import drawn_by_counts
from dinorc._training.settings import check_unknown
from dinorc._validation import Array, require_no_nan
from dinorc.errors import NotFittedError

E = TypeVar("E", bound=Estimator)


def calibrate(
    self: E,
    names: Iterable[str],
    false_alarm_rate: float = 0.01,
    *,
    label: str | None = None,
    counts: Iterable[float] | Mapping[str, float] | None = None,
) -> E:
    """Set the threshold by which `predict` judges, from names that are like the list.

    About `false_alarm_rate` of new names like these will be judged -1, of short and of long ones
    alike: the nats per character of a name are compared with those of names of its length. The
    threshold is a place in the order of the names given here, as in conformal prediction (V.
    Vovk, A. Gammerman, G. Shafer: Algorithmic Learning in a Random World, 2005).

    Give names that `fit` was not given. A model scores the names that it has learned higher
    than new ones, so a threshold found from them turns down more new names than asked for.

    Parameters
    ----------
    names : iterable of str
        As for `fit`; at least ``1 / false_alarm_rate - 1``, which is 99 for 0.01. The order
        makes no difference.
    false_alarm_rate : float
        The share of such names to be judged -1; more than 0 and less than 1.
    label : str, optional
        The kind of the names, one of ``labels_``; names of this kind are then judged among names
        of this kind, by a threshold of its own.
    counts : iterable or mapping of float, optional
        How often each name counts, as for `fit`: as many names as there are different ones are
        drawn from them, each as often as its count demands.

    Returns
    -------
    self
        The model. `save` and pickling keep the threshold; `fit` and `resume` drop it.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, if there are too few names for the rate, or, where
        ``unknown`` is "impossible", if more of them than the rate allows have a character that
        training has not seen. The model is then unchanged.
    NotFittedError
        Before `fit`.

    Warns
    -----
    UserWarning
        If more than half of the names are among those that `fit` was given.

    See Also
    --------
    threshold_ : the threshold.

    Examples
    --------
    >>> from dinorc import CharRNN, datasets
    >>> names = datasets.load("dinos")
    >>> held_out = names[::5]
    >>> rest = sorted(set(names) - set(held_out))
    >>> rnn = CharRNN(hidden_size=32, max_epochs=5).fit(rest)
    >>> rnn.calibrate(held_out).predict(["tricosaurus", "xqzvw"]).tolist()
    [1, -1]
    """
    trained = self._require_trained()
    rate = require_false_alarm_rate(false_alarm_rate)
    trained.predictor_of(label)
    clean = drawn_by_counts(names, counts, trained.spelling)
    drawn = generate(
        self, DRAWN_NAMES, label=label, exclude=None, unique=False, on_shortfall="ignore"
    )
    calibration = calibration_by(
        _scored(self, trained, clean, label), _scored(self, trained, drawn, label), rate
    )
    if label is None:
        self._trained = replace(trained, calibration=calibration)
    else:
        calibrations = {**trained.label_calibrations, trained.known_label(label): calibration}
        self._trained = replace(trained, label_calibrations=calibrations)
    learned = sum(map(frozenset(trained.names).__contains__, clean))
    if 2 * learned > len(clean):
        warnings.warn(
            f"{learned:,} of the {len(clean):,} names are among those that fit was given. A "
            "model scores these higher than new ones, so that more than "
            f"false_alarm_rate={rate:g} of new ones will be judged -1; expected names held out "
            "from fit",
            stacklevel=2,
        )
    return self


def decision_function(self: Estimator, names: Iterable[str], *, label: str | None = None) -> Array:
    """Return how far each name is above the threshold that `calibrate` has set.

    Parameters
    ----------
    names : iterable of str
        As for `score_samples`, except that characters which training has not seen are no error:
        where ``unknown`` is "error", they are scored as if it were "smoothed".
    label : str, optional
        The kind of the names, one of ``labels_``; names of this kind are then judged among names
        of this kind, by a threshold of its own.

    Returns
    -------
    numpy.ndarray
        float64, one number per name, in standard deviations among names of its length. The larger,
        the more like the list; 0 or more where `predict` gives +1. All are finite, but for names
        with an unknown character where ``unknown`` is "impossible", which have -inf.

    Raises
    ------
    TypeError, ValueError
        If a name is not as described, or wrong values were written to ``parameters_``.
    NotFittedError
        Before `fit` and before `calibrate`.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(max_epochs=1, validation_fraction=0).fit(["anna", "hannah", "nana"])
    >>> rnn = rnn.calibrate(["ann", "hanna", "nan"], false_alarm_rate=0.25)
    >>> like, unlike = rnn.decision_function(["hana", "x@?!"])
    >>> bool(like > unlike)
    True
    """
    trained = self._require_trained()
    calibration = require_calibration(self, trained, label)
    scored = _scored(self, trained, names_to_score(names, trained.spelling), label)
    return calibration.typicality(scored) - calibration.threshold


def predict(self: Estimator, names: Iterable[str], *, label: str | None = None) -> Array:
    """Return +1 for each name that is like the list, and -1 for each that is not.

    Parameters
    ----------
    names : iterable of str
        As for `decision_function`.
    label : str, optional
        The kind of the names, one of ``labels_``; names of this kind are then judged among names
        of this kind, by a threshold of its own.

    Returns
    -------
    numpy.ndarray
        int64, one number per name: 1 or -1.

    Raises
    ------
    TypeError, ValueError
        If a name is not as described.
    NotFittedError
        Before `fit` and before `calibrate`.

    Examples
    --------
    >>> from dinorc import CharRNN
    >>> rnn = CharRNN(max_epochs=1, validation_fraction=0).fit(["anna", "hannah", "nana"])
    >>> rnn = rnn.calibrate(["ann", "hanna", "nan"], false_alarm_rate=0.25)
    >>> rnn.predict(["hana", "x@?!"]).tolist()
    [1, -1]
    """
    return np.where(decision_function(self, names, label=label) >= 0, np.int64(1), np.int64(-1))


def require_calibration(
    model: Estimator, trained: LearnedModel, label: str | None = None
) -> Calibration:
    """Return what `calibrate` has found for the names of a label, or of any."""
    if label is not None:
        label = trained.known_label(label)
        if label not in trained.label_calibrations:
            raise NotFittedError(
                f"this {type(model).__name__} has no threshold to judge names of the label "
                f"{label!r} by; call calibrate(names, label={label!r}) first"
            )
        return trained.label_calibrations[label]
    if trained.calibration is None:
        raise NotFittedError(
            f"this {type(model).__name__} has no threshold to judge names by; call "
            "calibrate(names) first, with names that fit was not given"
        )
    return trained.calibration


def _scored(
    model: Estimator, trained: LearnedModel, names: list[str], label: str | None
) -> ScoredNames:
    """Return lengths and log-probabilities; an unknown character is no error here."""
    unknown = unknown_log_probability(check_unknown("unknown", model.unknown), trained)
    if not names:
        return ScoredNames(np.empty(0, np.int64), np.empty(0))
    encoded = trained.vocabulary.encode(names)
    lengths = np.diff(encoded.ends, prepend=0) - 1
    log_probabilities = trained.predictor_of(label).score(*encoded, unknown, model._workers())
    require_no_nan(log_probabilities)
    return ScoredNames(lengths, log_probabilities)
