"""Parameters are views: the next call notices what is written to them, whenever that is."""

from __future__ import annotations

import gc
import pickle
import threading

import numpy as np
import pytest

from dinorc import CharRNN
from small_models import CELLS, NAMES, small

TESTED = NAMES[:20]


@pytest.fixture(params=CELLS)
def model(request: pytest.FixtureRequest) -> CharRNN:
    """Return a model that nothing else refers to."""
    return small(cell=request.param, max_epochs=1).fit(NAMES)


def assert_like_a_fresh_one(model: CharRNN) -> None:
    """Compare every predicting call with that of a copy that has never predicted anything."""
    fresh = pickle.loads(pickle.dumps(model))
    assert model.score_samples(TESTED).tolist() == fresh.score_samples(TESTED).tolist()
    assert model.score_chars("abba").tolist() == fresh.score_chars("abba").tolist()
    assert model.sample(20, seed=1) == fresh.sample(20, seed=1)
    assert model.most_likely(5) == fresh.most_likely(5)
    assert model.hidden_states("ab").tolist() == fresh.hidden_states("ab").tolist()
    next_after, expected = (m.next_char_log_probabilities("a").tolist() for m in (model, fresh))
    assert next_after == expected


def test_a_change_is_noticed_before_and_after_other_calls(model: CharRNN) -> None:
    before = model.score_samples(TESTED)
    model.parameters_["output_bias"][1] += 3
    assert (model.score_samples(TESTED) != before).all()
    assert_like_a_fresh_one(model)
    model.parameters_["recurrent_weights"][:] *= 0.5
    assert_like_a_fresh_one(model)


def test_a_view_that_is_kept_may_change_at_any_time(model: CharRNN) -> None:
    part = model.parameters_["output_weights"][1:, :2].T  # a view of a view, and the only one left
    gc.collect()
    for factor in (2, -1, 0.25):
        part *= factor
        assert_like_a_fresh_one(model)
    del part
    gc.collect()
    assert_like_a_fresh_one(model)
    memory = memoryview(model.parameters_["bias"])
    np.asarray(memory)[:] = 1
    assert_like_a_fresh_one(model)


def test_training_is_noticed(model: CharRNN) -> None:
    model.sample(3)
    settings = {"schedule": "constant", "validation_fraction": 0}
    resumed = small(max_epochs=1, **settings).fit(NAMES)
    before = resumed.score_samples(TESTED)
    resumed.set_params(max_epochs=2).resume(NAMES)
    assert (resumed.score_samples(TESTED) != before).any()
    assert_like_a_fresh_one(resumed)
    assert_like_a_fresh_one(model.fit(NAMES[:50]))


def test_threads_that_predict_while_views_come_and_go(model: CharRNN) -> None:
    expected = model.score_samples(TESTED).tolist()
    wrong: list[object] = []

    def predict() -> None:
        for _ in range(200):
            if model.score_samples(TESTED).tolist() != expected:
                wrong.append("scores")

    def look() -> None:
        for _ in range(200):
            model.parameters_["bias"].sum()

    threads = [threading.Thread(target=target) for target in (predict, predict, look)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
