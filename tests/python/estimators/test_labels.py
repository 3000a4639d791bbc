"""Names of a kind: models fitted with labels, against what they do with each label alone."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dinorc
from dinorc import CharRNN, Ensemble, NGram
from dinorc.errors import NotFittedError
from helpers import is_refused
from model_files import ctrl_c_after
from small_models import NAMES, small, small_ensemble

LABELS = ["early" if name < "m" else "late" for name in NAMES]
PAIRS = {"ab": "one", "ba": "one", "aab": "one", "cd": "two", "dc": "two", "ddc": "two"}


def _direct() -> CharRNN:
    return small(embedding_size=None, cell="gru", dtype="float64", max_epochs=40)


MODELS: dict[str, Callable[[], Any]] = {
    "network": lambda: small(max_epochs=40, learning_rate=0.02),
    "direct network": _direct,
    "ngram": NGram,
    "ensemble": lambda: small_ensemble(members=[small(max_epochs=20), NGram()]),
}


@pytest.fixture(scope="module", params=MODELS)
def model(request: pytest.FixtureRequest) -> Any:
    """Return a model of each kind, fitted with labels."""
    return MODELS[request.param]().fit(NAMES, labels=LABELS)


def test_the_labels_are_known(model: Any) -> None:
    assert model.labels_ == ("early", "late")
    assert model.training_names_ == tuple(sorted(set(NAMES)))
    assert NGram().fit(NAMES).labels_ == ()


def test_each_label_has_names_of_its_own(model: Any) -> None:
    early, late = (
        np.mean([name < "m" for name in model.sample(300, seed=1, label=label)])
        for label in model.labels_
    )
    assert early > late + 0.1


def test_the_probability_of_a_name_is_the_mean_over_labels_by_their_shares(model: Any) -> None:
    names = ["rex", "tyrannosaurus", "xqz"]
    shares = np.array([LABELS.count(label) / len(LABELS) for label in model.labels_])
    of_labels = np.exp([model.score_samples(names, label=label) for label in model.labels_])
    np.testing.assert_allclose(np.exp(model.score_samples(names)), shares @ of_labels, rtol=1e-5)
    characters = [model.score_chars(name) for name in names]
    np.testing.assert_allclose(
        [each.sum() for each in characters], model.score_samples(names), rtol=1e-12
    )


def test_a_label_for_each_name(model: Any) -> None:
    names = ["rex", "tyrannosaurus", "rex", "yi"]
    labels = ["late", "early", "early", "late"]
    one_by_one = [
        model.score_samples([name], label=label)[0]
        for name, label in zip(names, labels, strict=True)
    ]
    assert model.score_samples(names, label=labels).tolist() == one_by_one
    assert model.score(names, label=labels) == pytest.approx(np.mean(one_by_one))
    assert model.perplexity(names, label=labels) > 1


def test_label_probabilities_are_those_of_bayes(model: Any) -> None:
    names = ["rex", "tyrannosaurus", "x?z", "yi"]
    probabilities = model.label_probabilities(names)
    assert probabilities.shape == (4, 2)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-12)
    shares = np.array([LABELS.count(label) / len(LABELS) for label in model.labels_])
    joint = shares * np.exp(
        np.column_stack([model.score_samples(names, label=label) for label in model.labels_])
    )
    expected = joint / joint.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(probabilities, expected, rtol=1e-9)
    best = [model.labels_[row.argmax()] for row in probabilities]
    assert model.predict_label(names).tolist() == best
    assert model.label_probabilities([]).shape == (0, 2)
    assert model.predict_label([]).tolist() == []


def test_most_training_names_are_told_apart(model: Any) -> None:
    assert np.mean(model.predict_label(NAMES) == np.array(LABELS)) > 0.7


def test_everything_that_draws_and_searches_takes_a_label(model: Any) -> None:
    for label in (*model.labels_, None):
        names = model.generate(5, seed=3, label=label, suffix="us")
        scores = model.score_samples(names, label=label)
        assert names.log_probabilities.tolist() == scores.tolist()
        likeliest = model.most_likely(3, label=label, max_length=5)
        assert likeliest.log_probabilities.tolist() == (
            model.score_samples(likeliest, label=label).tolist()
        )
        assert 0 < model.probability_of(label=label, min_length=10, budget=500).probability < 1
        of_first = np.exp(model.next_char_log_probabilities(label=label)).sum()
        assert of_first == pytest.approx(1)
    early, late = (
        model.probability_of(label=label, pattern="[a-l].*", budget=2000).probability
        for label in model.labels_
    )
    assert early > late + 0.1


def test_judging_within_a_label(model: Any) -> None:
    early = [name for name, label in zip(NAMES, LABELS, strict=True) if label == "early"]
    with pytest.warns(UserWarning, match="are among those that fit was given"):
        model.calibrate(early, 0.2, label="early")
    assert np.mean(model.predict(early, label="early") == -1) == pytest.approx(0.2, abs=0.1)
    with pytest.raises(NotFittedError, match="label 'late' by; call calibrate"):
        model.predict(early, label="late")
    with pytest.raises(NotFittedError, match="no threshold"):
        model.predict(early)
    restored = pickle.loads(pickle.dumps(model))
    assert (restored.predict(NAMES, label="early") == model.predict(NAMES, label="early")).all()


def test_a_file_keeps_labels(model: Any, tmp_path: Path) -> None:
    model.save(tmp_path / "model")
    loaded = dinorc.load(tmp_path / "model")
    assert loaded.labels_ == model.labels_
    assert loaded.fingerprint() == model.fingerprint()
    for label in ("early", None):
        expected = model.score_samples(NAMES, label=label)
        assert (loaded.score_samples(NAMES, label=label) == expected).all()
    loaded.save(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == (tmp_path / "model").read_bytes()


@pytest.mark.parametrize("kind", MODELS)
def test_the_order_of_the_list_makes_no_difference(kind: str) -> None:
    one = MODELS[kind]().fit(NAMES, labels=LABELS)
    two = MODELS[kind]().set_params(n_jobs=1).fit(NAMES[::-1], labels=LABELS[::-1])
    other = MODELS[kind]().fit(NAMES, labels=[*LABELS[1:], LABELS[0]])
    assert one.fingerprint() == two.fingerprint() != other.fingerprint()


@pytest.mark.parametrize("kind", MODELS)
def test_two_languages_are_learned_apart(kind: str) -> None:
    names = [name * repeats for name in PAIRS for repeats in (1, 2, 3, 4)]
    labels = [label for label in PAIRS.values() for _ in range(4)]
    model = MODELS[kind]().fit(names, labels=labels)
    assert model.predict_label(["abab", "cdcd"]).tolist() == ["one", "two"]


def test_a_name_may_have_several_labels() -> None:
    ngram = NGram().fit(["kim", "kim", "anna"], labels=["boy", "girl", "girl"])
    assert ngram.training_names_ == ("anna", "kim")
    boy, girl = ngram.label_probabilities(["kim"])[0]
    assert boy > 0.3
    assert girl > 0.1


def test_a_single_label() -> None:
    ngram = NGram().fit(["kim", "anna"], labels=["all", "all"])
    np.testing.assert_array_equal(ngram.label_probabilities(["kim"]), [[1.0]])
    np.testing.assert_allclose(
        ngram.score_samples(["kim"]), ngram.score_samples(["kim"], label="all"), rtol=1e-12
    )


def test_labels_are_cleaned_and_go_with_their_names_past_blank_lines() -> None:
    ngram = NGram().fit(["kim\n", "\n", "anna"], labels=["boy ", "x", "Zoe\u0308"])
    assert ngram.labels_ == ("Zo\u00eb", "boy")
    assert ngram.predict_label(["anna"]).tolist() == ["Zo\u00eb"]


@pytest.mark.parametrize(
    ("labels", "error", "mentions"),
    [
        (["a"], ValueError, "labels has 1 items, and there are 198 names; expected one for each"),
        ("girl", TypeError, "labels is 'girl' (str); expected a list"),
        ([1] * 198, TypeError, "labels[0] is 1 (int); expected a str"),
        (["a"] * 197 + [None], TypeError, "[197] is None (NoneType); expected a str, and no miss"),
        (["a"] * 197 + [" "], ValueError, "labels[197] is ' '; expected at least one character"),
        (["a\nb"] * 198, ValueError, "labels[0] has a line end"),
    ],
)
def test_wrong_labels_are_refused_and_change_nothing(
    labels: Any, error: type[Exception], mentions: str
) -> None:
    for make in MODELS.values():
        model = make()
        is_refused(lambda model=model: model.fit(NAMES, labels=labels), error, mentions)
        assert not model.__sklearn_is_fitted__()


def test_too_many_labels_are_refused() -> None:
    names = [f"{i}" for i in range(1001)]
    is_refused(
        lambda: NGram().fit(names, labels=names),
        ValueError,
        "labels has 1,001 different labels; expected at most 1,000",
    )


def test_wrong_labels_of_a_fitted_model(model: Any) -> None:
    for ask in (
        lambda: model.sample(1, label="girl"),
        lambda: model.generate(1, label="girl"),
        lambda: model.most_likely(1, label="girl"),
        lambda: model.score_samples(["rex"], label="girl"),
        lambda: model.score_samples(["rex"], label=["girl"]),
        lambda: model.score_chars("rex", label="girl"),
        lambda: model.next_char_log_probabilities(label="girl"),
        lambda: model.predict(["rex"], label="girl"),
        lambda: model.calibrate(NAMES, 0.1, label="girl"),
    ):
        is_refused(ask, ValueError, "label is 'girl'; expected one of 'early', 'late'")
    is_refused(
        lambda: model.score_samples(["rex"], label=["early", "late"]),
        ValueError,
        "label has 2 items, and there are 1 names",
    )
    is_refused(lambda: model.score_samples(["rex"], label=[7]), TypeError, "label[0] is 7 (int)")
    is_refused(
        lambda: model.score_samples(["rex"], label=7), TypeError, "7 (int); expected a label, or a"
    )
    for ask_for in (model.sample, model.generate, model.most_likely):
        is_refused(
            lambda ask_for=ask_for: ask_for(1, label=["early", "late"]),
            TypeError,
            "label is a list; expected a single label, a str",
        )


def test_a_model_without_labels_says_so() -> None:
    ngram = NGram().fit(NAMES)
    is_refused(lambda: ngram.sample(1, label="girl"), ValueError, "the model knows none")
    is_refused(lambda: ngram.predict_label(["rex"]), ValueError, "the model knows no labels")
    is_refused(lambda: ngram.label_probabilities(["rex"]), ValueError, "the model knows no labels")


def test_validation_names_have_labels_too() -> None:
    rnn = small().fit(
        NAMES[20:], labels=LABELS[20:], validation=NAMES[:20], validation_labels=LABELS[:20]
    )
    assert rnn.history_["validation_loss"][-1] is not None
    for lists in (
        {"validation": NAMES[:5]},
        {"validation_labels": LABELS[:5]},
    ):
        is_refused(
            lambda lists=lists: small().fit(NAMES, labels=LABELS, **lists),
            ValueError,
            "validation_labels",
        )
    is_refused(
        lambda: small().fit(NAMES, labels=LABELS, validation=["yi"], validation_labels=["tiny"]),
        ValueError,
        "validation_labels has 'tiny', but labels lacks it",
    )


def test_the_validation_loss_is_that_of_names_under_their_labels() -> None:
    rnn = small(max_epochs=1).fit(
        NAMES[20:], labels=LABELS[20:], validation=NAMES[:20], validation_labels=LABELS[:20]
    )
    characters = sum(len(name) + 1 for name in NAMES[:20])
    scores = rnn.score_samples(NAMES[:20], label=LABELS[:20])
    assert rnn.history_["validation_loss"] == [pytest.approx(-scores.sum() / characters, rel=1e-12)]


def test_resume_with_labels_ends_with_the_same_bits() -> None:
    settings: dict[str, Any] = {"max_epochs": 6, "validation_fraction": 0.1}
    whole = small(**settings).fit(NAMES, labels=LABELS)
    rnn = small(**settings)
    advice = r"resume\(names, labels=labels\) goes on"
    with ctrl_c_after(2), pytest.warns(dinorc.errors.TrainingInterruptedWarning, match=advice):
        rnn.fit(NAMES, labels=LABELS)
    for labels, message in (
        (None, "labels is not given, and was in fit; expected the same lists"),
        (["tiny", *LABELS[1:]], "labels has 'tiny', which it did not have in fit"),
        (LABELS[::-1], "which label each has or how often each comes, by copies or counts, is"),
    ):
        is_refused(lambda labels=labels: rnn.resume(NAMES, labels=labels), ValueError, message)
    assert rnn.resume(NAMES, labels=LABELS).fingerprint() == whole.fingerprint()


def test_members_of_an_ensemble_have_the_same_labels() -> None:
    labelled, plain = NGram().fit(NAMES, labels=LABELS), NGram().fit(NAMES)
    is_refused(
        lambda: Ensemble.of([labelled, plain]),
        ValueError,
        "models[1] has other labels than models[0]: none, where there are 'early', 'late'",
    )
    is_refused(
        lambda: Ensemble(members=[plain, NGram()]).fit(NAMES, labels=LABELS),
        ValueError,
        "members[0] has other labels than the list",
    )
    both = Ensemble.of([labelled, labelled], [1, 3])
    np.testing.assert_allclose(
        both.score_samples(NAMES, label=LABELS),
        labelled.score_samples(NAMES, label=LABELS),
        rtol=1e-9,
    )


def test_a_base_lends_its_beginning_to_new_labels_and_its_labels_to_the_same_ones() -> None:
    settings: dict[str, Any] = {"max_epochs": 1, "validation_fraction": 0, "learning_rate": 1e-30}
    plain = small(**settings).fit(NAMES)
    drawn = small(**settings).fit(NAMES, labels=LABELS).parameters_["embedding"]
    labelled = small(**settings, base=plain).fit(NAMES, labels=LABELS)
    base, rows = plain.parameters_["embedding"], labelled.parameters_["embedding"]
    np.testing.assert_allclose(rows[len(base) :], base[0] + drawn[len(base) :], rtol=1e-6)
    np.testing.assert_array_equal(rows[: len(base)], base)
    trained = small(validation_fraction=0).fit(NAMES, labels=LABELS)
    again = small(**settings, base=trained).fit(NAMES, labels=LABELS)
    assert (
        again.score_samples(NAMES[:9], label="early")
        == trained.score_samples(NAMES[:9], label="early")
    ).all()
    unlabelled = small(**settings, base=trained).fit(NAMES)
    np.testing.assert_allclose(
        unlabelled.score_samples(NAMES[:9]), trained.score_samples(NAMES[:9], label="early")
    )


def test_hidden_states_need_a_label() -> None:
    rnn = small().fit(NAMES, labels=LABELS)
    assert rnn.hidden_states("rex", label="late").shape == (4, 8)
    assert (rnn.hidden_states("", label="late") != rnn.hidden_states("", label="early")).any()
    is_refused(
        lambda: rnn.hidden_states("rex"), ValueError, "label is None; expected one of 'early'"
    )


def test_the_notebook_has_no_labels() -> None:
    rnn = small(cell="rnn", embedding_size=None).fit(NAMES, labels=LABELS)
    is_refused(rnn.to_notebook, ValueError, "labels")


@pytest.mark.parametrize("few", [1, 2])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_label_of_few_names_may_be_missing_from_a_part_of_the_list(few: int, seed: int) -> None:
    labels = ["rare"] * few + ["usual"] * (len(NAMES) - few)
    for ensemble in (
        small_ensemble(members=[small(), NGram()], random_state=seed),
        small_ensemble(members=[small(), NGram()], validation_fraction=0.1, random_state=seed),
    ):
        ensemble.fit(NAMES, labels=labels)
        assert ensemble.label_probabilities(["rex"]).sum() == pytest.approx(1)
    assert len(NGram(random_state=seed).fit(NAMES, labels=labels).sample(5, label="rare")) == 5


@pytest.mark.parametrize("kind", ["ngram", "network"])
def test_a_file_of_a_thousand_labels_is_read_again(kind: str, tmp_path: Path) -> None:
    labels = [f"label {i:03} {'é' * 80}" for i in range(1000)]
    names = [f"{first}{second}" for first in NAMES[:100] for second in "abcdefghij"]
    model = NGram(order=2) if kind == "ngram" else small(max_epochs=1, validation_fraction=0)
    model.fit(names, labels=labels)
    model.save(tmp_path / "many")
    assert dinorc.load(tmp_path / "many").fingerprint() == model.fingerprint()


def test_labels_are_told_without_regard_to_case_if_the_model_folds() -> None:
    for model in (NGram(case="fold"), small(case="fold", validation_fraction=0)):
        model.fit(["Anna", "Emma", "Otto", "Bruno"] * 5, labels=["f", "f", "m", "m"] * 5)
        upper, lower = model.label_probabilities(["ANNA", "anna"]).tolist()
        assert upper == lower


def test_a_label_is_asked_for_as_it_was_given() -> None:
    ngram = NGram().fit(["anna", "otto"] * 9, labels=["Zoe\u0308", "m"] * 9)
    assert ngram.sample(3, label="Zo\u00eb") == ngram.sample(3, label=" Zoe\u0308")
    with pytest.warns(UserWarning, match="are among those"):
        ngram.calibrate(["anna", "otto"], 0.4, label="Zoe\u0308 ")
    assert list(ngram.label_thresholds_) == ["Zo\u00eb"]
    assert ngram.predict(["anna"], label="Zoe\u0308").tolist() == [1]
    is_refused(lambda: ngram.sample(1, label=7), TypeError, "label is 7 (int)")  # type: ignore[arg-type]
    is_refused(
        lambda: NGram().fit(["a"], labels=["x" * 101]), ValueError, "labels[0] has 101 characters"
    )
