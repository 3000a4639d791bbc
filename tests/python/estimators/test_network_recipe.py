"""What "auto" comes to among the settings of a network, and the mean of weights over epochs."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dinorc
from dinorc import CharRNN, Ensemble
from dinorc._training.network_recipe import FROM_A_BASE, FROM_RANDOM_WEIGHTS, settled
from dinorc._training.run import TrainingRun
from helpers import Array, refused
from model_files import ctrl_c_after
from small_models import NAMES, small, without_seconds

AVERAGED: dict[str, Any] = {"schedule": "averaged", "max_epochs": 8}
GREEK = ["Άννα", "Ελένη", "Μαρία", "Νίκος", "Σοφία"]


def of_recipe(rnn: CharRNN) -> tuple[Any, ...]:
    names = ("max_epochs", "learning_rate", "dropout", "batch_size", "weight_decay", "schedule")
    return tuple(rnn.settings_[name] for name in names)


# ---- what "auto" comes to -----------------------------------------------------------------------


def test_nothing_given_takes_a_base_and_a_recipe_by_the_number_of_names() -> None:
    rnn = CharRNN(unknown="rare").fit([*NAMES[:30], *NAMES[:30]])
    latin = CharRNN(base="latin", unknown="rare").fit([*NAMES[:30], *NAMES[:30]])
    assert rnn.fingerprint() == latin.fingerprint()
    assert of_recipe(rnn) == FROM_A_BASE[0][1:-1]
    assert rnn.settings_["validation_fraction"] == 0
    assert rnn.get_params() == CharRNN(unknown="rare").get_params()


@pytest.mark.parametrize("recipes", [FROM_A_BASE, FROM_RANDOM_WEIGHTS])
def test_every_length_has_a_recipe(recipes: Any) -> None:
    most = [recipe.most_names for recipe in recipes]
    assert most == sorted(most)
    assert most[-1] == float("inf")


def test_longer_lists_have_another_recipe() -> None:
    names = [f"{first}{second}" for first in NAMES[:30] for second in "abcdefghijklmnopqrst"]
    settings: dict[str, Any] = {"hidden_size": 2, "embedding_size": 2}
    assert of_recipe(CharRNN(**settings).fit(names[:500])) == FROM_RANDOM_WEIGHTS[0][1:-1]
    assert of_recipe(CharRNN(**settings).fit(names[:501])) == FROM_RANDOM_WEIGHTS[1][1:-1]


def test_labels_of_a_long_list_take_more_epochs() -> None:
    asked = CharRNN()._settings()
    for names, more in ((300, 0), (10_001, FROM_A_BASE[-1].epochs_more_with_labels)):
        plain, labelled = (
            settled(asked, names, True, with_labels) for with_labels in (False, True)
        )
        assert labelled.max_epochs == plain.max_epochs + more
    assert more > 0


def test_what_is_given_stays_and_the_rest_is_of_the_recipe() -> None:
    rnn = CharRNN(dropout=0, batch_size=5, hidden_size=4).fit(NAMES[:30])
    recipe = FROM_RANDOM_WEIGHTS[0]._replace(dropout=0.0, batch_size=5)
    assert of_recipe(rnn) == recipe[1:-1]


def test_with_a_number_of_epochs_the_best_is_found_by_held_out_names() -> None:
    rnn = small(batch_size="auto").fit(NAMES)
    assert of_recipe(rnn) == (3, 4e-3, 0.4, "auto", 0.01, "one-cycle")
    assert rnn.settings_["validation_fraction"] == 0.1
    assert None not in rnn.history_["validation_loss"]


def test_patience_needs_names_held_out() -> None:
    rnn = CharRNN(hidden_size=4, patience=1, unknown="rare").fit(NAMES[:40])
    assert rnn.settings_["validation_fraction"] == 0.1
    assert rnn.settings_["max_epochs"] == FROM_RANDOM_WEIGHTS[0].max_epochs


@pytest.mark.parametrize(
    "settings",
    [{"cell": "gru"}, {"hidden_size": 8}, {"embedding_size": 8}, {"embedding_size": None}]
    + [{"base": None}],
)
def test_another_network_has_no_base(settings: dict[str, Any]) -> None:
    rnn = CharRNN(max_epochs=1, **settings).fit(NAMES[:10], validation=NAMES[:2])
    assert "base" not in rnn.settings_
    assert (
        rnn.settings_
        == CharRNN(**{"max_epochs": 1, "base": None} | settings)
        .fit(NAMES[:10], validation=NAMES[:2])
        .settings_
    )


def test_sizes_that_are_those_of_the_base_have_one() -> None:
    rnn = CharRNN(max_epochs=1, validation_fraction=0, embedding_size=64).fit(NAMES[:10])
    assert rnn.settings_["base"]


def test_names_in_another_script_have_no_base() -> None:
    short: dict[str, Any] = {"max_epochs": 1, "validation_fraction": 0}
    assert "base" not in CharRNN(**short).fit(GREEK).settings_
    assert "base" not in CharRNN(**short).fit([*GREEK, "anna", "maria"]).settings_
    assert "base" in CharRNN(**short).fit([*NAMES[:30], "Νίκος"]).settings_


def test_a_member_is_what_it_would_be_alone() -> None:
    names = NAMES[:30]
    ensemble = Ensemble(members=[CharRNN()], weights=[1], validation_fraction=0).fit(names)
    assert ensemble.members_[0].fingerprint() == CharRNN().fit(names).fingerprint()


@pytest.mark.parametrize("settings", [{}, {"hidden_size": 4}])
def test_going_on_means_what_auto_meant(tmp_path: Path, settings: dict[str, Any]) -> None:
    names = NAMES[:30]
    whole = CharRNN(**settings).fit(names)
    with ctrl_c_after(9):
        half = CharRNN(**settings).fit(names)
    half.save(tmp_path / "half")
    for each in (pickle.loads(pickle.dumps(half)), dinorc.load(tmp_path / "half"), half):
        assert each.get_params() == whole.get_params()
        assert each.resume(names).fingerprint() == whole.fingerprint()
    with refused(ValueError, "no training run to go on with"):
        whole.resume(names)


def test_a_constant_schedule_of_auto_epochs_goes_on_by_more() -> None:
    settings: dict[str, Any] = {"hidden_size": 4, "schedule": "constant"}
    epochs = FROM_RANDOM_WEIGHTS[0].max_epochs + 2
    shaped = dict(CharRNN(**settings).fit(NAMES).settings_, max_epochs=epochs)
    rnn = CharRNN(**settings).fit(NAMES).set_params(max_epochs=epochs).resume(NAMES)
    assert rnn.fingerprint() == CharRNN(**shaped).fit(NAMES).fingerprint()


# ---- the mean of weights over epochs ------------------------------------------------------------


def weights_at_ends(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> list[Array]:
    """Return the weights at the ends of epochs of the constant schedule."""
    ends: list[Array] = []
    finish = TrainingRun._finish_epoch

    def keeping(run: TrainingRun, n_jobs: int) -> bool:
        ends.append(run.network.flat.astype(np.float64))
        return finish(run, n_jobs)

    with monkeypatch.context() as patch:
        patch.setattr(TrainingRun, "_finish_epoch", keeping)
        small(**settings).fit(NAMES)
    return ends


@pytest.mark.parametrize("epochs", [1, 3, 4, 8])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_weights_are_the_mean_without_the_first_quarter(
    monkeypatch: pytest.MonkeyPatch, dtype: str, epochs: int
) -> None:
    settings: dict[str, Any] = {"max_epochs": epochs, "validation_fraction": 0, "dtype": dtype}
    ends = weights_at_ends(monkeypatch, schedule="constant", **settings)
    rnn = small(schedule="averaged", **settings).fit(NAMES)
    expected = np.mean(ends[epochs // 4 :], axis=0)
    flat = rnn._trained.predictor.flat  # type: ignore[union-attr]
    assert flat.dtype == dtype
    np.testing.assert_allclose(flat, expected, rtol=0, atol=1e-6 if dtype == "float32" else 1e-15)
    assert len(set(rnn.history_["learning_rate"])) == 1
    assert not rnn.resumable_


def test_validation_judges_the_mean_and_keeps_the_best() -> None:
    names, held_out = NAMES[::4], NAMES[1:40:4]
    settings: dict[str, Any] = {"max_epochs": 60, "dropout": 0, "learning_rate": 0.02}
    rnn = small(**AVERAGED | settings).fit(names, validation=held_out)
    losses = rnn.history_["validation_loss"]
    best = losses[rnn.best_epoch_ - 1]
    assert best == min(losses)
    assert rnn.best_epoch_ < len(losses)  # or the test shows nothing
    characters = sum(len(name) + 1 for name in held_out)
    assert best == pytest.approx(-rnn.score_samples(held_out).sum() / characters, rel=1e-6)


@pytest.mark.parametrize("fraction", [0, 0.1])
@pytest.mark.parametrize("batches", [1, 13, 30, 60, 90])
def test_an_interrupted_mean_goes_on(tmp_path: Path, batches: int, fraction: float) -> None:
    settings = AVERAGED | {"validation_fraction": fraction}
    whole = small(**settings).fit(NAMES)
    with ctrl_c_after(batches):
        half = small(**settings).fit(NAMES)
    assert half.interrupted_
    half.save(tmp_path / "half")
    for each in (pickle.loads(pickle.dumps(half)), dinorc.load(tmp_path / "half"), half):
        assert isinstance(each, CharRNN)
        assert each.resume(NAMES).fingerprint() == whole.fingerprint()
        assert without_seconds(each) == without_seconds(whole)


def test_threads_make_no_difference_to_the_mean() -> None:
    one, two = (small(n_jobs=n, **AVERAGED).fit(NAMES).fingerprint() for n in (1, 2))
    assert one == two


def test_cross_fitting_judges_the_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[TrainingRun] = []
    begin = TrainingRun.__init__

    def noting(run: TrainingRun, *arguments: Any, **more: Any) -> None:
        begin(run, *arguments, **more)
        runs.append(run)

    monkeypatch.setattr(TrainingRun, "__init__", noting)
    members = [small(**AVERAGED), CharRNN(hidden_size=3)]
    Ensemble(members=members, validation_fraction=0).fit(NAMES)
    assert len(runs) == 2 + 2 * 2
    for run in runs:
        assert run.record.kept is not None
        assert run.network.flat.tobytes() == run.record.kept.parameters.tobytes()
