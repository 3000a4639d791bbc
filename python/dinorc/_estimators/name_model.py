"""NameModel: what every model of names can do, however it learns."""

from __future__ import annotations

from dinorc._estimators import classifying, drawing, inspection, judging, scoring
from dinorc._estimators.estimator import Estimator


class NameModel(Estimator):
    """A model of names; its methods need nothing but a predictor and a vocabulary.

    They are functions in other files, one per topic. A class of models adds how it learns: a
    constructor that keeps its settings, `fit`, and the abstract methods of `Estimator`.
    """

    score_samples = scoring.score_samples
    score = scoring.score
    score_chars = scoring.score_chars
    perplexity = scoring.perplexity

    next_char_log_probabilities = inspection.next_char_log_probabilities

    sample = drawing.sample
    generate = drawing.generate
    probability_of = drawing.probability_of
    most_likely = drawing.most_likely

    label_probabilities = classifying.label_probabilities
    predict_label = classifying.predict_label

    calibrate = judging.calibrate
    decision_function = judging.decision_function
    predict = judging.predict

    @property
    def threshold_(self) -> float:
        """The least typicality at which a name is judged to be like the list.

        In standard deviations from the nats per character expected of names of that length; set
        by `calibrate`.
        """
        return judging.require_calibration(self, self._require_trained()).threshold

    @property
    def label_thresholds_(self) -> dict[str, float]:
        """The threshold of each label that `calibrate` was called for; empty: it was for none."""
        calibrations = self._require_trained().label_calibrations
        return {label: each.threshold for label, each in calibrations.items()}

    @property
    def false_alarm_rate_(self) -> float:
        """The share of names like the list that is judged -1, as `calibrate` was told."""
        return judging.require_calibration(self, self._require_trained()).false_alarm_rate
