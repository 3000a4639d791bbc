"""The name without characters has a score: that of an end at the beginning."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from dinorc import CharRNN, Ensemble, NGram, datasets
from small_models import NAMES, small

SHORT = ["a", "b", "aa", "ab"]


def models() -> list[Any]:
    rnn = small(validation_fraction=0, base=None).fit(SHORT)
    n_gram = NGram().fit(SHORT)
    return [rnn, n_gram, Ensemble.of([rnn, n_gram])]


@pytest.fixture(scope="module", params=range(3), ids=["CharRNN", "NGram", "Ensemble"])
def model(request: pytest.FixtureRequest) -> Any:
    return models()[request.param]


def test_what_was_drawn_has_a_score(model: Any) -> None:
    drawn = model.sample(2000, seed=1)
    assert "" in drawn
    scores = model.score_samples(drawn)
    assert np.isfinite(scores).all()
    share = drawn.count("") / len(drawn)
    assert share == pytest.approx(math.exp(scores[drawn.index("")]), abs=0.05)


def test_it_is_the_end_at_the_beginning(model: Any) -> None:
    end = model.next_char_log_probabilities("")[0]
    assert model.score_chars("").tolist() == [end]
    assert model.score_samples(["", "a", "\n", " "]).tolist()[::2] == [end, end]
    assert model.score([""]) == end
    assert model.perplexity([""]) == pytest.approx(math.exp(-end))


def test_it_is_judged_with_the_shortest_names() -> None:
    rnn = CharRNN(hidden_size=32, max_epochs=5).fit(NAMES)
    rnn.calibrate(["a", "b", *datasets.load("dinos")[1::7]], 0.05)
    calibration = rnn._require_trained().calibration
    assert calibration is not None
    rate = rnn.score_samples([""])[0]
    typicality = (rate - calibration.expected[0]) / calibration.spread[0]
    assert rnn.decision_function(["", "rex"])[0] == typicality - rnn.threshold_


@pytest.mark.parametrize("names", [[""], ["ann", ""]])
def test_it_is_not_learned(names: list[str]) -> None:
    for model in (small(), NGram()):
        with pytest.raises(ValueError, match=r"names\[\d\] is ''; expected a name of at least"):
            model.fit(names)
