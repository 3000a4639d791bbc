"""What Ensemble's constructor, `fit` and `of` accept; and that scikit-learn's tools work on it."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from dinorc import CharRNN, Ensemble, NotFittedError, TrainingDivergedError
from helpers import refused
from small_models import NAMES, everything, small, small_ensemble, small_members

ONE = small(validation_fraction=0, max_epochs=1).fit(NAMES)
OTHER = small(validation_fraction=0, max_epochs=1).fit(["anna", "zoë"])


@pytest.mark.parametrize(
    ("settings", "error", "mentions"),
    [
        ({"members": "all"}, TypeError, ["^members is ", "expected 'auto' or a list of models"]),
        ({"members": small()}, TypeError, ["^members is CharRNN", "a list of models"]),
        ({"members": []}, ValueError, ["^members has 0 models; expected 1 to 32"]),
        ({"members": [small()] * 33}, ValueError, ["^members has 33 models"]),
        ({"members": [small(), "lstm"]}, TypeError, [r"^members\[1\] is ", "CharRNN"]),
        ({"members": [Ensemble()]}, TypeError, [r"^members\[0\] is Ensemble", "CharRNN"]),
        ({"weights": "equal"}, TypeError, ["^weights is 'equal'", "a number|numbers"]),
        ({"weights": 1}, TypeError, ["^weights is 1", "numbers"]),
        ({"weights": [1, 2]}, ValueError, ["^weights has 2 numbers, and there are 3 members"]),
        ({"weights": []}, ValueError, ["^weights has 0 numbers"]),
        ({"weights": [1, -1, 2]}, ValueError, [r"^weights\[1\] is -1", "0 or more"]),
        ({"weights": [1, float("nan"), 2]}, ValueError, [r"^weights\[1\] is nan", "real"]),
        ({"weights": [1, 1, np.inf]}, ValueError, [r"^weights\[2\] is inf", "finite"]),
        ({"weights": [1, "1", 2]}, TypeError, [r"^weights\[1\] is '1'"]),
        ({"weights": [0, 0, 0.0]}, ValueError, ["^weights are all zero"]),
        ({"validation_fraction": 1}, ValueError, ["^validation_fraction is 1", "or 'auto'"]),
        ({"validation_fraction": "all"}, TypeError, ["^validation_fraction is 'all'", "'auto'"]),
        ({"base": "latin"}, ValueError, ["^base is 'latin', and members is a list"]),
        ({"base": small()}, ValueError, ["^base is a CharRNN that has not learned any names"]),
        ({"base": 7}, TypeError, ["^base is 7"]),
        ({"unknown": "ignore"}, ValueError, ["^unknown is 'ignore'"]),
        ({"n_jobs": 0}, ValueError, ["^n_jobs is 0"]),
        ({"random_state": -1}, ValueError, ["^random_state is -1"]),
        ({"verbose": 2}, ValueError, ["^verbose is 2"]),
    ],
)
def test_wrong_settings_are_refused_wherever_they_come(
    settings: dict[str, Any], error: type[Exception], mentions: list[str]
) -> None:
    with refused(error, *mentions):
        small_ensemble(**settings)
    ensemble = small_ensemble().fit(NAMES)
    before = everything(ensemble)
    with refused(error, *mentions):
        ensemble.set_params(**settings)
    assert everything(ensemble) == before
    vars(ensemble).update(settings)
    with refused(error, *mentions):
        ensemble.fit(NAMES)


def test_the_settings_of_a_member_are_checked_again() -> None:
    ensemble = small_ensemble()
    ensemble.members[1].hidden_size = 0  # type: ignore[union-attr]
    with refused(ValueError, "hidden_size is 0"):
        ensemble.fit(NAMES)


def test_a_member_with_another_vocabulary_is_refused() -> None:
    ensemble = small_ensemble(members=[small(), OTHER]).set_params(verbose=False)
    with refused(ValueError, r"^members\[1\] has another vocabulary than the list", "has 'ë'"):
        ensemble.fit(NAMES)
    assert ensemble._trained is None
    with refused(ValueError, r"^models\[1\] has another vocabulary than models\[0\]", "lacks"):
        Ensemble.of([ONE, OTHER])


def test_the_number_of_weights_must_be_that_of_the_default_members() -> None:
    with refused(ValueError, "^weights has 1 number, and there are . members"):
        Ensemble(weights=[1.0], verbose=False).fit(NAMES)


@pytest.mark.parametrize(
    ("models", "weights", "error", "mentions"),
    [
        ([], None, ValueError, ["^models has 0 models"]),
        (ONE, None, TypeError, [r"^models is CharRNN\(.*; expected a list of models"]),
        ("ngram", None, TypeError, ["^models is 'ngram'"]),
        ([ONE], [1, 2], ValueError, ["^weights has 2 numbers, and there is 1 member;"]),
        ([ONE, small()], None, NotFittedError, [r"^models\[1\] has not learned any names yet"]),
        ([ONE, 1], None, TypeError, [r"^models\[1\] is 1"]),
        ([ONE, ONE], [1], ValueError, ["^weights has 1 number, and there are 2 members"]),
        ([ONE, ONE], [0, 0], ValueError, ["^weights are all zero"]),
        ([ONE, ONE], [1, -1], ValueError, [r"^weights\[1\] is -1"]),
        ([ONE, ONE], [1, float("nan")], ValueError, [r"^weights\[1\] is nan"]),
        ([ONE, ONE], "auto", ValueError, ["^weights is 'auto'"]),
    ],
)
def test_what_of_refuses(
    models: list[Any], weights: Any, error: type[Exception], mentions: list[str]
) -> None:
    with refused(error, *mentions):
        Ensemble.of(models, weights)


def test_an_ensemble_of_trained_models_cannot_be_resumed() -> None:
    ensemble = Ensemble.of([ONE, ONE], [1, 3])
    assert ensemble.weights_.tolist() == [0.25, 0.75]
    assert ensemble.interrupted_ is False
    assert ensemble.names_report_ is None
    with refused(ValueError, "^there is no training to go on with"):
        ensemble.resume(NAMES)
    assert len(ensemble.generate(3)) == 3


@pytest.mark.parametrize("names", [[], ["  "], "anna", [1], None])
def test_wrong_names_leave_the_model_as_it_was(names: Any) -> None:
    ensemble = small_ensemble().fit(NAMES)
    before = everything(ensemble)
    with refused((TypeError, ValueError), "names"):
        ensemble.fit(names)
    assert everything(ensemble) == before


def test_too_few_names_to_hold_any_out() -> None:
    with refused(ValueError, "^names has 1 distinct name; validation_fraction=0.5 needs"):
        small_ensemble(validation_fraction=0.5).fit(["rex"])


def test_a_member_that_diverges_is_named_and_leaves_the_model_as_it_was() -> None:
    ensemble = small_ensemble().fit(NAMES)
    before = ensemble.fingerprint()
    wild = small(learning_rate=1e30, clip_norm=None, optimizer="sgd")
    with pytest.raises(TrainingDivergedError, match=r"^members\[1\]: in epoch 1 .*as before$"):
        ensemble.set_params(members=[small(), wild, small()]).fit(NAMES)
    assert ensemble.fingerprint() == before


def test_representation_and_parameters() -> None:
    assert repr(Ensemble()) == "Ensemble()"
    members = [CharRNN(hidden_size=8)]
    ensemble = Ensemble(members=members, weights=[2])
    assert repr(ensemble) == "Ensemble(members=[CharRNN(hidden_size=8)], weights=[2])"
    assert ensemble.get_params()["members"] is members
    assert ensemble.get_params(deep=False) == ensemble.get_params(deep=True)
    assert ensemble.set_params(weights="auto").weights == "auto"


def test_a_pickle_is_the_same_model() -> None:
    ensemble = small_ensemble(members=[ONE, small()], weights=(1, 2)).fit(NAMES)
    same = pickle.loads(everything(ensemble))
    assert same.fingerprint() == ensemble.fingerprint()
    assert same.score(NAMES) == ensemble.score(NAMES)
    assert same.members[0].fingerprint() == ONE.fingerprint()
    assert same.fit(NAMES).fingerprint() == ensemble.fingerprint()


def test_scikit_learn_clones_and_searches() -> None:
    base = pytest.importorskip("sklearn.base", minversion="1.6")
    selection = pytest.importorskip("sklearn.model_selection")
    ensemble = small_ensemble(members=small_members()[:2]).fit(NAMES)
    other = base.clone(ensemble)
    assert other._trained is None
    assert repr(other) == repr(ensemble)
    assert other.fit(NAMES).fingerprint() == ensemble.fingerprint()
    grid = {"members": [[small()], [small(max_epochs=8), small(cell="gru")]]}
    search = selection.GridSearchCV(small_ensemble(unknown="rare"), grid, cv=2).fit(NAMES)
    assert len(search.best_params_["members"]) == 2
    assert search.score(NAMES) == search.best_estimator_.score(NAMES)
