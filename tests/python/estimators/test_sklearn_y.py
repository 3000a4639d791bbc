"""scikit-learn's tools pass labels as the second argument of `fit`; no model takes them for names.

Taken as validation names, labels would choose the epoch whose weights are kept.
"""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from dinorc import CharRNN, Ensemble, NGram
from dinorc._estimators.name_model import NameModel
from small_models import NAMES, small, small_ensemble

sklearn = pytest.importorskip("sklearn", minversion="1.6")

from sklearn.metrics import roc_auc_score  # noqa: E402
from sklearn.model_selection import GridSearchCV, cross_val_score  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402

NETWORK = small(validation_fraction=0.2, learning_rate=0.03, max_epochs=8)
MODELS: tuple[NameModel, ...] = (
    NETWORK,
    NGram(order=3),
    small_ensemble(members=[NETWORK, NGram(order=3)]),
)
KINDS = [type(model).__name__ for model in MODELS]

every_model = pytest.mark.parametrize("model", MODELS, ids=KINDS)

STRINGS = [*NAMES, *(name[::-1] for name in NAMES)]
LABELS = np.array([1] * len(NAMES) + [-1] * len(NAMES))
# Each half of the names is learned, and the others are judged beside names that run backwards.
HALVES = [
    (np.arange(half, len(NAMES), 2), np.r_[1 - half : len(NAMES) : 2, len(NAMES) : len(STRINGS)])
    for half in (0, 1)
]


def ranking(model: NameModel, strings: list[str], labels: Any) -> float:
    """Return the probability that a name has a higher score than another string."""
    return float(roc_auc_score(labels, model.score_samples(strings)))


@every_model
@pytest.mark.parametrize(
    "labels", [["rex"] * len(NAMES), [1, -1] * (len(NAMES) // 2), np.ones(3), object(), None]
)
def test_fit_takes_no_notice_of_them(model: NameModel, labels: object) -> None:
    kind: Any = type(model)
    plain = kind(**model.get_params()).fit(NAMES).fingerprint()
    assert kind(**model.get_params()).fit(NAMES, labels).fingerprint() == plain
    assert kind(**model.get_params()).fit(NAMES, y=labels).fingerprint() == plain


@every_model
def test_nor_does_a_pipeline(model: NameModel) -> None:
    kind: Any = type(model)
    labels = ["rex"] * len(NAMES)
    pipeline = make_pipeline("passthrough", kind(**model.get_params())).fit(NAMES, labels)
    expected = kind(**model.get_params()).fit(NAMES)
    assert pipeline[-1].fingerprint() == expected.fingerprint()
    assert pipeline.score(NAMES, labels) == expected.score(NAMES)


@every_model
def test_nor_does_a_grid_search(model: NameModel) -> None:
    grid = {"random_state": [1, 2]}
    searches = [GridSearchCV(model, grid, cv=2).fit(NAMES, y) for y in (None, NAMES[::-1])]
    one, other = (search.cv_results_["mean_test_score"].tolist() for search in searches)
    assert one == other
    assert np.isfinite(one).all()
    assert searches[0].best_estimator_.fingerprint() == searches[1].best_estimator_.fingerprint()


@every_model
def test_the_area_under_the_curve_by_cross_validation(model: NameModel) -> None:
    judged = cross_val_score(model, STRINGS, LABELS, cv=HALVES, scoring=ranking)
    kind: Any = type(model)
    for area, (learned, others) in zip(judged, HALVES, strict=True):
        fitted = kind(**model.get_params()).fit([STRINGS[i] for i in learned])
        scores = fitted.score_samples([STRINGS[i] for i in others])
        assert area == roc_auc_score(LABELS[others], scores) > 0.55


@every_model
def test_a_grid_search_by_the_area_under_the_curve(model: NameModel) -> None:
    search = GridSearchCV(model, {"random_state": [1, 2]}, scoring=ranking, cv=HALVES)
    assert search.fit(STRINGS, LABELS).best_score_ > 0.55


@pytest.mark.parametrize("kind", [CharRNN, Ensemble])
@pytest.mark.parametrize("method", ["fit", "resume"])
def test_validation_names_are_given_by_keyword(kind: type[NameModel], method: str) -> None:
    parameters = inspect.signature(getattr(kind, method)).parameters
    assert parameters["validation"].kind is inspect.Parameter.KEYWORD_ONLY
    with pytest.raises(TypeError, match="positional"):
        getattr(kind(), method)(NAMES, None, NAMES)
