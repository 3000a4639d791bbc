"""What CharRNN thinks of strings: whether they are like the list of names that it has learned."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import replace
from typing import Self

import numpy as np

from dinorc._estimators.generating import GeneratingEstimator
from dinorc._estimators.scoring import UNKNOWN_LOG_PROBABILITY, ScoringEstimator
from dinorc._judging.calibration import (
    DRAWN_NAMES,
    Calibration,
    ScoredNames,
    calibrate,
    require_false_alarm_rate,
)
from dinorc._names.cleaning import names_to_score, training_names
from dinorc._storage.trained_model import TrainedModel
from dinorc._training.settings import worker_count
from dinorc._validation import Array, require_no_nan
from dinorc.errors import NotFittedError


class JudgingEstimator(GeneratingEstimator, ScoringEstimator):
    """An estimator that tells strings like those of the list from others."""

    def calibrate(self, names: Iterable[str], false_alarm_rate: float = 0.01) -> Self:
        """Set the threshold by which `predict` judges, from names that are like the list.

        About the given part of new names like these will be judged -1, of short and of long ones
        alike: a name is measured by its nats a character against other names of its length. The
        threshold is a place in the order of the names given here, as in conformal prediction (V.
        Vovk, A. Gammerman, G. Shafer: Algorithmic Learning in a Random World, 2005).

        Give names that `fit` was not given. A model scores the names that it has learned higher
        than new ones, and a threshold found from them turns down more new names than asked for.

        Parameters
        ----------
        names : iterable of str
            As for `fit`; at least ``1 / false_alarm_rate - 1``, which is 99 for 0.01. The order
            makes no difference.
        false_alarm_rate : float
            The part of such names to be judged -1; more than 0 and less than 1.

        Returns
        -------
        CharRNN
            Itself. `save` and pickling keep the threshold; `fit` and `resume` drop it.

        Raises
        ------
        TypeError, ValueError
            If an argument is not as described, if the names are too few for the rate, or if more
            of them than the rate allows for have a character that training has not seen. The model
            is as before then.
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
        clean, _ = training_names(names)
        drawn = self.generate(DRAWN_NAMES, exclude=None, unique=False, on_shortfall="ignore")
        calibration = calibrate(self._scored(clean, trained), self._scored(drawn, trained), rate)
        self._trained = replace(trained, calibration=calibration)
        learned = sum(map(frozenset(trained.names).__contains__, clean))
        if 2 * learned > len(clean):
            warnings.warn(
                f"{learned:,} of the {len(clean):,} names are among those that fit was given. A "
                "model scores these higher than new ones, of which more than "
                f"false_alarm_rate={rate:g} will be judged -1; expected names held out from fit",
                stacklevel=2,
            )
        return self

    @property
    def threshold_(self) -> float:
        """The least typicality of a name that is judged to be like the list.

        In standard deviations from the nats a character that are expected of names of its length.
        Set by `calibrate`.
        """
        return _require_calibration(self._require_trained()).threshold

    def decision_function(self, names: Iterable[str]) -> Array:
        """Return how far each name is above the threshold that `calibrate` has set.

        Parameters
        ----------
        names : iterable of str
            As for `score_samples`, but that characters which training has not seen are no error: a
            name that has one is unlike the list. With ``unknown="rare"``, they are scored instead.

        Returns
        -------
        numpy.ndarray
            float64, one number a name, in standard deviations among names of its length. The more,
            the more like the list; 0 or more where `predict` gives +1. -inf for a name with an
            unknown character, which scikit-learn's measures do not take: ``unknown="rare"`` helps.

        Raises
        ------
        TypeError, ValueError
            If a name is not as described, or ``parameters_`` were given values that are not right.
        NotFittedError
            Before `fit` and before `calibrate`.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn = rnn.fit(["anna", "hannah", "nana"])
        >>> rnn = rnn.calibrate(["ann", "hanna", "nan"], false_alarm_rate=0.25)
        >>> [float(distance) for distance in rnn.decision_function(["Anna", "x"])]
        [-inf, -inf]
        """
        trained = self._require_trained()
        calibration = _require_calibration(trained)
        scored = self._scored(names_to_score(names), trained)
        return calibration.typicality(scored) - calibration.threshold

    def predict(self, names: Iterable[str]) -> Array:
        """Return +1 for each name that is like the list, and -1 for each that is not.

        Parameters
        ----------
        names : iterable of str
            As for `decision_function`.

        Returns
        -------
        numpy.ndarray
            int64, one number a name: 1 or -1.

        Raises
        ------
        TypeError, ValueError
            If a name is not as described.
        NotFittedError
            Before `fit` and before `calibrate`.

        Examples
        --------
        >>> from dinorc import CharRNN
        >>> rnn = CharRNN(hidden_size=8, max_epochs=1, validation_fraction=0)
        >>> rnn = rnn.fit(["anna", "hannah", "nana"])
        >>> rnn = rnn.calibrate(["ann", "hanna", "nan"], false_alarm_rate=0.25)
        >>> rnn.predict(["Anna", "x"]).tolist()
        [-1, -1]
        """
        return np.where(self.decision_function(names) >= 0, np.int64(1), np.int64(-1))

    def _scored(self, names: list[str], trained: TrainedModel) -> ScoredNames:
        """Return lengths and log-probabilities; an unknown character is no error here."""
        settings = self._settings()
        if not names:
            return ScoredNames(np.empty(0, np.int64), np.empty(0))
        encoded = trained.vocabulary.encode(names)
        lengths = np.diff(encoded.ends, prepend=0) - 1
        log_probabilities = trained.network.score(
            encoded.characters,
            encoded.ends,
            UNKNOWN_LOG_PROBABILITY[settings.unknown],
            worker_count(settings.n_jobs),
        )
        require_no_nan(log_probabilities)
        return ScoredNames(lengths, log_probabilities)


def _require_calibration(trained: TrainedModel) -> Calibration:
    if trained.calibration is None:
        raise NotFittedError(
            "this CharRNN has no threshold to judge names by; call calibrate(names) first, "
            "with names that fit was not given"
        )
    return trained.calibration
