"""The methods of NameModel that tell of which kind a name is, for models fitted with labels."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from dinorc import _core
from dinorc._estimators.estimator import Estimator
from dinorc._estimators.scoring import encoded_names
from dinorc._names.cleaning import names_to_score
from dinorc._validation import Array, require_no_nan


def label_probabilities(self: Estimator, names: Iterable[str]) -> Array:
    """Return how probable each label is, given the name.

    By Bayes: the share of names that have the label, times the probability of the name among these,
    divided by the sum of this over all labels.

    Parameters
    ----------
    names : iterable of str
        As for `score_samples`.

    Returns
    -------
    numpy.ndarray
        float64, ``[names][labels]``, in the order of ``labels_``; each row sums to 1 but for
        rounding. Where no label gives the name a probability above 0, the shares of the labels.

    Raises
    ------
    TypeError, ValueError
        If a name is not as described, or the model was fitted without labels.
    NotFittedError
        Before `fit`.

    See Also
    --------
    predict_label : the most probable label.

    Examples
    --------
    >>> from dinorc import NGram
    >>> names, sexes = ["anna", "hanna", "otto", "bruno"], ["girl", "girl", "boy", "boy"]
    >>> ngram = NGram().fit(names, labels=sexes)
    >>> ngram.labels_
    ('boy', 'girl')
    >>> boy, girl = ngram.label_probabilities(["joanna"])[0]
    >>> bool(girl > boy)
    True
    """
    trained = self._require_trained()
    if not trained.labels:
        raise ValueError(
            "the model knows no labels; expected one that was fitted with labels, as by "
            "fit(names, labels=[...])"
        )
    clean = names_to_score(names, trained.spelling)
    if not clean:
        return np.empty((0, len(trained.labels)))
    encoded, unknown = encoded_names(self, clean, trained)
    scores = np.column_stack(
        [
            trained.predictor_of(label).score(*encoded, unknown, self._workers())
            for label in trained.labels
        ]
    )
    require_no_nan(scores)
    scores[np.isneginf(scores).all(axis=1)] = 0.0
    joint = scores + trained.log_label_shares
    # The largest of a row becomes 1, so that not all vanish.
    shares = _core.exp((joint - joint.max(axis=1, keepdims=True)).ravel()).reshape(joint.shape)
    sums = np.zeros(len(shares))
    for column in shares.T:  # in this order, which NumPy's own sum may change
        sums += column
    probabilities: Array = shares / sums[:, np.newaxis]
    return probabilities


def predict_label(self: Estimator, names: Iterable[str]) -> Array:
    """Return the most probable label of each name.

    Parameters
    ----------
    names : iterable of str
        As for `score_samples`.

    Returns
    -------
    numpy.ndarray
        Of str, one label per name; of equally probable ones the first in ``labels_``.

    Raises
    ------
    TypeError, ValueError
        If a name is not as described, or the model was fitted without labels.
    NotFittedError
        Before `fit`.

    Examples
    --------
    >>> from dinorc import NGram
    >>> names, sexes = ["anna", "hanna", "otto", "bruno"], ["girl", "girl", "boy", "boy"]
    >>> NGram().fit(names, labels=sexes).predict_label(["joanna", "arno"]).tolist()
    ['girl', 'boy']
    """
    probabilities = label_probabilities(self, names)
    labels: Array = np.array(self._require_trained().labels)[probabilities.argmax(axis=1)]
    return labels
