"""NGram as users see it: learning, settings, what it says of itself, and bad input."""

from __future__ import annotations

import pickle
import signal
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

import dinorc
from dinorc import NGram, NotFittedError, datasets
from helpers import refused
from small_models import NAMES


@pytest.fixture(scope="module")
def ngram() -> NGram:
    return NGram().fit(NAMES)


def arrays(model: NGram) -> list[bytes]:
    return [array.tobytes() for array in model._require_trained().ngrams]


# ---- learning -----------------------------------------------------------------------------------


def test_it_knows_what_it_has_learned(ngram: NGram) -> None:
    assert ngram.training_names_ == tuple(sorted(NAMES))
    assert ngram.names_report_ is not None
    assert ngram.names_report_.names == len(NAMES)
    assert 2 <= ngram.order_ <= 8
    assert ngram.discounts_.shape == (ngram.order_, 3)
    assert (ngram.discounts_ > 0).all()
    assert (ngram.discounts_ <= [1, 2, 3]).all()
    assert ngram.n_ngrams_ > len(ngram.vocabulary_)
    assert ngram.settings_ == {"order": "auto"}
    assert ngram.seed_ == 0
    assert ngram.float_contract_version_ == dinorc.build_info()["float_contract_version"]
    assert ngram.interrupted_ is ngram.resumable_ is False


def test_names_held_out_are_likelier_than_under_a_network_of_the_same_list(ngram: NGram) -> None:
    held_out = datasets.load("dinos")[3::14]
    assert -ngram.score(held_out) < -NGram(order=1).fit(NAMES).score(held_out) - 5
    high, low = ngram.score_samples(["tricosaurus", "xqzvw"])
    assert high > low


def test_neither_the_order_of_the_list_nor_threads_change_a_bit(ngram: NGram) -> None:
    for other in (
        NGram(n_jobs=2).fit(NAMES[::-1]),
        NGram(n_jobs=1).fit(iter([name + "\r\n" for name in NAMES])),
        NGram().fit(np.array(NAMES)),
    ):
        assert other.fingerprint() == ngram.fingerprint()
        assert arrays(other) == arrays(ngram)
        assert other.sample(300) == ngram.sample(300)
        assert other.score_samples(NAMES).tolist() == ngram.score_samples(NAMES).tolist()


def test_copies_count() -> None:
    names = ["anna", "berta", "carla"]
    once, thrice = NGram(order=3).fit(names), NGram(order=3).fit([*names, "anna", "anna"])
    assert thrice.score(["anna"]) > once.score(["anna"]) + 0.3
    assert thrice.training_names_ == once.training_names_
    assert thrice.fingerprint() != once.fingerprint()


def test_the_seed_decides_what_is_held_out() -> None:
    one, other = NGram(random_state=1).fit(NAMES), NGram(random_state=2).fit(NAMES)
    assert one.order_losses_ != other.order_losses_
    assert one.fingerprint() != other.fingerprint()
    assert one.sample(3, seed=7) != one.sample(3)
    fresh = NGram(random_state=None).fit(NAMES)
    assert NGram(random_state=fresh.seed_).fit(NAMES).fingerprint() == fresh.fingerprint()


def test_the_fingerprint_tells_models_apart(ngram: NGram) -> None:
    others = [
        NGram(order=ngram.order_).fit(NAMES),  # the same numbers, by another setting
        NGram(order=3).fit(NAMES),
        NGram().fit(NAMES[:-1]),
        NGram().fit([name.upper() for name in NAMES]),
        NGram(random_state=1).fit(NAMES),
    ]
    fingerprints = {model.fingerprint() for model in [ngram, *others]}
    assert len(fingerprints) == len(others) + 1
    assert NGram(unknown="rare", n_jobs=1).fit(NAMES).fingerprint() == ngram.fingerprint()


def test_it_generates_and_judges(ngram: NGram) -> None:
    names = ngram.generate(20, prefix="a", max_length=9)
    assert len(names) == 20
    assert not set(names) & set(NAMES)
    assert names.log_probabilities.tolist() == ngram.score_samples(names).tolist()
    likeliest = ngram.most_likely(5)
    assert likeliest.log_probabilities.tolist() == ngram.score_samples(likeliest).tolist()
    assert (np.diff(likeliest.log_probabilities) <= 0).all()
    judge = NGram().fit(NAMES).calibrate(datasets.load("dinos")[3::14])
    assert judge.predict(["tricosaurus", "xqzvw"]).tolist() == [1, -1]
    copy = pickle.loads(pickle.dumps(judge))
    assert copy.threshold_ == judge.threshold_


def test_characters_that_it_has_not_seen_have_the_score_that_unknown_says(ngram: NGram) -> None:
    model = pickle.loads(pickle.dumps(ngram)).set_params(unknown="error")
    with refused(ValueError, "'Z' at position 0", "set_params"):
        model.score(["Zara"])
    model.set_params(unknown="impossible")
    assert model.score_samples(["aZb"]).tolist() == [-np.inf]
    model.set_params(unknown="rare")
    after_unknown = model.score_chars("aZb")
    assert after_unknown[1] == -13.815510557964274
    assert np.isfinite(after_unknown).all()


# ---- as scikit-learn and pickle want it ---------------------------------------------------------


def test_scikit_learn_can_copy_and_search() -> None:
    model = NGram(order=3, unknown="impossible", n_jobs=1, random_state=4)
    assert clone(model).get_params() == model.get_params()
    assert repr(model) == "NGram(order=3, unknown='impossible', n_jobs=1, random_state=4)"
    search = GridSearchCV(NGram(unknown="rare"), {"order": [1, 2, 4]}, cv=3, error_score="raise")
    search.fit(NAMES)
    assert search.best_params_ == {"order": 4}
    assert search.best_estimator_.order_ == 4


def test_a_pickle_is_the_same_model(ngram: NGram) -> None:
    copy = pickle.loads(pickle.dumps(ngram))
    assert arrays(copy) == arrays(ngram)
    assert copy.fingerprint() == ngram.fingerprint()
    assert copy.order_losses_ == ngram.order_losses_
    assert copy.get_params() == ngram.get_params()
    assert copy.sample(20) == ngram.sample(20)
    blank = pickle.loads(pickle.dumps(NGram(order=2)))
    with pytest.raises(NotFittedError, match="this NGram has not learned"):
        blank.sample(1)


def test_its_arrays_can_not_be_changed(ngram: NGram) -> None:
    for model in (ngram, pickle.loads(pickle.dumps(ngram))):
        with pytest.raises(ValueError, match="read-only"):
            model.discounts_[0, 0] = 0.5


# ---- lists at the edge --------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["auto", 1, 2, 16])
@pytest.mark.parametrize(
    "names",
    [
        ["a"],
        ["anna"],
        ["a", "aa", "aaa"],
        ["a"] * 50,
        ["anna"] * 50,
        ["\U0001f996"],
        list("abcdefghijklmnopqrstuvwxyz"),
        ["x" * 1000, "y" * 1000],
        ["ab", "ba"],
    ],
    ids=lambda names: f"{names[0][:5]} {len(names)}",
)
def test_lists_at_the_edge(names: list[str], order: int | str) -> None:
    model = NGram(order=order).fit(names)
    assert np.isfinite(model.score_samples(names)).all()
    for prefix in ("", names[0][:1], names[0], names[0] * 2 if len(names[0]) < 500 else ""):
        total = np.exp(model.next_char_log_probabilities(prefix)).sum()
        assert abs(total - 1) < 1e-12
    assert len(model.sample(10)) == 10
    copy = pickle.loads(pickle.dumps(model))
    assert copy.fingerprint() == model.fingerprint()
    assert model.most_likely(1)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs the signals of Unix")
def test_ctrl_c_leaves_the_model_as_it_was() -> None:
    many = list(filter(None, NGram(order=4, n_jobs=1).fit(NAMES).sample(200_000)))
    model = NGram(order=2).fit(NAMES)
    before = model.fingerprint()
    old = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        for seconds in (0.02, 0.1, 0.3):  # while names are cleaned, and while they are counted
            with pytest.raises(KeyboardInterrupt):
                signal.setitimer(signal.ITIMER_REAL, seconds)
                model.fit(many)
            assert model.fingerprint() == before
    finally:
        signal.signal(signal.SIGALRM, old)


# ---- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "error"),
    [
        (0, ValueError),
        (17, ValueError),
        (100, ValueError),
        (-3, ValueError),
        (10**30, ValueError),
        (True, TypeError),
        (2.0, TypeError),
        ("5", TypeError),
        ("Auto", TypeError),
        (None, TypeError),
        ([2, 3], TypeError),
    ],
)
def test_an_order_that_is_not_right_is_refused(order: Any, error: type[Exception]) -> None:
    with refused(error, "^order is ", "expected (1 to 16|an integer)", ", or 'auto'$"):
        NGram(order=order)
    model = NGram(order=2).fit(NAMES)
    before = model.fingerprint()
    with refused(error, "^order is "):
        model.set_params(order=order, unknown="rare")
    assert model.get_params() == NGram(order=2).get_params()
    model.order = order
    with refused(error, "^order is "):
        model.fit(["other", "names"])
    assert model.fingerprint() == before


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"unknown": "ignore"}, ValueError),
        ({"n_jobs": 0}, ValueError),
        ({"random_state": -1}, ValueError),
        ({"random_state": 1.5}, TypeError),
        ({"cell": "lstm"}, TypeError),
    ],
)
def test_other_settings_are_checked(settings: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error, match=next(iter(settings))):
        NGram(**settings)


@pytest.mark.parametrize(
    ("names", "error", "message"),
    [
        ([], ValueError, "names has no names"),
        ("anna", TypeError, "expected a list of names"),
        ([1], TypeError, r"names\[0\] is 1"),
        (["a\tb"], ValueError, "control character"),
        (["a" * 1001], ValueError, "1,001 characters"),
        (None, TypeError, "expected a list of names"),
    ],
)
def test_lists_that_are_not_right_leave_the_model_as_it_was(
    names: Any, error: type[Exception], message: str
) -> None:
    model = NGram(order=2).fit(NAMES)
    before = pickle.dumps(model)
    with refused(error, message):
        model.fit(names)
    assert pickle.dumps(model) == before


@pytest.mark.parametrize(
    "ask",
    [
        lambda model: model.order_,
        lambda model: model.order_losses_,
        lambda model: model.n_ngrams_,
        lambda model: model.discounts_,
        lambda model: model.settings_,
        lambda model: model.interrupted_,
        lambda model: model.resumable_,
        lambda model: model.fingerprint(),
    ],
)
def test_before_fit_there_is_nothing_to_tell(ask: Callable[[NGram], object]) -> None:
    with pytest.raises(NotFittedError, match=r"call fit\(names\) first"):
        ask(NGram())
