"""A character that training has not seen makes no score infinite, unless that is asked for."""

from __future__ import annotations

import io
import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dinorc
from dinorc import CharRNN, Ensemble, NGram
from dinorc._estimators.name_model import NameModel
from small_models import NAMES, small, small_ensemble

LEARNED, HELD_OUT = NAMES[:150], NAMES[150:]
STRINGS = ["tricosaurus", "Tricosaurus", "tricosaürus", "@?!", "漢"]

MODELS: dict[str, Callable[..., NameModel]] = {
    "network": lambda **settings: small(**settings).fit(LEARNED),
    "n-gram": lambda **settings: NGram(order=3, **settings).fit(LEARNED),
    "ensemble": lambda **settings: small_ensemble(
        members=[small(), NGram(order=2)], **settings
    ).fit(LEARNED),
}
every_model = pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)


def share(names: list[str]) -> float:
    """Return the log-probability of a character that none of the names has."""
    read = sum(len(name) + 1 for name in set(names))
    return -math.log(read * (len(set("".join(names))) + 1))


def contents(model: NameModel, **options: bool) -> bytes:
    buffer = io.BytesIO()
    model.save(buffer, **options)
    return buffer.getvalue()


@every_model
def test_by_default_every_string_has_a_score(make: Callable[..., NameModel]) -> None:
    model = make()
    assert np.isfinite(model.score_samples(STRINGS)).all()
    assert math.isfinite(model.score(STRINGS))
    assert math.isfinite(model.perplexity(STRINGS))
    model.calibrate(HELD_OUT, 0.1)
    assert np.isfinite(model.decision_function(STRINGS)).all()
    assert model.predict(["@?!", "漢"]).tolist() == [-1, -1]


@every_model
@pytest.mark.parametrize("unknown", ["smoothed", "rare", "error"])
def test_the_area_under_the_curve_of_strings_with_such_characters(
    make: Callable[..., NameModel], unknown: str
) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    model = make(unknown=unknown).calibrate(HELD_OUT, 0.1)
    gibberish = ["x1@?!", "漢字漢字", "####", "QWERTZ"]
    truth = [1] * len(HELD_OUT) + [-1] * len(gibberish)
    assert metrics.roc_auc_score(truth, model.decision_function([*HELD_OUT, *gibberish])) > 0.95


@every_model
def test_judging_takes_an_error_for_the_default(make: Callable[..., NameModel]) -> None:
    decisions = [
        make(unknown=unknown).calibrate([*HELD_OUT, "Ä"], 0.1).decision_function(STRINGS).tolist()
        for unknown in ("error", "smoothed")
    ]
    assert decisions[0] == decisions[1]


@every_model
def test_the_share_follows_from_the_distinct_names(make: Callable[..., NameModel]) -> None:
    characters = make().score_chars("tri@o")
    assert characters[3] == pytest.approx(share(LEARNED), rel=1e-15)
    assert characters[:3].tolist() == make().score_chars("tri")[:3].tolist()


def test_copies_make_no_difference_and_more_names_a_smaller_share() -> None:
    shares = [
        NGram(order=2).fit(names).score_chars("@")[0]
        for names in (NAMES[:50], NAMES[:50] * 3, NAMES)
    ]
    assert shares[0] == shares[1] > shares[2]


@every_model
def test_it_is_kept_wherever_the_model_goes(make: Callable[..., NameModel]) -> None:
    model = make()
    expected = model.score_samples(STRINGS).tolist()
    copies = [
        pickle.loads(pickle.dumps(model)),
        dinorc.load(contents(model)),
        dinorc.load(contents(model, training_names=False)),
    ]
    copies.append(dinorc.load(contents(copies[-1])))
    copies.append(pickle.loads(pickle.dumps(copies[-1])))
    for copy in copies:
        assert copy.score_samples(STRINGS).tolist() == expected


def test_an_ensemble_of_trained_models_takes_the_least_share_of_its_members() -> None:
    members = [NGram(order=3).fit(NAMES), NGram(order=2).fit([*NAMES, "anna"])]
    ensemble = Ensemble.of(members)
    expected = min(member.score_chars("@")[0] for member in members)
    assert ensemble.score_chars("@")[0] == expected
    assert dinorc.load(contents(ensemble, training_names=False)).score_chars("@")[0] == expected


def test_a_network_from_elsewhere_has_read_who_knows_how_much() -> None:
    parameters = dinorc.initialize_parameters(n_a=2, n_x=3, n_y=3)
    rnn = CharRNN.from_notebook(parameters, {"\n": 0, "a": 1, "b": 2})
    assert rnn.score_chars("@")[0] == math.log(1e-6)


@every_model
def test_a_model_of_an_older_file_judges_without_infinity(make: Callable[..., NameModel]) -> None:
    model: Any = dinorc.load(contents(make(unknown="error").calibrate(HELD_OUT, 0.1)))
    assert np.isfinite(model.decision_function(STRINGS)).all()
    with pytest.raises(ValueError, match="which training has not seen"):
        model.score_samples(STRINGS)
