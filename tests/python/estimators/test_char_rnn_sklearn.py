"""scikit-learn's tools work on CharRNN, and it works without scikit-learn."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from small_models import NAMES, small

sklearn = pytest.importorskip("sklearn", minversion="1.6")

from sklearn.base import clone  # noqa: E402
from sklearn.exceptions import NotFittedError  # noqa: E402
from sklearn.model_selection import GridSearchCV, cross_val_score  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.utils import get_tags  # noqa: E402
from sklearn.utils.validation import check_is_fitted  # noqa: E402


def test_clone_has_the_settings_and_not_what_was_learned() -> None:
    rnn = small(cell="gru", dtype=np.float64, clip_value=5).fit(NAMES)
    copy = clone(rnn)
    assert copy.get_params() == rnn.get_params()
    check_is_fitted(rnn)
    with pytest.raises(NotFittedError):
        check_is_fitted(copy)
    assert copy.fit(NAMES).fingerprint() == rnn.fingerprint()


def test_grid_search_finds_the_better_settings() -> None:
    grid = {"cell": ["lstm", "gru"], "max_epochs": [1, 8]}
    search = GridSearchCV(small(learning_rate=0.02), grid, cv=3).fit(NAMES)
    assert search.best_params_["max_epochs"] == 8
    best = search.best_estimator_
    assert (
        best.fingerprint()
        == small(learning_rate=0.02, **search.best_params_).fit(NAMES).fingerprint()
    )
    assert search.score(NAMES) == best.score(NAMES)
    assert search.score_samples(NAMES).tolist() == best.score_samples(NAMES).tolist()
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


def test_grid_search_in_processes_gives_the_same() -> None:
    grid = {"hidden_size": [4, 8]}
    scores = [
        GridSearchCV(small(unknown="rare"), grid, cv=2, n_jobs=n).fit(NAMES).cv_results_
        for n in (1, 2)
    ]
    assert scores[0]["mean_test_score"].tolist() == scores[1]["mean_test_score"].tolist()


def test_cross_validation_of_lists_and_arrays() -> None:
    rnn = small(unknown="rare")
    expected = cross_val_score(rnn, NAMES, cv=3)
    assert expected.shape == (3,)
    assert np.isfinite(expected).all()
    for names in (np.array(NAMES), np.array(NAMES, dtype=object)):
        assert cross_val_score(rnn, names, cv=3).tolist() == expected.tolist()


def test_a_pipeline_may_end_with_it() -> None:
    pipeline = make_pipeline("passthrough", small())
    expected = small().fit(NAMES).score(NAMES)
    assert pipeline.fit(NAMES).score(NAMES) == expected


def test_its_tags_say_what_it_is() -> None:
    tags = get_tags(small())
    assert tags.estimator_type == "density_estimator"
    assert tags.input_tags.string
    assert not tags.target_tags.required


def test_the_package_does_not_import_it() -> None:
    program = "import sys, dinorc; dinorc.CharRNN(); sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
